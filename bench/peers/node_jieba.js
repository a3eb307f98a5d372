// node_jieba.js TREE FILE [hmm]: @node-rs/jieba, installed in TREE, over the lines of FILE; the best of three
// rounds. The words come back as strings of JavaScript, as its users get them.
const fs = require("fs");
const path = require("path");

const [tree, file, way] = process.argv.slice(2);
const folder = path.resolve(tree, "node_modules/@node-rs/jieba");
const begin = process.hrtime.bigint();
const seconds = (since) => Number(process.hrtime.bigint() - since) / 1e9;
const { Jieba } = require(folder);
const { dict } = require(path.join(folder, "dict.js"));
const jieba = Jieba.withDict(dict);
jieba.cut("准备", true);
const ready = seconds(begin);
const lines = fs.readFileSync(file, "utf8").split("\n").filter((line) => line !== "");
const size = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) / 1e6;
let best = Infinity, words = 0;
for (let round = 0; round < 3; ++round) {
  const start = process.hrtime.bigint();
  words = 0;
  for (const line of lines) words += jieba.cut(line, way === "hmm").length;
  best = Math.min(best, seconds(start));
}
const resident = process.resourceUsage().maxRSS / 1024;
console.log(`${("@node-rs/jieba" + (way === "hmm" ? " (HMM)" : "")).padEnd(28)} ${(size / best).toFixed(1).padStart(7)} MB/s` +
  `  ${String(words).padStart(9)} words  ready in ${(ready * 1e3).toFixed(0).padStart(5)} ms` +
  `  ${resident.toFixed(0).padStart(6)} MB resident, ${size.toFixed(0)} of them the text`);
