"""mistakes_test.py BINARY: wrong words, files and worlds: each gets a message that names place and mend, and the
daemon keeps serving what still works."""
import os
import pathlib
import socket
import sqlite3
import subprocess
import tempfile
import time

from town import Town, expect, run, start, stop, wait_for

folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-mistakes-"))


def write(name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def refuses(done, code, *words):
    expect(done.returncode == code, f"exit {done.returncode}, not {code}: {done.args}\n{done.stdout}{done.stderr}")
    said = done.stdout + done.stderr
    for word in words:
        expect(word in said, f"'{word}' was not said by {done.args}:\n{said}")


# — configuration, rules, selectors, measure, missing files
refuses(run("run", "-c", str(folder / "none.yaml")), 3, "none.yaml", "check the path")
refuses(run("run", "--check", "-c", write("a.yaml", "bureau: {name: x}\nstroe: sqlite:x.db\n")), 2, "a.yaml:2:1", "did you mean 'store'")
refuses(run("run", "--check", "-c", write("b.yaml", "sources:\n  - {id: A B, kind: rss, urls: [ftp://x]}\n")), 2,
        "b.yaml:2:", "no kind 'rss'", "is no http(s) address", "a-z")
refuses(run("run", "--check", "-c", write("c.yaml", "sources:\n  - {id: a, kind: list, urls: ['http://x/'], selectors: {item: 'li['}}\n")), 2,
        "c.yaml:2:", "selector")
refuses(run("run", "--check", "-c", write("d.yaml", "bureau: [unclosed\n")), 2, "d.yaml:")
refuses(run("run", "--check", "-c", write("e.yaml", "recipients:\n  - {channel: mail, address: x}\n")), 2, "e.yaml:2:", "no channel 'mail'")
refuses(run("run", "--check", "-c", write("f.yaml", "measure: none.yaml\n")), 3, "none.yaml")
refuses(run("run", "--check", "-c", write("g.yaml", "crawl: {delay_min: 5}\n")), 2, "g.yaml:1:", "1s")
write("own.mustache", "{{title}}\n")
for kind, template_works in (("spool, directory: out", True), ("spool, directory: out, form: mail", True),
                             ("spool, directory: out, form: json", False), ("webhook, url: 'http://127.0.0.1/'", False)):
    done = run("run", "--check", "-c", write("t.yaml", f"channels:\n  - {{id: files, kind: {kind}, template: own.mustache}}\n"))
    if template_works:
        expect(done.returncode == 0, f"{kind}: {done.stdout}{done.stderr}")
    else:
        column = len(f"  - {{id: files, kind: {kind}, template: ") + 1
        refuses(done, 2, f"t.yaml:2:{column}", "channels[0].template", "去掉它")
pack = write("pack.yaml", 'pack: p\nversion: "1"\ntitle: t\nrules:\n  - id: r1\n    name: n\n    topic: a/b\n    severity: B\n'
             "    match: 食堂 AND (中毒 OR\n    examples: {match: [a], no_match: [b]}\n")
refuses(run("rules", "check", "--rules", pack), 1, "pack.yaml:9:")
refuses(run("run", "--check", "-c", write("h.yaml", "rules: [pack.yaml]\n")), 2, "pack.yaml:9:")
refuses(run("replay", "--input", write("bad.jsonl", "not json\n")), 2, "bad.jsonl:1:")
refuses(run("frobnicate"), 2)
refuses(run("warnings", "list", "-c", write("i.yaml", "store: sqlite:never.db\n")), 3, "never.db", "no store there yet")
write("text.db", "this is no database, only a text that is long enough to be read as a header\n" * 20)
refuses(run("run", "-c", write("j.yaml", "store: sqlite:text.db\n")), 3, "text.db")
refuses(run("run", "-c", write("k.yaml", "store: postgresql://h/d\n")), 2, "postgresql", "sqlite:")

# — a taken port, a second daemon
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
taken.listen()
port = taken.getsockname()[1]
refuses(run("run", "-c", write("l.yaml", f"store: sqlite:l.db\nhttp: {{port: {port}}}\n")), 3, str(port))
config = write("m.yaml", "store: sqlite:m.db\nhttp: {enabled: false}\n")
first = start("run", "-c", config, stderr=subprocess.DEVNULL)
wait_for(lambda: (folder / "m.db.lock").exists() and (folder / "m.db.lock").stat().st_size > 0, 10, "the first daemon holds its claim")
refuses(run("run", "-c", config), 3, "m.db", str(first.pid))
expect(stop(first) == 0, "the first daemon did not stop cleanly")

# — a mail server that is dead at first: nothing is lost
town = Town(8)
text = pathlib.Path(town.config).read_text(encoding="utf-8")
live_port = text.split("host: 127.0.1.5, port: ")[1].split(",")[0]
pathlib.Path(town.config).write_text(text.replace(f"port: {live_port}, security", "port: 1, security"), encoding="utf-8")
daemon = town.daemon()
wait_for(lambda: (town.directory / "tingchao.db").exists() and town.query("SELECT 1 FROM deliveries WHERE attempts > 0"), 15, "a message was tried")
expect(daemon.poll() is None and not town.mails(), "the daemon must go on without a mail server")
documents = len(town.query("SELECT 1 FROM documents"))
wait_for(lambda: len(town.query("SELECT 1 FROM documents")) > documents, 10, "the crawl goes on")
expect("127.0.1.5" in town.log(), "the log does not name the mail server")
stop(daemon)
pathlib.Path(town.config).write_text(text, encoding="utf-8")
with sqlite3.connect(town.directory / "tingchao.db") as database:
    database.execute("UPDATE deliveries SET not_before = 0 WHERE state = 'waiting'")
daemon = town.daemon()
wait_for(lambda: town.mails() and not town.query("SELECT 1 FROM deliveries WHERE state <> 'sent'"), 20, "the mails went out after all")
stop(daemon)
town.close()

# — a full disk: a small tmpfs, where this user may mount one
disk = folder / "disk"
disk.mkdir()
mounted = os.geteuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)], capture_output=True).returncode == 0
if mounted:
    try:
        town = Town(8)
        text = pathlib.Path(town.config).read_text(encoding="utf-8").replace("sqlite:tingchao.db", f"sqlite:{disk}/t.db")
        pathlib.Path(town.config).write_text(text, encoding="utf-8")
        daemon = town.daemon()
        wait_for(lambda: "free disk space" in town.log(), 30, "the full disk was named:\n" + town.log()[-2000:])
        expect(daemon.poll() is None, "the daemon ended on a full disk")
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        count = lambda: sqlite3.connect(disk / "t.db", timeout=10).execute("SELECT count(*) FROM documents").fetchone()[0]
        before = count()
        wait_for(lambda: count() > before, 30, "it goes on when there is space again")
        stop(daemon)
        expect(sqlite3.connect(disk / "t.db").execute("PRAGMA integrity_check").fetchone() == ("ok",), "integrity after a full disk")
        town.close()
    finally:
        time.sleep(0.2)
        subprocess.run(["umount", "--lazy", str(disk)], capture_output=True)  # a connection may still hold a file there
print("mistakes: each was named with its mend" + ("" if mounted else "; no tmpfs could be mounted, the full disk was not tried here"))
