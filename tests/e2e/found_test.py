"""found_test.py BINARY: what is found and what is none. A sitemap source that names robots.txt reads the maps named there;
of five pages two are "not found" said with status 200 (one in words, one by leading to the front page), one is under two
addresses; a calendar's links are left out."""
import http.server
import pathlib
import sqlite3
import tempfile
import threading

from town import expect, run

TEXT = "".join(f"<p>学校食堂今天的饭菜很好，孩子们都说喜欢，家长也放心，第{{0}}号通知的第{i}段如此说。</p>" for i in range(6))
HOME = "<p>欢迎来到某某教育网。今日要闻、通知公告、政策文件、互动交流、办事服务，请从上方栏目进入。</p>"


def page(title, body, head=""):
    return f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><body><h1>{title}</h1>{body}</body></html>"


class Site(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        here = f"http://127.0.0.1:{self.server.server_port}"
        kind, body = "text/html", None
        if self.path == "/robots.txt":
            kind, body = "text/plain", f"User-agent: *\nDisallow: /no/\nSitemap: {here}/maps/edu.xml\n"
        elif self.path == "/maps/edu.xml":
            paths = ["/a/20260411.html", "/a/20260412.html?utm_source=x", "/m/20260412.html", "/a/gone.html", "/a/moved.html",
                     "/calendar/2051/01/", "/no/1.html"]
            kind, body = "application/xml", ("<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
                                             + "".join(f"<url><loc>{here}{p}</loc></url>" for p in paths) + "</urlset>")
        elif self.path in ("/a/20260411.html", "/a/20260412.html", "/m/20260412.html"):
            number = self.path[7:11] if self.path.startswith("/a") else "0412"
            canonical = "<link rel='canonical' href='/a/20260412.html'>" if self.path.startswith("/m/") else ""
            body = page(f"关于食堂的第{self.path[9:11]}号通知", TEXT.format(number), canonical)
        elif self.path == "/a/gone.html":
            body = page("提示信息", "<p>抱歉，指定的主题不存在或已被删除。</p>")
        elif self.path == "/home":
            body = page("某某教育网", HOME)
        if body is None:  # the front page for whatever is not there
            self.send_response(302)
            self.send_header("Location", "/home")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
threading.Thread(target=server.serve_forever, daemon=True).start()
directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-found-"))
config = directory / "tingchao.yaml"
config.write_text(f"""store: sqlite:t.db
http: {{enabled: false}}
crawl: {{allow_networks: ['127.0.0.0/8'], delay_min: 1ms}}
sources:
  - {{id: map, kind: sitemap, urls: ['http://127.0.0.1:{server.server_port}/robots.txt'], delay: 0s}}
""")
for _ in range(2):  # the second time nothing new is there
    ran = run("crawl", "-c", str(config), "--once")
    expect(ran.returncode == 0, f"exit {ran.returncode}: {ran.stderr}")
with sqlite3.connect(f"file:{directory}/t.db?mode=ro", uri=True) as database:
    urls = sorted(row[0] for row in database.execute("SELECT json_extract(document, '$.url') FROM documents"))
    waiting = database.execute("SELECT count(*) FROM links WHERE done=0").fetchone()[0]
here = f"http://127.0.0.1:{server.server_port}"
expect(urls == [f"{here}/a/20260411.html", f"{here}/a/20260412.html"], f"documents: {urls}")
expect(waiting == 0, f"{waiting} links wait for ever")
expect(Site.asked.count("/robots.txt") == 1, "robots.txt was read again by the second process")
expect(not any(path.startswith(("/calendar", "/no/")) for path in Site.asked), f"asked for: {Site.asked}")
expect(Site.asked.count("/a/gone.html") == 1 and Site.asked.count("/a/moved.html") == 1, f"asked for: {Site.asked}")
hosts = run("crawl", "-c", str(config), "--hosts", "--json")
expect(hosts.returncode == 0 and '"links_waiting":0' in hosts.stdout and "1 rule" in hosts.stdout, hosts.stdout + hosts.stderr)
shown = run("crawl", "-c", str(config), "--hosts")
expect(f"127.0.0.1:{server.server_port}" in shown.stdout and "可以读取" in shown.stdout or "等待间隔" in shown.stdout, shown.stdout)
server.shutdown()
print(f"found: 2 documents of 7 addresses, {len(Site.asked)} requests")
