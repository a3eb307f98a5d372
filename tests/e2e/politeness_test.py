"""politeness_test.py BINARY: a real nginx on two loopback addresses with a robots.txt and a crawl delay. Its own
log must show no disallowed path and no gap shorter than the delay."""
import pathlib
import shutil
import socket
import subprocess
import tempfile

from town import expect, run, start, started, stop, wait_for

DELAY = 2.0
with socket.socket() as probe:  # a port that is free just now
    probe.bind(("127.0.1.21", 0))
    port = probe.getsockname()[1]
site = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-polite-"))
nginx = shutil.which("nginx") or "/usr/sbin/nginx"
(site / "root/secret").mkdir(parents=True)
(site / "root/robots.txt").write_text(f"User-agent: *\nDisallow: /secret/\nDisallow: /*.php$\nCrawl-delay: {int(DELAY)}\n")
links = "".join(f'<li><a href="/{name}">学校食堂的消息第{i}条公布</a> 2026-04-15</li>'
                for i, name in enumerate(["a1.html", "secret/s.html", "a2.html", "x.php", "a3.html"]))
(site / "root/index.html").write_text(f"<html><head><meta charset=utf-8></head><body><ul class=n>{links}</ul></body></html>")
body = "".join(f"<p>学校食堂今天的饭菜很好，孩子们都说喜欢，家长也放心。这是第{i}段。</p>" for i in range(6))
for name in ("a1.html", "a2.html", "a3.html", "secret/s.html", "x.php"):
    (site / "root" / name).write_text(f"<html><head><meta charset=utf-8><title>消息</title></head><body><h1>消息</h1>{body}</body></html>")
(site / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {site}/pid; error_log {site}/error.log;
events {{ worker_connections 64; }}
http {{
  log_format t '$msec $server_addr $status $request_uri $request_time';
  access_log {site}/access.log t; client_body_temp_path {site}/b; proxy_temp_path {site}/p; fastcgi_temp_path {site}/f;
  uwsgi_temp_path {site}/u; scgi_temp_path {site}/s; default_type text/html;
  server {{ listen 127.0.1.21:{port}; listen 127.0.1.22:{port}; root {site}/root; }}
}}""")
subprocess.run(["chmod", "-R", "a+rX", str(site)], check=True)
server = subprocess.Popen([nginx, "-c", str(site / "nginx.conf"), "-e", str(site / "error.log")])
started.append(server)
config = site / "tingchao.yaml"
sources = "".join(f"  - {{id: h{i}, kind: list, urls: ['http://127.0.1.2{i}:{port}/'], interval: 1s, delay: 0s, selectors: {{item: '.n li'}}}}\n"
                  for i in (1, 2))
config.write_text(f"store: sqlite:t.db\nhttp: {{enabled: false}}\ncrawl: {{allow_networks: ['127.0.0.0/8'], delay_min: 100ms}}\nsources:\n{sources}")
wait_for(lambda: run("fetch", f"http://127.0.1.21:{port}/robots.txt", "--allow-network", "127.0.0.0/8").returncode in (0, 1), 10, "nginx answers")
(site / "access.log").write_text("")
subprocess.run(["kill", "-USR1", str(server.pid)], check=True)
log = site / "access.log"
daemon = start("run", "-c", str(config), stdout=open(site / "log", "wb"), stderr=subprocess.STDOUT)
wait_for(lambda: log.read_text().count("/a3.html") >= 2, 40, "both sites were read to the end:\n" + (site / "log").read_text())
stop(daemon)
server.terminate()
server.wait(10)
last = {}
requests = 0
for line in log.read_text().splitlines():
    at, host, status, path, took = line.split()
    requests += 1
    expect(not path.startswith("/secret") and not path.endswith(".php"), f"a disallowed path was fetched: {line}")
    begun = float(at) - float(took)
    if host in last:
        expect(begun - last[host] >= DELAY - 0.005, f"a gap of {begun - last[host]:.3f} s before {line}")
    last[host] = begun
expect(len(last) == 2, "both addresses were to be read")
print(f"politeness: {requests} requests, no gap under {DELAY} s, nothing disallowed")
