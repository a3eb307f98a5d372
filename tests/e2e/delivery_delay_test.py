"""delivery_delay_test.py BINARY WARNINGS: from the transaction that plans a message to its acceptance by a mail server and
by a robot on loopback, with the daemon running; prints p50 and p95. That every message arrives is what is tested."""
import email
import http.server
import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from aiosmtpd.controller import Controller

BINARY, WARNINGS = sys.argv[1], int(sys.argv[2])
arrived = {"mail": {}, "ding": {}}


class Sink:
    async def handle_DATA(self, server, session, envelope):
        arrived["mail"][email.message_from_bytes(envelope.content)["Subject"]] = time.time()
        return "250 queued"


class Robot(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        arrived["ding"][body["markdown"]["title"]] = time.time()
        out = b'{"errcode":0,"errmsg":"ok"}'
        self.send_response(200)
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *_):
        pass


with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
controller = Controller(Sink(), hostname="127.0.0.1", port=port)
controller.start()
robot = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Robot)
threading.Thread(target=robot.serve_forever, daemon=True).start()
folder = tempfile.TemporaryDirectory(prefix="tingchao-delay-")
config, path = os.path.join(folder.name, "tingchao.yaml"), os.path.join(folder.name, "t.db")
with open(config, "w", encoding="utf-8") as file:
    file.write(f"""store: sqlite:t.db
http: {{port: 0}}
crawl: {{allow_networks: [127.0.0.0/8]}}
channels:
  - {{id: mail, kind: mail, host: 127.0.0.1, port: {port}, security: none, from: alert@example.cn}}
  - {{id: ding, kind: dingtalk, url: "http://127.0.0.1:{robot.server_port}/send"}}
recipients:
  - {{name: 值班员, channel: mail, address: duty@example.cn}}
  - {{name: 值班群, channel: ding}}
""")
with open(os.path.join(folder.name, "log"), "wb") as log:
    daemon = subprocess.Popen([BINARY, "run", "-c", config], stdout=log, stderr=log)
deadline = time.time() + 60
while b"reading 0 sources" not in open(log.name, "rb").read():
    assert time.time() < deadline and daemon.poll() is None, open(log.name).read()
    time.sleep(0.1)
planned = {}
for number in range(WARNINGS):
    bodies = {"mail": f"From: a@example.cn\r\nTo: duty@example.cn\r\nSubject: w{number}\r\nMessage-ID: <m{number}@x>\r\n\r\nx\r\n",
              "ding": json.dumps({"msgtype": "markdown", "markdown": {"title": f"w{number}", "text": "x"}})}
    with sqlite3.connect(path, timeout=20) as database:
        planned[f"w{number}"] = time.time()
        for channel, who in (("mail", "duty@example.cn"), ("ding", "ding")):
            database.execute("INSERT INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, subject, "
                             "body, message_id, created, not_before, attempts, state, answer) VALUES "
                             "(?, ?, 1, 'opinion', ?, ?, 1, 's', ?, ?, ?, ?, 0, 'waiting', '')",
                             (f"w{number}:1:{channel}:{who}", f"w{number}", channel, who, bodies[channel],
                              f"m{number}@x", int(time.time()), int(time.time())))
    time.sleep(3.7)  # no storm; and not in step with the daemon's second
deadline = time.time() + 60
while time.time() < deadline and min(map(len, arrived.values())) < WARNINGS:
    time.sleep(0.1)
daemon.terminate()
daemon.wait()
for channel, got in arrived.items():
    assert set(got) == set(planned), f"{channel}: {len(got)} of {WARNINGS}"
    delays = sorted(got[key] - planned[key] for key in planned)
    print(f"{channel}: {WARNINGS} messages, p50 {delays[len(delays) // 2]:.2f} s, p95 {delays[int(len(delays) * 0.95)]:.2f} s, "
          f"most {delays[-1]:.2f} s")
controller.stop()
