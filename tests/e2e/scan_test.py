"""scan_test.py BINARY COUNT BIG_MIB: a folder of texts with every kind of trouble in it. Each trouble is named,
the rest is scanned, and every offset cuts the matched text out of the file."""
import json
import os
import pathlib
import sys
import tempfile

from town import expect, run

COUNT, BIG = int(sys.argv[2]), int(sys.argv[3])
folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-scan-"))
pieces = ["今天天气不错，公园里人很多。", "望山路小学食堂今天出现食物中毒，十几个孩子在医院。", "家长反映學校食堂飯菜變質，希望處理。",
          "课后服务费又涨了，没有人说明原因。", "😀 emoji 与 Latin mixed 文本，ＡＢＣ全角。"]
for i in range(COUNT):
    sub = folder / f"d{i % 10}"
    sub.mkdir(exist_ok=True)
    (sub / f"t{i}.txt").write_text("".join(pieces[(i + k) % len(pieces)] + "\n" for k in range(4)), encoding="utf-8")
(folder / "broken.txt").write_bytes("前面正常。\n".encode() + b"\xff\xfe\xe4\xb8" + "食堂出现食物中毒的学生。\n".encode())
(folder / "gbk.txt").write_bytes("同学们说食堂出现食物中毒，家长很着急。\n学校没有回应。\n".encode("gb18030"))
(folder / "binary.bin").write_bytes(b"\x00\x01\x02" * 4000)
(folder / "loop").symlink_to(folder)
(folder / "nowhere").symlink_to(folder / "nowhere")
(folder / "fifo").unlink(missing_ok=True)
os.mkfifo(folder / "fifo")
with open(folder / "big.txt", "wb") as big:
    line = "无关的一行文字，只为占地方。".encode() + b"\n"
    for _ in range(BIG * 1024 * 1024 // len(line)):
        big.write(line)
    big.write("最后一行说食堂出现食物中毒。\n".encode())

done = run("scan", "--json", "--query", "食物中毒 OR ~变质", str(folder), str(folder / "missing"), timeout=300)
for name in ("broken.txt", "binary.bin", "loop", "nowhere", "fifo", "missing", "gbk.txt"):
    expect(name in done.stderr, f"nothing was said of {name}:\n{done.stderr}")
expect(done.returncode == 3, f"exit {done.returncode}: a target was missing")
hits = [json.loads(line) for line in done.stdout.splitlines()]
files = {}
for hit in hits:
    data = files.setdefault(hit["file"], pathlib.Path(hit["file"]).read_bytes())
    encoding = "gb18030" if hit["file"].endswith("gbk.txt") else "utf-8"
    cut = data[hit["begin"]:hit["end"]].decode(encoding)
    expect(cut == hit["text"], f"{hit['file']} [{hit['begin']},{hit['end']}) is {cut!r}, not {hit['text']!r}")
    sentence = data[hit["sentence_begin"]:hit["sentence_end"]]
    expect(hit["text"].encode(encoding) in sentence, f"{hit['file']}: the sentence does not hold the hit")
names = {pathlib.Path(f).name for f in files}
for name in ("broken.txt", "gbk.txt", "big.txt"):
    expect(name in names, f"no hit in {name}")
expected = sum(1 for i in range(COUNT) for k in range(4) if (i + k) % len(pieces) in (1, 2))
found = sum(1 for h in hits if pathlib.Path(h["file"]).name.startswith("t"))
expect(found == expected, f"{found} hits in the plain texts, {expected} expected")
expect(run("scan", "--query", "绝不会出现的词", str(folder / "d0")).returncode == 1, "nothing found must exit 1")
wrong = run("scan", "--query", "食堂 AND (", str(folder / "d0"))
expect(wrong.returncode == 2 and wrong.stderr.strip(), f"a wrong query must exit 2: {wrong.returncode} {wrong.stderr}")
print(f"scan: {len(hits)} hits in {len(files)} files, every offset exact")
