"""durability_test.py BINARY HOSTS PAGES KILLS: kill -9 at random moments of a crawl without delays. Afterwards every page
is stored once, and only pages that were under way when the daemon died were asked for again."""
import collections
import random
import sqlite3
import subprocess
import sys
import time

from farm import Farm
from town import expect, start, wait_for

HOSTS, PAGES, KILLS = map(int, sys.argv[2:5])
random.seed(20260415)
farm = Farm(HOSTS, PAGES, first=100)
config = farm.config("0ms", interval="1s")
log = open(farm.directory / "log", "ab")
total = HOSTS * PAGES


def query(sql):
    try:
        with sqlite3.connect(f"file:{farm.directory}/t.db?mode=ro", uri=True, timeout=10) as database:
            return database.execute(sql).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error) or "unable to open" in str(error):  # the daemon is still making the file
            return []
        raise


def stored():
    return sum(row[0] for row in query("SELECT count(*) FROM documents"))


def pages(requests):
    return [f"http://{r.host}:{farm.port}{r.path}" for r in requests if r.path.startswith("/a")]


under_way = collections.Counter()  # how often a page was asked for but not stored when the daemon died
daemon = start("run", "-c", config, stdout=log, stderr=subprocess.STDOUT)
for kill in range(KILLS):
    goal = total * (kill + 1) // (KILLS + 1)
    wait_for(lambda: stored() >= goal or daemon.poll() is not None, 300, f"{goal} pages before kill {kill + 1}")
    expect(daemon.poll() is None, "the daemon ended by itself:\n" + (farm.directory / "log").read_text()[-2000:])
    time.sleep(random.uniform(0, 0.2))
    daemon.kill()
    daemon.wait()
    time.sleep(0.1)  # nginx writes its log
    kept = {row[0] for row in query("SELECT json_extract(document, '$.url') FROM documents")}
    cut_off = set(pages(farm.requests())) - kept
    expect(len(cut_off) <= HOSTS, f"{len(cut_off)} pages under way at {HOSTS} hosts")
    under_way.update(cut_off)
    daemon = start("run", "-c", config, stdout=log, stderr=subprocess.STDOUT)
wait_for(lambda: stored() >= total, 300, "every page is stored:\n" + (farm.directory / "log").read_text()[-2000:])
time.sleep(2)  # what would be read twice would be by now
daemon.kill()
daemon.wait()

asked = collections.Counter(pages(farm.requests()))
expect(len(asked) == total, f"{total - len(asked)} pages never asked for")
rows = query("SELECT json_extract(document, '$.url'), count(*) FROM documents GROUP BY 1")
expect(len(rows) == total, f"{total - len(rows)} pages lost")
expect(all(count == 1 for _, count in rows), "documents twice")
again = {url: count - 1 for url, count in asked.items() if count > 1}
needless = {url: count for url, count in again.items() if count > under_way[url]}
expect(not needless, f"asked for again though stored: {needless}")
expect(query("SELECT count(*) FROM links WHERE done=0") == [(0,)], "links are left over")
expect(query("PRAGMA integrity_check") == [("ok",)], "integrity_check")
farm.close()
print(f"{total} pages at {HOSTS} hosts, {KILLS} kills: 0 lost, 0 twice, {sum(again.values())} asked for again of "
      f"{sum(under_way.values())} under way")
