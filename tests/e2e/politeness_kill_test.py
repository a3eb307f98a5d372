"""politeness_kill_test.py BINARY HOSTS PAGES KILLS: a farm of sites is read to the end while the daemon is killed now
and then. By the server's own log no host is asked before its delay has passed since the answer before, nor twice at
a time; a restart is no excuse."""
import random
import sqlite3
import subprocess
import sys
import time

from farm import Farm
from town import expect, start, wait_for

HOSTS, PAGES, KILLS = map(int, sys.argv[2:5])
DELAY = 0.25
random.seed(9309)
farm = Farm(HOSTS, PAGES, robots="User-agent: *\nCrawl-delay: 0.25\n")
config = farm.config("100ms")
log = open(farm.directory / "log", "ab")


def documents():
    with sqlite3.connect(f"file:{farm.directory}/t.db?mode=ro", uri=True, timeout=10) as database:
        return database.execute("SELECT count(*) FROM documents").fetchone()[0]


total = HOSTS * PAGES
daemon = start("run", "-c", config, stdout=log, stderr=subprocess.STDOUT)
for kill in range(KILLS):
    goal = total * (kill + 1) // (KILLS + 1)
    wait_for(lambda: len(farm.requests()) >= goal, 300, f"{goal} requests before kill {kill + 1}")
    time.sleep(random.uniform(0, 0.3))
    daemon.kill()
    daemon.wait()
    daemon = start("run", "-c", config, stdout=log, stderr=subprocess.STDOUT)
wait_for(lambda: documents() >= total, 300, "every page is stored:\n" + (farm.directory / "log").read_text()[-2000:])
daemon.kill()
daemon.wait()

last, shortest, robots_reads = {}, 1e9, 0
requests = farm.requests()
for request in sorted(requests, key=lambda r: r.begun):
    robots_reads += request.path == "/robots.txt"
    if request.host in last:
        gap = request.begun - last[request.host]
        shortest = min(shortest, gap)
        expect(gap >= 0, f"two in flight at {request.host}: {request}")
        # Before its robots.txt was read a host's delay is the program's own floor.
        expect(gap >= DELAY - 0.005, f"a gap of {gap:.3f} s before {request}")
    last[request.host] = request.ended
expect(len(last) == HOSTS, f"{len(last)} of {HOSTS} hosts were asked")
expect(robots_reads <= HOSTS + KILLS * HOSTS, "robots.txt was read again and again")
farm.close()
print(f"{HOSTS} hosts, {PAGES} pages each, {KILLS} kills: {len(requests)} requests, {robots_reads} of robots.txt, shortest gap "
      f"{shortest * 1000:.0f} ms at a delay of {DELAY * 1000:.0f} ms, never two in flight")
