"""delivery_kill_test.py BINARY KILLS MESSAGES [SECONDS]: kills the daemon while it delivers, KILLS times at each of eight named
points, with MESSAGES for its outbox, half by mail and half to a webhook. The servers of the test pull the trigger at
those points that they see; the others are seen in the store. In the end every message has arrived, under its own
Message-ID or webhook-id, and after each kill at most one had arrived that the store does not know of: what is repeated.
The daemon reads one small pack of rules, which makes its start twice as fast. After SECONDS no further round begins."""
import collections
import datetime
import json
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
SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else float("inf")
POINTS = ["start", "lease", "connect", "data", "dot", "accepted", "recorded", "digest"]
began = time.monotonic()
folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-delivery-"))
store = folder / "t.db"


class Receiver(threading.Thread):
    """Takes messages over one protocol; tells of each point that it sees, where the client may be killed."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.talks = []
        self.start()

    def run(self):
        while True:
            peer, _ = self.listener.accept()
            self.talks.append(threading.Thread(target=self.serve, args=(peer,), daemon=True))
            self.talks[-1].start()

    def finish(self):
        """Returns when all connections of a client that died have been read to their end."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:  # taken after all others
            last.shutdown(socket.SHUT_WR)
            while last.recv(100):
                pass
        while self.talks:
            self.talks.pop().join()

    def serve(self, peer):
        try:
            see("connect")
            self.talk(peer, peer.makefile("rb"))
        except OSError:
            pass
        finally:
            peer.close()


class Mailbox(Receiver):
    """SMTP by RFC 5321, as much as a client needs."""

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
            see("data")
            peer.sendall(b"354 go on\r\n")
            message = b""
            while (line := lines.readline()) not in (b".\r\n", b""):
                message += line
            if not line:
                return
            id_ = re.search(rb"(?im)^Message-ID: *<([^>]+)>", message)[1].decode()
            number = re.search(rb"(?im)^Subject: *(\d+)\r", message)
            take(id_, number[1].decode() if number else id_)  # a digest has none
            see("dot")
            peer.sendall(b"250 2.0.0 kept\r\n")
            see("accepted")


class Hook(Receiver):
    """HTTP by RFC 9112, as much as one POST after the other needs."""

    def talk(self, peer, lines):
        while lines.readline():
            headers = {}
            while (line := lines.readline()).strip():
                name, _, value = line.decode().partition(":")
                headers[name.lower()] = value.strip()
            see("data")
            size = int(headers["content-length"])
            body = lines.read(size)
            if len(body) < size:
                return
            take(headers["webhook-id"], str(json.loads(body)["number"]))
            see("dot")
            peer.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
            see("accepted")


trigger = lambda point: None  # may kill the client
arrived = collections.defaultdict(list)  # ids of each message, by its number
of_this_run = set()


def see(point):
    trigger(point)


def take(id_, number):
    """The message is ours from here on, whether or not the client lives to hear of it."""
    arrived[number].append(id_)
    of_this_run.add(number)


