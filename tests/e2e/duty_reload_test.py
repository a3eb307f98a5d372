"""duty_reload_test.py BINARY: recipients, rosters and the measure's recipients of levels take effect at SIGHUP; a
mistake in them leaves the old ones in force and is told by name."""
import pathlib
import re
import shutil
import signal

from town import ROOT, Town, expect, run, stop, wait_for

SECONDS = 24
town = Town(SECONDS)
directory = pathlib.Path(town.directory)
measure = directory / "measure.yaml"
shutil.copy(ROOT / "rules/measure.yaml", measure)
config = pathlib.Path(town.config)
first = config.read_text(encoding="utf-8") + f"\nmeasure: {measure}\n"
config.write_text(first, encoding="utf-8")


def in_force():
    return len(re.findall(r"in force after \d+ ms", town.log()))


def reload_and_wait(condition, what):
    daemon.send_signal(signal.SIGHUP)
    wait_for(condition, 30, what)


def heard_since(number):
    return {place for (place,) in town.query(f"SELECT recipient FROM deliveries WHERE id > {number} AND warning <> ''")}


def newest():
    return town.query("SELECT coalesce(max(id), 0) FROM deliveries")[0][0]


daemon = town.daemon()
wait_for(lambda: (directory / "tingchao.db").exists() and town.query("SELECT value FROM notes WHERE key = 'knowledge'"), 30, "the daemon began")

# Somebody else is on duty.
own = "- {name: 值班室, channel: mail, address: duty@qinghe.example, levels: 4, digest: true, operator: true}"
expect(own in first, "the town's recipients are not what this test knows")
roster = first.replace(own, own.replace("}", ", on_duty: desk}") + "\n  - {name: 夜班, channel: mail, address: night@qinghe.example, on_duty: desk, groups: [领导]}")
roster += "duty:\n  rosters:\n    - {id: desk, turns: [{who: [夜班]}]}\n"
config.write_text(roster, encoding="utf-8")
reload_and_wait(lambda: in_force() == 1, "the roster in force")
before = newest()
wait_for(lambda: "night@qinghe.example" in heard_since(before), SECONDS + 20, "whoever is on duty now hears")
expect("duty@qinghe.example" not in heard_since(before), "who is off duty still hears of warnings")

# A name that nobody has: told, and the roster of before stays.
config.write_text(roster.replace("who: [夜班]", "who: [夜斑]"), encoding="utf-8")
reload_and_wait(lambda: "the old rules stay in force" in town.log(), "the mistake told")
expect("夜斑" in town.log(), "the log does not name the unknown name")
config.write_text(roster, encoding="utf-8")

# The measure says who hears of which level, and `measure check` knows the names.
good = measure.read_text(encoding="utf-8")
named = re.sub(r"(rank: \d, [^}]*)\}", r"\1, to: [值班长, 领导导]}", good)
expect(named.count("领导导") == 4, "the levels of the measure are not what this test knows")
measure.write_text(named, encoding="utf-8")
checked = run("measure", "check", "-c", str(config), str(measure))
expect(checked.returncode != 0 and "领导导" in checked.stderr, f"measure check does not find the name: {checked}")
reload_and_wait(lambda: town.log().count("the old rules stay in force") == 2, "the measure's unknown name told")
measure.write_text(named.replace("领导导", "领导"), encoding="utf-8")
checked = run("measure", "check", "-c", str(config), str(measure))
expect(checked.returncode == 0 and "发给 值班长、领导" in checked.stdout, f"measure check does not say who hears: {checked}")
reload_and_wait(lambda: in_force() == 2, "the measure in force")
expect(stop(daemon) == 0, "the daemon did not stop cleanly")
town.close()
print("duty and recipients of levels in force at SIGHUP")
