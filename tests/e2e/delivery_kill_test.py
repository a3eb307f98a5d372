"""delivery_kill_test.py BINARY KILLS MESSAGES: kills the daemon while it delivers, KILLS times at each of eight named
points, with MESSAGES in its outbox. The mail server of the test pulls the trigger at those points that it sees; the
others are seen in the store. In the end every message has arrived, none under two Message-IDs, and there is at most
one repeat a kill."""
import collections
import datetime
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

BINARY, KILLS, MESSAGES = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
POINTS = ["start", "lease", "connect", "data", "dot", "accepted", "recorded", "digest"]
folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-delivery-"))
store = folder / "t.db"


class Mailbox(threading.Thread):
    """SMTP by RFC 5321, as much as a client needs; `trigger(point)` may kill the client at any of its points."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.got = collections.Counter()
        self.trigger = lambda point: None

    def run(self):
        while True:
            peer, _ = self.listener.accept()
            try:
                self.trigger("connect")
                self.talk(peer, peer.makefile("rb"))
            except OSError:
                pass
            finally:
                peer.close()

    def talk(self, peer, lines):
        peer.sendall(b"220 test\r\n")
        while line := lines.readline():
            word = line[:4].upper()
            if word == b"QUIT":
                peer.sendall(b"221 bye\r\n")
                return
            if word != b"DATA":
                peer.sendall(b"250 ok\r\n")
                continue
            self.trigger("data")
            peer.sendall(b"354 go on\r\n")
            message = b""
            while (line := lines.readline()) not in (b".\r\n", b""):
                message += line
            if not line:
                return
            # The message is ours from here on, whether or not the client lives to hear of it.
            self.got[re.search(rb"(?im)^Message-ID: *<([^>]+)>", message).group(1).decode()] += 1
            self.trigger("dot")
            peer.sendall(b"250 2.0.0 kept\r\n")
            self.trigger("accepted")


mailbox = Mailbox()
mailbox.start()
hour = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
(folder / "tingchao.yaml").write_text(f"""
bureau: {{name: 测试局}}
store: sqlite:{store}
http: {{enabled: false}}
channels:
  - {{id: mail, kind: mail, host: 127.0.0.1, port: {mailbox.port}, security: none, from: 听潮 <t@example.gov.cn>}}
recipients:
  - {{name: 值班, channel: mail, address: duty@example.gov.cn, digest: true}}
sources:
  - {{id: idle, name: 不读, kind: feed, urls: ["http://127.0.0.1:9/feed"], interval: 24h}}
digest: {{at: "{max(0, hour.hour - 1):02d}:00"}}
""", encoding="utf-8")


def start():
    return subprocess.Popen([BINARY, "run", "-c", str(folder / "tingchao.yaml")], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, stderr=open(folder / "log", "ab"))


def ask(sql):
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def change(sql, rows=()):
    connection = sqlite3.connect(store, timeout=30)
    with connection:
        connection.executemany(sql, rows) if rows else connection.execute(sql)
    connection.close()


def expect(condition, what):
    if not condition:
        print(f"FAILED: {what}; {folder}")
        sys.exit(1)


def wait_for(condition, seconds, what):
    until = time.monotonic() + seconds
    while not condition():
        expect(time.monotonic() < until, what)
        time.sleep(0.002)


def queue(first, count):
    rows = []
    for n in range(first, first + count):
        message_id = f"m{n}@example.gov.cn"
        body = f"Message-ID: <{message_id}>\r\nSubject: {n}\r\n\r\ntext\r\n"
        rows.append((f"w{n}:1:mail:duty@example.gov.cn", f"w{n}", 1, "opinion", "mail", "duty@example.gov.cn", 3, f"{n}",
                     body, message_id, int(time.time()), 0, 0, "waiting", ""))
    change("INSERT INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, subject, body, message_id, created,"
           " not_before, attempts, state, answer) VALUES (" + ",".join("?" * 15) + ")", rows)


def kill_at(point):
    """One run of the daemon, ended at the point."""
    struck = threading.Event()
    sent_before = ask("SELECT count(*) FROM deliveries WHERE state='sent'")[0][0]
    if point == "digest":
        change("DELETE FROM notes WHERE key='digest:last'")
    log_before = (folder / "log").stat().st_size
    daemon = start()

    def strike():
        if not struck.is_set():
            struck.set()
            os.kill(daemon.pid, signal.SIGKILL)
            daemon.wait()

    mailbox.trigger = lambda at: strike() if at == point else None
    seen = {
        "start": lambda: b"reading " in (folder / "log").read_bytes()[log_before:],
        "lease": lambda: ask("SELECT 1 FROM deliveries WHERE state='sending' LIMIT 1"),
        "recorded": lambda: ask("SELECT count(*) FROM deliveries WHERE state='sent'")[0][0] > sent_before,
        "digest": lambda: ask("SELECT 1 FROM notes WHERE key='digest:last'"),
    }.get(point, struck.is_set)
    wait_for(lambda: struck.is_set() or seen(), 60, f"the daemon never came to '{point}'")
    strike()
    mailbox.trigger = lambda at: None


daemon = start()  # makes the store
wait_for(lambda: store.exists() and b"reading " in (folder / "log").read_bytes(), 60, "the daemon starts")
daemon.kill()
daemon.wait()
kills, queued = 0, 0
for round_ in range(KILLS):
    for point in POINTS:
        share = MESSAGES * (kills + 1) // (KILLS * len(POINTS))
        queue(queued, share - queued)
        queued = share
        kill_at(point)
        kills += 1
daemon = start()
wait_for(lambda: not ask("SELECT 1 FROM deliveries WHERE state IN ('waiting', 'sending') LIMIT 1"), 600, "the outbox is empty")
daemon.terminate()
daemon.wait()
planned = {row[0].strip("<>") for row in ask("SELECT message_id FROM deliveries")}
states = collections.Counter(row[0] for row in ask("SELECT state FROM deliveries"))
repeats = sum(mailbox.got.values()) - len(mailbox.got)
digests = ask("SELECT count(*) FROM deliveries WHERE key LIKE 'digest:%'")[0][0]
expect(set(states) == {"sent"}, f"not all sent: {states}")
expect(planned == set(mailbox.got), f"lost {len(planned - set(mailbox.got))}, strange {sorted(set(mailbox.got) - planned)[:3]}")
expect(repeats <= kills, f"{repeats} repeats after {kills} kills")
expect(digests <= 2, f"{digests} digests of one day")  # two when midnight passes
print(f"{kills} kills at {len(POINTS)} points, {len(planned)} messages: 0 lost, {repeats} repeated, each under its own Message-ID")
