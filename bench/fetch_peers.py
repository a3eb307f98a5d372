#!/usr/bin/python3
"""fetch_peers.py FETCH_BENCH [PAGES [--fast]]: who fetches how fast, in one run against one local nginx.

PAGES (20,000) distinct pages of 2 KB over kept connections from 127.0.1.1, 16 requests at once. Tingchao,
curl's own loop, wrk and wget2 take turns, seven times each, and each one's best is shown, with its middle
beside it: what else runs on the machine only ever takes away. Scrapy and crawlee, far slower, fetch a quarter
of the pages, twice. Wget2 runs with 16 threads, with as many as it takes by itself (five), and with one: its threads
have one request under way each, so that one is set against one of ours at a time, too. Then the fast ones again, each client pinned to one core and the server to the
other: clients with many threads get no more of the machine than one with one. Pages a CPU second count what
the client used, user and system, whatever else ran. wget2 and wrk are timed from start to end of the process, the others by
themselves, from the first request to the last answer. crawlee is looked for through NODE_PATH; a peer that is
not installed is left out.
"""
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent / "peers"
ADDRESS = "127.0.1.1:8089"
PREFIX = f"http://{ADDRESS}/p/"
AT_ONCE = 16
CLIENT_CORE, SERVER_CORE = "1", "0"
pinned = []  # what is put before each client's command
CONFIGURATION = """daemon off; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type text/html;
  keepalive_requests 1000000000; keepalive_timeout 60s;
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  server {{ listen {1}; root {0}; }}
}}
"""


def run(command, **more):
    """Standard output, seconds, the most memory in MB and the CPU seconds of one command."""
    command = [*pinned, *command]
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, **more)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begin
        out.seek(0)
        if child.returncode != 0:
            raise RuntimeError(f"{command[0]} ended with {child.returncode}")
        return out.read(), seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def of_ours(binary, pages, at_once=AT_ONCE, *more):
    out, _, rss, cpu = run([binary, PREFIX, str(pages), str(at_once), *more])
    return float(re.search(r"pages/s (\d+)", out)[1]), rss, pages / cpu


def of_wrk():
    out, _, rss, cpu = run(["wrk", "-t1", f"-c{AT_ONCE}", "-d2", PREFIX + "1"])
    return float(re.search(r"Requests/sec:\s*([\d.]+)", out)[1]), rss, int(re.search(r"(\d+) requests in", out)[1]) / cpu


def of_wget2(folder, pages, *threads):
    addresses = folder / "addresses"
    addresses.write_text("".join(f"{PREFIX}{i}\n" for i in range(pages)))
    _, seconds, rss, cpu = run(["wget2", "-q", "--no-config", "--robots=off", *threads, "-O", "/dev/null", "-i", str(addresses)])
    return pages / seconds, rss, pages / cpu


def of_peer(command, pages):
    out, _, rss, cpu = run([*command, PREFIX, str(pages), str(AT_ONCE)])
    got, _, seconds = out.split()[-3:]
    if int(got) != pages:
        raise RuntimeError(f"{command[-1]} got {got} of {pages} pages")
    return pages / float(seconds), rss, pages / cpu


def in_turns(measures, rounds):
    """(label, best rate, middle rate, most memory, most pages a CPU second) of those that ran."""
    runs = {}
    for _ in range(rounds):
        for label, measure in measures.items():
            try:
                runs.setdefault(label, []).append(measure())
            except (RuntimeError, OSError) as problem:
                print(f"{label}: {problem}", file=sys.stderr)
    return [(label, max(rate for rate, *_ in got), statistics.median(rate for rate, *_ in got),
             max(rss for _, rss, _ in got), max(cpu for *_, cpu in got)) for label, got in runs.items() if got]


def show(title, rows):
    _, ours, ours_middle, _, ours_cpu = rows[0]
    print(f"{title:22}{'pages/s':>10}{'middle':>9}{'MB RSS':>9}{'tingchao is':>14}{'middle':>10}{'pages/CPU-s':>14}{'tingchao is':>14}")
    for label, rate, usual, rss, cpu in rows:
        print(f"{label:22}{rate:10.0f}{usual:9.0f}{rss:9.1f}{ours / rate:12.2f} x{ours_middle / usual:8.2f} x"
              f"{cpu:14.0f}{ours_cpu / cpu:12.2f} x")


def serve(folder, pages):
    (folder / "p").mkdir()
    for i in range(pages):
        text = f"<html><head><title>第{i}页</title></head><body><p>" + "食堂的饭菜今天又凉了，孩子说肚子疼。" * 36
        (folder / "p" / str(i)).write_bytes(text.encode().ljust(2034) + b"</p></body>\n\n\n")
    (folder / "nginx.conf").write_text(CONFIGURATION.format(folder, ADDRESS))
    subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
    return start(folder)


def start(folder, *before):
    server = subprocess.Popen([*before, shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf")])
    time.sleep(0.5)
    return server


def main():
    binary, pages = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = serve(folder, pages)
        fast = {"tingchao": lambda: of_ours(binary, pages),
                "curl's own loop": lambda: of_ours(binary, pages, AT_ONCE, "bare"),
                "wrk, one thread": of_wrk,
                "wget2, 16 threads": lambda: of_wget2(folder, pages, f"--max-threads={AT_ONCE}"),
                "wget2, its default": lambda: of_wget2(folder, pages),
                "wget2, one thread": lambda: of_wget2(folder, pages, "--max-threads=1"),
                "tingchao, one by one": lambda: of_ours(binary, pages, 1)}
        try:
            rows = in_turns(fast, 7)
            if "--fast" not in sys.argv:
                rows += in_turns({"Scrapy": lambda: of_peer(["/usr/bin/python3", HERE / "fetch_scrapy.py"], pages // 4),
                                  "crawlee": lambda: of_peer(["node", HERE / "fetch_crawlee.js"], pages // 4)}, 2)
            server.terminate()
            server.wait()
            server = start(folder, "taskset", "-c", SERVER_CORE)
            pinned.extend(["taskset", "-c", CLIENT_CORE])
            on_one_core = in_turns(fast, 7)
        finally:
            server.terminate()
            server.wait()
    show("both cores", rows)
    show("client on one core", on_one_core)
    print("load average", *(f"{load:.1f}" for load in os.getloadavg()))


main()
