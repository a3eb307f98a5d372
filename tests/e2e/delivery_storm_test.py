"""delivery_storm_test.py BINARY ALERTS SECONDS: so many alerts in one second for one robot, five of them Ⅰ or Ⅱ. The
robot counts as the provider does: more than 20 calls in 60 s and it answers 130101 for ten minutes. The five must
come, the rest merged, and it must never have said 130101."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

BINARY, (ALERTS, SECONDS) = sys.argv[1], map(int, sys.argv[2:4])
SECRET = "SECtest0123456789"
calls, refused, lock = [], [], threading.Lock()


class Robot(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        asked = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        stamp = asked["timestamp"][0]
        mac = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
        now = time.time()
        with lock:
            if asked["sign"][0] != base64.b64encode(mac).decode() or abs(int(stamp) / 1000 - now) > 3600:
                answer = {"errcode": 310000, "errmsg": "sign not match"}
            elif len(body) > 20000:
                answer = {"errcode": 460101, "errmsg": "message too long"}
            elif len([at for at, _ in calls if at > now - 60]) >= 20:
                refused.append(now)
                answer = {"errcode": 130101, "errmsg": "send too fast"}
            else:
                calls.append((now, json.loads(body)["markdown"]))
                answer = {"errcode": 0, "errmsg": "ok"}
            if answer["errcode"] == 310000:
                refused.append(now)
        out = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Robot)
threading.Thread(target=server.serve_forever, daemon=True).start()
folder = tempfile.TemporaryDirectory(prefix="tingchao-storm-")
config, path = os.path.join(folder.name, "tingchao.yaml"), os.path.join(folder.name, "t.db")
with open(config, "w", encoding="utf-8") as file:
    file.write(f"""store: sqlite:t.db
bureau: {{name: 某某区教育局, url: "https://tingchao.example.gov.cn"}}
http: {{port: 0}}
crawl: {{allow_networks: [127.0.0.0/8]}}
channels:
  - {{id: ding, kind: dingtalk, url: "http://127.0.0.1:{server.server_port}/robot/send?access_token=T", secret: {SECRET}}}
recipients:
  - {{name: 值班群, channel: ding, operator: true}}
""")
assert subprocess.run([BINARY, "notify", "test", "ding", "-c", config]).returncode == 0
with lock:
    calls.clear()  # what was sent before the count begins is no part of what is counted
log = open(os.path.join(folder.name, "log"), "wb")
daemon = subprocess.Popen([BINARY, "run", "-c", config], stdout=log, stderr=log)
deadline = time.time() + 60
while b"reading 0 sources" not in open(log.name, "rb").read():
    assert time.time() < deadline and daemon.poll() is None, open(log.name).read()
    time.sleep(0.1)
began = time.time()
urgent = {round(i * ALERTS / 5) for i in range(5)}
with sqlite3.connect(path, timeout=20) as database:
    for number in range(ALERTS):
        rank = 1 + number % 2 if number in urgent else 3 + number % 2
        database.execute("INSERT INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, subject, body, "
                         "message_id, created, not_before, attempts, state, answer) VALUES "
                         "(?, ?, 1, 'opinion', 'ding', 'ding', ?, ?, ?, ?, ?, ?, 0, 'waiting', '')",
                         (f"w{number}:1:ding:ding", f"w{number}", rank, f"【Ⅲ级黄色】某某区第{number}实验小学多名学生就餐后呕吐，家长质疑食堂食品安全（6 小时内 18 条，升级自Ⅳ级蓝色）",
                          json.dumps({"msgtype": "markdown", "markdown": {"title": f"rank {rank} no {number}", "text": "正文"}}),
                          f"m{number}@x", int(began), int(began)))


def states():
    with sqlite3.connect(path, timeout=20) as database:
        return dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))


def waiting():
    return sum(count for state, count in states().items() if state in ("waiting", "sending"))


while waiting() and time.time() < began + SECONDS:
    time.sleep(0.2)
finished = time.time() - began
daemon.terminate()
daemon.wait()
with lock:
    told = list(calls)
alone = [(at - began, m["title"]) for at, m in told if m["title"].startswith("rank")]
grave = [at for at, title in alone if title[5] in "12"]
merged = [m["title"] for _, m in told if "汇总" in m["title"]]
most = max(sum(1 for other, _ in told if at - 60 < other <= at) for at, _ in told)
print(f"{ALERTS} alerts: {len(told)} calls, at most {most} in 60 s, {len(refused)} refused; Ⅰ/Ⅱ {len(grave)} out after at "
      f"most {max(grave):.1f} s; all told after {finished:.1f} s; {len(merged)} summaries")
assert not refused, "the robot was called too fast"
assert most <= 20
assert len(grave) == 5, f"{len(grave)} of the five came alone"
assert set(states()) <= {"sent", "dropped"}, (states(), open(log.name).read()[-3000:])  # dropped: part of a summary
# "(2/3)" repeats the whole's number
counted = sum(int(re.search(r"(\d+) 条", title)[1]) for title in merged if not re.search(r"（(?!1/)\d+/\d+）", title))
assert merged and counted + len(alone) == ALERTS, (counted, len(alone))
