"""A 钉钉 robot on loopback, and a daemon whose outbox the test fills itself: what the tests of delivery share."""
import http.server
import json
import pathlib
import sqlite3
import tempfile
import threading
import time
import urllib.parse

from town import expect, start, stop, wait_for


class Robot:
    """Answers each call with what `judge` says of its query, its body and its moment: the provider's code, 0 when taken.
    `told` holds moment and message of those taken, `refused` moment and code of the others."""

    def __init__(self, judge=lambda query, body, now: 0):
        self.told, self.refused, self.lock = [], [], threading.Lock()
        robot = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                with robot.lock:
                    now = time.time()
                    code = judge(query, body, now)
                    if code == 0:
                        robot.told.append((now, json.loads(body)["markdown"]))
                    else:
                        robot.refused.append((now, code))
                out = json.dumps({"errcode": code, "errmsg": "ok" if code == 0 else "no"}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/robot/send?access_token=T"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Desk:
    """A folder with a configuration of these channels and recipients (lines of YAML), no sources."""

    def __init__(self, channels, recipients):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-desk-"))
        self.config = str(self.folder / "tingchao.yaml")
        lines = ["store: sqlite:t.db", 'bureau: {name: 某某区教育局, url: "https://tingchao.example.gov.cn"}', "http: {port: 0}",
                 "crawl: {allow_networks: [127.0.0.0/8]}", "channels:", *(f"  - {each}" for each in channels),
                 "recipients:", *(f"  - {each}" for each in recipients)]
        pathlib.Path(self.config).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def start(self):
        """The daemon, ready to deliver."""
        with open(self.folder / "log", "ab") as log:
            self.daemon = start("run", "-c", self.config, stdout=log, stderr=log)
        wait_for(lambda: "reading 0 sources" in self.log() or self.daemon.poll() is not None, 60, "the daemon reads")
        expect(self.daemon.poll() is None, f"the daemon ended: {self.log()}")

    def stop(self):
        expect(stop(self.daemon) == 0, f"the daemon did not stop cleanly: {self.log()[-3000:]}")

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def plan(self, messages):
        """Into the outbox in one transaction, due now: rows of warning, channel, recipient, rank, subject and body."""
        now = int(time.time())
        with sqlite3.connect(self.folder / "t.db", timeout=20) as database:
            for warning, channel, recipient, rank, subject, body in messages:
                database.execute("INSERT INTO deliveries(key, warning, seq, stream, channel, recipient, level_rank, subject, body, "
                                 "message_id, created, not_before, attempts, state, answer) VALUES "
                                 "(?, ?, 1, 'opinion', ?, ?, ?, ?, ?, ?, ?, ?, 0, 'waiting', '')",
                                 (f"{warning}:1:{channel}:{recipient}", warning, channel, recipient, rank, subject, body,
                                  f"{warning}@x", now, now))

    def states(self):
        """How many messages are in each state."""
        with sqlite3.connect(self.folder / "t.db", timeout=20) as database:
            return dict(database.execute("SELECT state, count(*) FROM deliveries GROUP BY state"))


def markdown(title, text="正文"):
    return json.dumps({"msgtype": "markdown", "markdown": {"title": title, "text": text}})
