"""reload_test.py BINARY: SIGHUP puts changed rules and 5,000 new words in force within a second; a broken rule file
leaves the old rules in force and names its place; nothing that the town publishes meanwhile is lost."""
import pathlib
import re
import shutil
import signal
import time

from town import ROOT, Town, expect, stop, wait_for

SECONDS = 14
town = Town(SECONDS)
directory = pathlib.Path(town.directory)
rules = directory / "my-rules"
shutil.copytree(ROOT / "rules/education", rules)
words = directory / "words.txt"
words.write_text("校园餐\n", encoding="utf-8")
measure = directory / "measure.yaml"
shutil.copy(ROOT / "rules/measure.yaml", measure)
config = pathlib.Path(town.config)
config.write_text(config.read_text(encoding="utf-8") + f"\nrules: [{rules}]\nlexicons: [{words}]\nmeasure: {directory}/measure.yaml\n", encoding="utf-8")


def stamps():
    return re.findall(r"reload: (rules-\w+ analyzer-\w+ \S+), in force after (\d+) ms", town.log())


def reload_and_wait(condition, what):
    began = time.monotonic()
    daemon.send_signal(signal.SIGHUP)
    wait_for(condition, 20, what)
    return time.monotonic() - began


daemon = town.daemon()
wait_for(lambda: (directory / "tingchao.db").exists() and town.query("SELECT value FROM notes WHERE key = 'knowledge'"), 20, "the stamp of what is in force")
first = town.query("SELECT value FROM notes WHERE key = 'knowledge'")[0][0]

# 5,000 words, and a rule that names one of them.
han = [chr(code) for code in range(0x4E00, 0x4E00 + 71)]
made_up = [a + b + "园" for a in han for b in han][:5000]
words.write_text("\n".join(made_up) + "\n", encoding="utf-8")
(rules / "mine.yaml").write_text(
    "pack: mine\nversion: '1'\ntitle: 新增\nrules:\n  - {id: mine, name: 新增, topic: 基础教育/新增, severity: D, match: '学校 OR 孩子', "
    "examples: {match: [学校里的孩子]}}\n", encoding="utf-8")
took = reload_and_wait(lambda: len(stamps()) == 1, "5,000 words and a rule in force")
second = town.query("SELECT value FROM notes WHERE key = 'knowledge'")[0][0]
expect(first.split()[0] != second.split()[0], f"the stamp of the rules did not change: {first} {second}")
expect(first.split()[1] != second.split()[1], f"the stamp of the analyzer did not change: {first} {second}")
wait_for(lambda: town.query("SELECT 1 FROM documents WHERE analysis LIKE '%\"mine\"%'"), SECONDS + 10, "a document that the new rule matched")

# A broken file: told with its place, and what was in force stays so.
(rules / "mine.yaml").write_text("pack: mine\nversion: '2'\ntitle: 新增\nrules:\n  - {id: mine, match: '(('}\n", encoding="utf-8")
reload_and_wait(lambda: "the old rules stay in force" in town.log(), "the mistake told")
expect("mine.yaml:5:" in town.log(), "the log does not name file and line of the mistake")
expect(town.query("SELECT value FROM notes WHERE key = 'knowledge'")[0][0] == second, "a broken file changed what is in force")
(rules / "mine.yaml").unlink()
reload_and_wait(lambda: len(stamps()) == 2, "the mended rules in force")
expect(town.query("SELECT count(*) FROM audit WHERE action LIKE 'knowledge.%'")[0][0] == 3, "start and two reloads are in the audit trail")

# The same of the measure: a mistake leaves the old one in force, a change comes in and its text is kept.
good = measure.read_text(encoding="utf-8")
in_force = town.query("SELECT value FROM notes WHERE key = 'knowledge'")[0][0]
measure.write_text(good.replace("of: growth", "of: grwth"), encoding="utf-8")
reload_and_wait(lambda: town.log().count("the old rules stay in force") == 2, "the measure's mistake told")
expect("grwth" in town.log() and "measure.yaml:" in town.log(), "the log does not name the measure's mistake and its line")
expect(town.query("SELECT value FROM notes WHERE key = 'knowledge'")[0][0] == in_force, "a broken measure changed what is in force")
measure.write_text(good.replace('version: "1"', 'version: "2"'), encoding="utf-8")
reload_and_wait(lambda: len(stamps()) == 3, "the changed measure in force")
kept = [text for (text,) in town.query("SELECT text FROM measures ORDER BY at, version")]
expect(kept == [good, measure.read_text(encoding="utf-8")], f"{len(kept)} texts of measures kept, not the two that were in force")

wait_for(town.over, SECONDS + 5, "the afternoon is over")
time.sleep(4)  # the last visits
expect(stop(daemon) == 0, "the daemon did not stop cleanly")


def hears(process, number):
    """The process catches the signal: a bit of SigCgt in its status."""
    status = open(f"/proc/{process.pid}/status", encoding="ascii").read()
    return int(re.search(r"SigCgt:\s*(\w+)", status).group(1), 16) >> (number - 1) & 1


# While it still reads its rules it hears as well.
starting = town.daemon()
wait_for(lambda: hears(starting, signal.SIGHUP), 20, "signals are caught from the start")
starting.send_signal(signal.SIGHUP)
expect(stop(starting) == 0, "told to stop while it starts, the daemon did not end cleanly")

text = (ROOT / "rules/demo/town.yaml").read_text(encoding="utf-8")
stored = "\n".join(f"{title}\n{body}" for title, body in town.query("SELECT title, body FROM documents")).replace("\n", "")
events = re.findall(r'on: (\w+).*?title: (.*?), text: "(.*)"', text)
missing = [title for place, title, body in events if (title if place == "hotlist" else body) not in stored]
expect(not missing, f"documents lost: {missing}")
town.close()
print(f"5,000 words and a rule in force {took:.2f} s after the signal ({stamps()[0][1]} ms in the daemon); nothing lost")
