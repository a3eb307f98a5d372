"""A source loses its list, then its charset changes: the operator hears once of each, across a kill, and once that it is well
again; the duty desk hears nothing."""
import email
import email.policy
import http.server
import pathlib
import sqlite3
import tempfile
import threading
import time

from town import expect, start, stop, wait_for

directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-health-"))
state = {"mode": "good", "charset": "utf-8", "visits": 0}


class Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/robots.txt":
            return self.answer(404, "")
        if self.path != "/news/":
            return self.answer(200, "<h1>关于做好校园安全工作的通知</h1><p>" + "各校要认真做好开学准备工作，落实责任，排查隐患。" * 5 + "</p>")
        state["visits"] += 1
        items = "".join(f'<li><a href="/news/{n}.html">关于做好第{n}号校园安全工作的通知</a><span>2026-11-{n + 10}</span></li>' for n in range(6))
        self.answer(200, f'<ul class="news">{items}</ul>' if state["mode"] == "good" else "<div>改版后由脚本加载</div>")

    def answer(self, status, body):
        data = body.encode("gb18030" if state["charset"] == "gbk" else "utf-8")
        self.send_response(status)
        self.send_header("Content-Type", f"text/html; charset={state['charset']}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
(directory / "tingchao.yaml").write_text(f"""
store: tingchao.db
http: {{enabled: false}}
crawl: {{allow_networks: ['127.0.0.0/8'], delay_min: 10ms}}
sources:
  - {{id: news, name: 区教育局, kind: list, urls: ['http://127.0.0.1:{server.server_port}/news/'], interval: 1s, delay: 0s, selectors: {{item: '.news li'}}}}
channels:
  - {{id: admin, kind: spool, directory: admin}}
  - {{id: duty, kind: spool, directory: duty}}
recipients:
  - {{name: 管理员, channel: admin, warnings: false, operator: true}}
  - {{name: 值班室, channel: duty, levels: 4}}
digest: {{enabled: false}}
""", encoding="utf-8")
log = open(directory / "log", "ab")


def run_daemon():
    return start("run", "-c", str(directory / "tingchao.yaml"), stdout=log, stderr=log)


def told():
    mails = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in (directory / "admin").glob("*.eml")]
    return [(mail["Subject"], mail.get_body(("plain",)).get_content()) for mail in mails]


def more_visits(count):
    goal = state["visits"] + count
    wait_for(lambda: state["visits"] >= goal, 60, f"{count} more visits")


daemon = run_daemon()
more_visits(7)
expect(not told(), f"told of a good source: {told()}")
state["mode"] = "empty"
wait_for(told, 60, "the operator hears of the empty list")
expect(len(told()) == 1 and "信源异常：区教育局" in told()[0][0], f"{told()}")
expect("可能原因" in told()[0][1] and "source test" in told()[0][1], told()[0][1])
daemon.kill()
daemon.wait()
daemon = run_daemon()
more_visits(4)
expect(len(told()) == 1, f"told again: {told()}")
state["mode"] = "good"
wait_for(lambda: len(told()) == 2, 60, "the operator hears that it is well again")
expect(any("信源恢复：区教育局" in subject for subject, _ in told()), f"{told()}")
more_visits(3)
state["charset"] = "gbk"
wait_for(lambda: len(told()) == 3, 60, "the operator hears of the charset")
expect(any("gb18030" in text for _, text in told()), f"{told()}")
more_visits(3)
expect(len(told()) == 3, f"told too often: {told()}")
expect(not list((directory / "duty").glob("*.eml")) if (directory / "duty").exists() else True, "the duty desk heard of it")
expect(stop(daemon) == 0, "the daemon did not stop cleanly")
rows = sqlite3.connect(directory / "tingchao.db").execute("SELECT length(value) FROM notes WHERE key='health:news'").fetchall()
expect(rows and rows[0][0] < 8000, f"the state of a source: {rows}")
print(f"told: {sorted(subject for subject, _ in told())}; state {rows[0][0]} bytes")
