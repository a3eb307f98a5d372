"""demo_test.py BINARY: `demo --once` tells its story: a warning that rises, mails, a digest, all on disk."""
import email
import email.policy
import pathlib
import tempfile

from town import expect, run

directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-demo-"))
done = run("demo", "--once", "--seconds", "12", "--dir", str(directory))
expect(done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
for word, code in (("新预警", "raised"), ("预警升级", "upgraded"), ("官方已发布", "answered"), ("时限提醒", "clock")):
    expect(word in done.stdout and code not in done.stdout, f"the terminal's lines say {code}, not {word}:\n{done.stdout}")
mails = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in sorted((directory / "mails").glob("*.eml"))]
subjects = [str(mail["Subject"]) for mail in mails]
expect(any("望山路小学" in s for s in subjects), f"no warning mail names the school: {subjects}")
expect(any("日报" in s for s in subjects), f"no digest: {subjects}")
digest = next((directory / "digest").glob("*.html")).read_text(encoding="utf-8")
expect("望山路小学" in digest and "通报" in digest, "the digest does not tell the story")
expect("data:image/png;base64,iVBOR" in digest and "cid:" not in digest, "the page on disk lacks its picture")
for suffix in (".txt", ".docx", ".xlsx"):
    expect(next((directory / "digest").glob("*" + suffix)).stat().st_size > 500, f"digest {suffix} is missing")
for mail in mails:
    expect(mail["To"].count("@") == 1, "more than one recipient in a mail")
    html = mail.get_body(("html",))
    expect(html is not None and mail.get_body(("plain",)) is not None, "a mail lacks its text or HTML part")
listed = run("warnings", "list", "--all", "--json", "-c", str(directory / "tingchao.yaml"))
expect(len(listed.stdout.splitlines()) == 1, f"one warning is the story, and no other: {listed.stdout}")
expect(listed.returncode == 0 and "望山路小学" in listed.stdout, f"warnings list: {listed.stdout} {listed.stderr}")
shown = run("warnings", "show", listed.stdout.split('"')[3], "-c", str(directory / "tingchao.yaml")).stdout
expect("新预警" in shown and "预警升级" in shown and "  系统：得分" in shown, f"warnings show: {shown}")
quoted = shown[shown.index("  依据"):shown.index("  传播路径")]
pairs = [tuple(quoted.splitlines()[at:at + 2]) for at in range(1, len(quoted.splitlines()) - 2, 3)]
expect(len(pairs) > 5 and len(set(pairs)) == len(pairs), f"a sentence of one document is quoted twice: {quoted}")
expect(quoted.count("（") > len(pairs), f"no sentence names two rules: {quoted}")
expect("raised" not in shown and "upgraded" not in shown and "measure" not in shown, f"warnings show: {shown}")
expect('"upgraded"' in "".join(run("warnings", "show", line.split('"')[3], "--json", "-c", str(directory / "tingchao.yaml")).stdout
                               for line in listed.stdout.splitlines()), "no warning was upgraded")
found = run("search", "食物中毒 AND 学生", "--json", "-c", str(directory / "tingchao.yaml"))
expect(found.returncode == 0 and len(found.stdout.splitlines()) >= 3, "search finds too little")
expect("小禾妈妈" not in run("export", "documents", "-c", str(directory / "tingchao.yaml")).stdout, "an author's name was stored")

# What people say when they close a warning teaches the classifier of relevance.
config = str(directory / "tingchao.yaml")
name = listed.stdout.split('"')[3]
untaught = directory / "untaught.model"
expect(run("train", "--head", "relevance", "--out", str(untaught)).returncode == 0, "train on the shipped texts")
for verdict, told in (("false_alarm", " 0 relevant, "), ("handled", " relevant, 0 not")):
    expect(run("warnings", "ack", name, "--by", "王敏", "-c", config).returncode == 0, "ack")
    expect(run("warnings", "respond", name, "--by", "王敏", "--url", "http://127.0.0.1/answer", "-c", config).returncode == 0, "respond")
    closed = run("warnings", "close", name, "--by", "王敏", "--verdict", verdict, "--note", "演练", "-c", config)
    expect(closed.returncode == 0, f"close: {closed.stderr}")
    taught = directory / f"{verdict}.model"
    trained = run("train", "--head", "relevance", "--corrections", "-c", config, "--out", str(taught))
    expect(trained.returncode == 0 and told in trained.stderr, f"corrections after {verdict}: {trained.stdout}{trained.stderr}")
    expect(taught.read_bytes() != untaught.read_bytes(), f"{verdict} taught nothing")
    expect(run("warnings", "reopen", name, "--by", "王敏", "--note", "再看", "-c", config).returncode == 0, "reopen")
expect(run("train", "--head", "stance", "--corrections", "-c", config, "--out", str(untaught)).returncode == 2, "corrections of stance")
print(f"demo: {len(mails)} mails, {len(listed.stdout.splitlines())} warnings")