mailbox, hook = Mailbox(), Hook()
hour = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
(folder / "rules.yaml").write_text("""
pack: small
version: "1"
title: 食品
rules:
  - id: canteen
    name: 食堂
    topic: 食品/食堂
    severity: C
    match: 食堂 AND 呕吐
    examples: {match: [食堂吃坏了，孩子呕吐], no_match: [食堂招标]}
""", encoding="utf-8")
(folder / "tingchao.yaml").write_text(f"""
bureau: {{name: 测试局}}
store: sqlite:{store}
rules: [{folder / "rules.yaml"}]
crawl: {{allow_networks: [127.0.0.0/8]}}
http: {{enabled: false}}
channels:
  - {{id: mail, kind: mail, host: 127.0.0.1, port: {mailbox.port}, security: none, from: 听潮 <t@example.gov.cn>}}
  - {{id: hook, kind: webhook, url: "http://127.0.0.1:{hook.port}/hook"}}
recipients:
  - {{name: 值班, channel: mail, address: duty@example.gov.cn, digest: true}}
  - {{name: 平台, channel: hook}}
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
        by_mail = n % 2 == 0
        channel, place = ("mail", "duty@example.gov.cn") if by_mail else ("hook", "hook")
        body = (f"Message-ID: <{message_id}>\r\nSubject: {n}\r\n\r\ntext\r\n" if by_mail
                else json.dumps({"version": "4", "number": n}))
        rows.append((f"w{n}:1:{channel}:{place}", f"w{n}", 1, "opinion", channel, place, 3, f"{n}", body, message_id,
                     int(time.time()), 0, 0, "waiting", ""))
    change("INSERT INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, subject, body, message_id, created,"
           " not_before, attempts, state, answer) VALUES (" + ",".join("?" * 15) + ")", rows)


def kill_at(point):
    """One run of the daemon, ended at the point; how many messages had arrived that the store does not know of."""
    global trigger
    struck = threading.Event()
    of_this_run.clear()
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

    trigger = lambda at: strike() if at == point else None
    never = f"the daemon never came to '{point}'"
    if point == "start":
        with open(folder / "log", "rb") as log:
            log.seek(log_before)
            said = []
            wait_for(lambda: said.append(log.read()) or b"reading " in b"".join(said), 60, never)
    elif question := {
        "lease": "SELECT 1 FROM deliveries WHERE state='sending' AND lease_until>unixepoch()+80 LIMIT 1",
        "recorded": f"SELECT 1 FROM deliveries WHERE state='sent' LIMIT 1 OFFSET {sent_before}",
        "digest": "SELECT 1 FROM notes WHERE key='digest:last'",
    }.get(point):
        # Closed before the kill: the next start must find the store as a machine alone would leave it.
        connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=10)
        wait_for(lambda: connection.execute(question).fetchone(), 60, never)
        connection.close()
    else:
        wait_for(struck.is_set, 60, never)
    strike()
    trigger = lambda at: None
    for receiver in (mailbox, hook):  # what the daemon had sent before it died is read to its end
        receiver.finish()
    named = ",".join(f"'{each}'" for each in of_this_run)
    return len(of_this_run) - ask(f"SELECT count(*) FROM deliveries WHERE state='sent' AND "
                                  f"(subject IN ({named}) OR trim(message_id, '<>') IN ({named}))")[0][0]


daemon = start()  # makes the store
wait_for(lambda: store.exists() and b"reading " in (folder / "log").read_bytes(), 60, "the daemon starts")
daemon.kill()
daemon.wait()
kills, queued, unknown = 0, 0, 0
for round_ in range(KILLS):
    if time.monotonic() - began > SECONDS:
        break
    for point in POINTS:
        share = MESSAGES * (kills + 1) // (KILLS * len(POINTS))
        queue(queued, share - queued)
        queued = share
        in_doubt = kill_at(point)
        expect(in_doubt <= 1, f"a kill at '{point}' left {in_doubt} messages in doubt")
        unknown += in_doubt
        kills += 1
    if (round_ + 1) % 50 == 0:
        print(f"{kills} kills after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
daemon = start()
wait_for(lambda: not ask("SELECT 1 FROM deliveries WHERE state IN ('waiting', 'sending') LIMIT 1"), 600, "the outbox is empty")
daemon.terminate()
daemon.wait()
states = collections.Counter(row[0] for row in ask("SELECT state FROM deliveries"))
expect(set(states) == {"sent"}, f"not all sent: {states}")
lost = [n for n in range(queued) if str(n) not in arrived]
expect(not lost, f"lost {len(lost)}: {lost[:3]}")
several = [number for number, ids in arrived.items() if len(set(ids)) > 1]
expect(not several, f"{len(several)} messages came under more than one id: {several[:3]}")
digests = ask("SELECT count(*) FROM deliveries WHERE key LIKE 'digest:%'")[0][0]
expect(digests <= 2, f"{digests} digests of one day")  # two when midnight passes
repeats = sum(len(ids) - 1 for ids in arrived.values())
expect(repeats <= unknown, f"{repeats} repeats, where the kills left {unknown} in doubt")
print(f"{kills} kills at {len(POINTS)} points, {len(arrived)} messages: 0 lost, {repeats} repeated, each under its own id; "
      f"at most one a kill; {time.monotonic() - began:.0f} s")
