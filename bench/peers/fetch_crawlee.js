// fetch_crawlee.js PREFIX PAGES AT_ONCE: fetches PREFIX0 … with crawlee's HttpCrawler, its leanest. NODE_PATH
// leads to the folder into which crawlee was installed.
const { Configuration, HttpCrawler, log } = require("crawlee");

const [prefix, pages, atOnce] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
log.setLevel(log.LEVELS.OFF);
let got = 0, bytes = 0;
const crawler = new HttpCrawler({
  minConcurrency: atOnce, maxConcurrency: atOnce, maxRequestRetries: 0, useSessionPool: false,
  requestHandler({ body }) { got += 1; bytes += body.length; },
}, new Configuration({ persistStorage: false }));
(async () => {
  const requests = Array.from({ length: pages }, (_, i) => prefix + i);
  const begin = performance.now();
  await crawler.run(requests);
  console.log(got, bytes, (performance.now() - begin) / 1000);
})();
