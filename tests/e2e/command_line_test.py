"""command_line_test.py BINARY: every command has help with an example, and the small ones do what they say."""
import json
import pathlib
import tempfile

from town import ROOT, expect, run

commands = ["init", "run", "demo", "scan", "crawl", "fetch", "extract", "segment", "rules check", "rules test", "rules explain", "rules list", "rules coverage", "rules suggest",
            "search", "stories list", "stories show", "warnings list", "warnings show", "warnings ack", "warnings assign", "warnings respond",
            "warnings close", "warnings dismiss", "warnings reopen", "warnings comment", "warnings confirm", "replay", "digest", "export",
            "import", "doctor", "train", "classify"]
for command in commands:
    done = run(*command.split(), "--help")
    expect(done.returncode == 0 and "Example:" in done.stdout, f"{command} --help: {done.stdout}{done.stderr}")
expect(run("--version").stdout.startswith("tingchao "), "--version")
expect(run().returncode == 2, "no command must exit 2")

folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-cli-"))
expect(run("init", str(folder / "b")).returncode == 0, "init")
expect(run("init", str(folder / "b")).returncode == 2, "init must not overwrite")
config = str(folder / "b/tingchao.yaml")
expect(run("run", "--check", "-c", config).returncode == 0, f"the written configuration: {run('run', '--check', '-c', config).stderr}")
doctor = run("doctor", "--offline", "-c", config)
expect(doctor.returncode == 0 and "✗" not in doctor.stdout, f"doctor: {doctor.stdout}{doctor.stderr}")

words = run("segment", input="食品安全进校园，Hello 2026！\n学校服务\n\n")
expect(words.stdout.replace(" ", "") == "食品安全进校园，Hello2026！\n学校服务\n\n", f"segment altered the text: {words.stdout!r}")
offsets = json.loads(run("segment", "--offsets", input="食品安全\n").stdout)
expect(all("食品安全".encode()[b:e].decode() == w for w, b, e in offsets), f"segment --offsets: {offsets}")

page = "<html><head><title>关于食堂的通报_某网</title></head><body><h1>关于食堂的通报</h1><p>" + "学校食堂今天停止供餐，检验结果将及时公布。" * 8 + "</p></body></html>"
document = json.loads(run("extract", "--url", "http://a.example/1.html", "--json", "-", input=page).stdout)
expect("停止供餐" in document["text"] and document["title"] == "关于食堂的通报", f"extract: {document}")

tested = run("rules", "test")
expect(tested.returncode == 0 and "all hold" in tested.stdout, f"rules test: {tested.stdout[-2000:]}{tested.stderr}")
expect(run("rules", "check").returncode == 0, "rules check")
rules = [json.loads(line) for line in run("rules", "list", "--json").stdout.splitlines()]
expect(len(rules) >= 60, f"{len(rules)} rules")
explained = run("rules", "explain", "望山路小学食堂出现食物中毒，多名学生送医", "--rule", rules[0]["id"])
expect("✓" in explained.stdout or "✗" in explained.stdout, f"explain: {explained.stdout}{explained.stderr}")
expect(run("rules", "explain", "x", "--rule", "no-such-rule").returncode == 3, "an unknown rule")

line = {"url": "http://a.example/1", "title": "某小学食堂吃出虫子", "text": "家长说孩子在学校食堂吃出虫子。电话13812345678。", "published_at": "2026-04-01T10:00:00+08:00",
        "source": "forum", "kind": "forum", "views": 5}
(folder / "h.jsonl").write_text(json.dumps(line, ensure_ascii=False) + "\nbroken\n", encoding="utf-8")
imported = run("import", str(folder / "h.jsonl"), "-c", config)
expect("1 documents new" in imported.stdout and "h.jsonl:2" in imported.stderr, f"import: {imported.stdout}{imported.stderr}")
expect("0 documents new" in run("import", str(folder / "h.jsonl"), "-c", config).stdout, "a second import must find nothing new")
exported = run("export", "documents", "-c", config).stdout
expect("吃出虫子" in exported and "13812345678" not in exported, f"export, masked: {exported}")
expect(run("export", "documents", "--format", "csv", "-c", config).stdout.startswith("\ufeff"), "CSV for Excel")
xlsx = folder / "d.xlsx"
expect(run("export", "documents", "--format", "xlsx", "--out", str(xlsx), "-c", config).returncode == 0 and xlsx.read_bytes()[:2] == b"PK", "XLSX")
expect(run("search", "吃出虫子", "-c", config).returncode == 0, "search")
expect(run("search", "绝不会出现", "-c", config).returncode == 1, "search finds nothing")
frames = ["孩子们在用{}上网课", "学校要求家长下载{}，不装不行", "听说{}要收费了，学校每个月收三十", "老师每天催家长在{}打卡", "为什么作业一定要交到{}里面去呢",  # the one that no rule takes for education
          "关于学校用{}的几点疑问", "我们班学生没有人喜欢{}这个软件", "教育局管管{}吧，家长受不了", "王晓彤老师说学校不用{}了"]
