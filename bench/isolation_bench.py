"""isolation_bench.py BINARY [HOSTS [PAGES]]: what one tarpit, one trickler and one dead name cost the other hosts. The same
farm of sites is read twice to its end, without and with the three beside it, by one daemon each; the time of the good
ones is that of their own server's log, from the first request to the last."""
import pathlib
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/e2e"))
from farm import Farm
from town import start, wait_for

HOSTS = int(sys.argv[2]) if len(sys.argv) > 2 else 47
PAGES = int(sys.argv[3]) if len(sys.argv) > 3 else 60


class Bad(threading.Thread):
    """Takes connections; answers nothing (tarpit), or a byte of a page each half second (trickler)."""

    def __init__(self, address, trickles):
        super().__init__(daemon=True)
        self.trickles, self.socket, self.taken = trickles, socket.create_server((address, 0)), 0

    def run(self):
        while True:
            peer, _ = self.socket.accept()
            self.taken += 1
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        try:
            if not self.trickles:
                time.sleep(300)
            peer.recv(65536)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
            while True:
                peer.sendall(b"x")
                time.sleep(0.5)
        except OSError:
            pass


def measure(bad):
    farm = Farm(HOSTS, PAGES, first=100)
    extra = "".join(f"  - {{id: bad{i}, kind: list, urls: ['{url}'], interval: 5s, delay: 0s}}\n" for i, url in enumerate(bad))
    config = farm.config("100ms", interval="60s", extra_sources=extra)
    with open(farm.directory / "log", "wb") as log:
        daemon = start("run", "-c", config, stdout=log, stderr=subprocess.STDOUT)

    def stored():
        try:
            with sqlite3.connect(f"file:{farm.directory}/t.db?mode=ro", uri=True, timeout=10) as database:
                return database.execute("SELECT count(*) FROM documents").fetchone()[0]
        except sqlite3.OperationalError:
            return 0

    wait_for(lambda: stored() >= HOSTS * PAGES, 300, "every good page is stored")
    daemon.kill()
    daemon.wait()
    pages = [r for r in farm.requests() if r.path.startswith("/a")]
    # Starts are spread over a minute, so each host is measured by itself: from its first page to its last.
    spans = []
    for address in farm.addresses:
        mine = [r for r in pages if r.host == address]
        spans.append(max(r.ended for r in mine) - min(r.begun for r in mine))
    farm.close()
    return sum(spans) / len(spans)


bad = [Bad("127.0.1.20", False), Bad("127.0.1.21", True)]
for each in bad:
    each.start()
addresses = ["http://%s:%d/" % each.socket.getsockname() for each in bad] + ["http://no-such-host.invalid/"]
runs = [(measure([]), measure(addresses)) for _ in range(2)]
alone, beside = (sum(run[i] for run in runs) / len(runs) for i in (0, 1))
print(f"{HOSTS} hosts, {PAGES} pages each: a host took {alone:.2f} s alone, {beside:.2f} s beside a tarpit, a trickler and a dead name "
      f"({100 * (beside / alone - 1):+.1f} %); connections to tarpit and trickler: {bad[0].taken}, {bad[1].taken}")
