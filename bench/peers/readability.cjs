// node readability.cjs NODE_MODULES FOLDER: @mozilla/readability on linkedom over every page of the folder, for
// eight seconds of CPU time; prints pages a second. Started by bench/extract_peers.py.
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const installed = createRequire(path.join(process.argv[2], 'x.js'));
const { Readability } = installed('@mozilla/readability');
const { parseHTML } = installed('linkedom');

const folder = process.argv[3];
const pages = fs.readdirSync(folder).map((name) => {
  const bytes = fs.readFileSync(path.join(folder, name));
  const gbk = /charset=["']?gb/i.test(bytes.subarray(0, 8192).toString('latin1'));
  return new TextDecoder(gbk ? 'gb18030' : 'utf-8').decode(bytes);
});
const seconds = () => {
  const usage = process.cpuUsage();
  return (usage.user + usage.system) / 1e6;
};
const read = (html) => {
  try {
    new Readability(parseHTML(html).document).parse();
  } catch {
    // a page that it cannot read counts as read
  }
};
pages.forEach(read); // warm
const begin = seconds();
let done = 0;
while (seconds() - begin < 8) {
  for (const html of pages) read(html);
  done += pages.length;
}
console.log((done / (seconds() - begin)).toFixed(2));