with open(folder / "new.jsonl", "w", encoding="utf-8") as out:
    for i, frame in enumerate(frames):
        post = {"url": f"http://a.example/new/{i}", "text": frame.format("云课厅"), "published_at": f"2026-04-1{i}T10:00:00+08:00", "source": f"s{i % 3}", "kind": "forum"}
        out.write(json.dumps(post, ensure_ascii=False) + "\n")
        old = {"url": f"http://a.example/old/{i}", "text": f"第{i}次说学校门口堵车，家长接孩子很难", "published_at": f"2026-03-2{i}T10:00:00+08:00", "source": f"s{i % 3}", "kind": "forum"}
        out.write(json.dumps(old, ensure_ascii=False) + "\n")
accept = folder / "accept.txt"
suggested = run("rules", "suggest", "--input", str(folder / "new.jsonl"), "--from", "2026-04-08", "--to", "2026-04-20", "--json", "--out", str(accept), "-c", config)
words = {word["word"]: word for word in map(json.loads, suggested.stdout.splitlines())}
expect(words.get("云课厅", {}).get("documents") == 8 and words["云课厅"]["before"] == 0, f"rules suggest: {suggested.stdout}{suggested.stderr}")
expect(not any("晓彤" in word for word in words), f"a person's name was suggested: {list(words)}")
expect(all(line.startswith("#") for line in accept.read_text(encoding="utf-8").splitlines()), "nothing is accepted by itself")
expect("云课厅" in accept.read_text(encoding="utf-8"), "the list to accept from")
expect(run("rules", "suggest", "-c", config).returncode == 1, "nothing to suggest exits 1")
folder.joinpath("broad.yaml").write_text("pack: 试\nversion: '1'\ntitle: 试\nrules:\n- {id: a, name: 试, topic: 试, severity: D, match: 吃出虫子 OR 虫子吃出, examples: {match: [吃出虫子]}}\n"
                                         "- {id: b, name: 试, topic: 试, severity: D, match: 食堂 AND NOT 食堂, examples: {match: [食堂]}}\n", encoding="utf-8")
checked = run("rules", "check", "--rules", str(folder / "broad.yaml"), "--json", "-c", config)
kinds = [(d["rule"], d["kind"], d["grade"]) for d in map(json.loads, checked.stdout.splitlines())]
expect(("b", "never", "error") in kinds and checked.returncode == 1, f"rules check: {checked.stdout}{checked.stderr}")
expect(run("rules", "check", "--from", "2026-01-01", "-c", config).returncode == 0, "rules check over what is stored")

opml = folder / "f.opml"
opml.write_text('<opml version="2.0"><body><outline text="甲 &amp; 乙" xmlUrl="http://a.example/feed"/></body></opml>', encoding="utf-8")
yaml = run("import", str(opml), "-c", config).stdout
expect("kind: feed" in yaml and "甲 & 乙" in yaml, f"OPML in: {yaml}")
(folder / "s.yaml").write_text(yaml, encoding="utf-8")
expect('xmlUrl="http://a.example/feed"' in run("export", "sources", "--format", "opml", "-c", str(folder / "s.yaml")).stdout, "OPML out")
digest = run("digest", "--date", "2026-04-01", "--out", str(folder / "out"), "-c", config)
expect(digest.returncode == 0 and len(list((folder / "out").iterdir())) == 5, f"digest: {digest.stdout}{digest.stderr}")
replayed = run("replay", "--from", "2026-03-01", "--to", "2026-05-01", "-c", config)
expect(replayed.returncode in (0, 1), f"replay from the store: {replayed.stderr}")
expect(run("replay").returncode == 2, "replay without input")
print(f"command line: {len(commands)} commands")
