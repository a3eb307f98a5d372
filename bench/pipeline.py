#!/usr/bin/python3
"""pipeline.py PIPELINE_BENCH FOLDER [PAGES]: pages fetched, decoded, parsed, extracted and stored a second.

FOLDER holds real pages as *.html.gz, in folders of its own if need be; they are unpacked and served by a local
nginx under as many addresses as PAGES (4,000) asks for. First everything on one thread pinned to core 0, then
with two threads that extract, on both cores, which nginx shares; then both again with masking, analysis, grouping and
judging by the shipped rules and models, as the daemon does.
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile
import time

ADDRESS = "127.0.1.1:8090"
CONFIGURATION = """daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type text/html; keepalive_requests 1000000000;
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  server {{ listen {1}; root {0}; location / {{ rewrite ^/([^/]+)/[0-9]+\\.html$ /$1.page break; }} }}
}}
"""

binary, source = sys.argv[1], pathlib.Path(sys.argv[2])
pages = sys.argv[3] if len(sys.argv) > 3 else "4000"
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    names = []
    for path in sorted(source.rglob("*.html.gz")):
        names.append(path.name.split(".")[0])
        (folder / f"{names[-1]}.page").write_bytes(gzip.decompress(path.read_bytes()))
    (folder / "names").write_text("\n".join(names) + "\n")
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder, ADDRESS))
    subprocess.run(["chmod", "-R", "a+rX", name], check=True)
    server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")])
    time.sleep(0.5)
    try:
        for label, pin, *arguments in (("one core", ["taskset", "-c", "0"], "0"), ("two cores", [], "2"),
                                       ("one core, with analysis", ["taskset", "-c", "0"], "0", "analyse"),
                                       ("two cores, with analysis", [], "2", "analyse")):
            print(f"{label}, {len(names)} pages in turns", flush=True)
            subprocess.run([*pin, binary, f"http://{ADDRESS}/", str(folder / "names"), pages, *arguments], check=True)
    finally:
        server.terminate()
        server.wait()
