"""thread_life_test.py BINARY: two boards in Discuz!'s markup, one in GBK that hides its floors from robots, one in UTF-8;
threads that grow between visits and while they are read, one of them to 200 pages of 15 posts. The servers' own log counts.

Counted are, per thread over its whole life: every GET of a thread page, re-reading the page that was last and grew
included, against its pages at the end, for the long threads (at most 1.05); and over all threads against the GETs that
gave a post which no answer before had given (at most 1.05), which is what no reader can do without."""
import datetime
import http.server
import json
import pathlib
import re
import socket
import sqlite3
import tempfile
import threading

from town import expect, run

A_PAGE = 15
JAMMER = ("苍","溟","窈","魍","黩","鬯","龠","彐")  # characters that no post has
START = 1_790_000_000  # 2026-09
with socket.socket() as probe:
    probe.bind(("127.0.1.81", 0))
    port = probe.getsockname()[1]


class Board:
    def __init__(self, address, charset, shows_floors):
        self.address, self.charset, self.shows_floors = address, charset, shows_floors
        self.threads = {}   # tid -> posts
        self.log = []       # (tid, page as shown, page as asked for, floors that nobody had been given before)
        self.given = {}     # tid -> floors
        self.grow_at = {}   # (tid, page) -> posts that are written while that page is read

    def text(self, tid, floor):
        topics = "食堂 作业 校车 操场 社团 托管 校服 选课 月考 门口".split()
        return (f"第{tid}帖{floor}楼说：孩子学校的{topics[(tid + floor) % 10]}这件事，我们家长商量了{floor % 7 + 2}天，"
                f"{topics[floor % 10]}也想请老师说明一下，谢谢大家。")

    def quoted(self, tid, floor):
        return floor > 3 and floor % 4 == 0

    def time(self, tid, floor):
        minute = START // 60 + tid * 7 + floor * 3
        return minute * 60

    def post(self, tid, floor):
        import time as clock
        stamp = clock.strftime("%Y-%m-%d %H:%M", clock.gmtime(self.time(tid, floor) + 8 * 3600)).replace("-0", "-")
        pid, noise = tid * 100000 + floor, JAMMER[floor % len(JAMMER)] * 4
        shown = self.text(tid, floor)
        half = len(shown) // 2
        words = (f'{shown[:half]}<font class="jammer">{noise}</font><br />\n<span style="display:none">{noise[::-1]}</span>'
                 f'{shown[half:]}')
        quote = ""
        if self.quoted(tid, floor):
            quote = (f'<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto=findpost&amp;pid={pid - 2}">'
                     f'<font color="#999999">网友{(floor - 2) % 40} 发表于 {stamp}</font></a></font><br />\n引文{self.text(tid, floor - 2)}</blockquote></div><br />')
        label = "楼主" if floor == 1 else {2: "沙发", 3: "板凳", 4: "地板"}.get(floor, f"<em>{floor}</em><sup>#</sup>")
        number = f'<strong><a href="thread-{tid}-1-1.html" id="postnum{pid}">{label}</a></strong>' if self.shows_floors else ""
        sign = '<div class="sign">签名：天道酬勤，静待花开</div>' if floor % 3 == 0 else ""
        edited = f'<i class="pstatus"> 本帖最后由 网友{floor % 40} 于 {stamp} 编辑 </i><br />' if floor % 11 == 0 else ""
        return f"""<div id="post_{pid}"><table id="pid{pid}" class="plhin"><tr><td class="pls" rowspan="2"><div class="authi">
<a href="home.php?mod=space&amp;uid={floor % 40 + 9}" class="xw1">网友{floor % 40}</a></div><p><em>中级会员</em></p></td>
<td class="plc"><div class="pi">{number}<div class="pti"><div class="authi"><em id="authorposton{pid}">发表于 {stamp}</em>
<span class="pipe">|</span><a href="thread-{tid}-1-1.html?authorid={floor % 40 + 9}">只看该作者</a></div></div></div>
<div class="pct"><div class="pcb"><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_{pid}">
{edited}{quote}{words}</td></tr></table></div></div></div>{sign}</td></tr></table></div>"""

    def pages(self, tid):
        return max(1, -(-self.threads[tid] // A_PAGE))

    def thread(self, tid, asked):
        page = min(asked, self.pages(tid))  # as Discuz! does
        first, last = (page - 1) * A_PAGE + 1, min(page * A_PAGE, self.threads[tid])
        fresh = set(range(first, last + 1)) - self.given.setdefault(tid, set())
        self.given[tid] |= fresh
        self.log.append((tid, page, asked, len(fresh)))
        pager = ""
        if self.pages(tid) > 1:
            numbers = [n for n in range(max(1, page - 4), min(self.pages(tid), page + 5) + 1)]
            links = [f"<strong>{n}</strong>" if n == page else f'<a href="thread-{tid}-{n}-1.html">{n}</a>' for n in numbers]
            if page > 1:
                links.insert(0, f'<a href="thread-{tid}-{page - 1}-1.html" class="prev">&nbsp;&nbsp;</a>')
            if page < self.pages(tid):
                if numbers[-1] < self.pages(tid):
                    links.append(f'<a href="thread-{tid}-{self.pages(tid)}-1.html" class="last">... {self.pages(tid)}</a>')
                links.append(f'<a href="thread-{tid}-{page + 1}-1.html" class="nxt">下一页</a>')
            pager = f'<div class="pg">{"".join(links)}</div>'
        posts = "\n".join(self.post(tid, floor) for floor in range(first, last + 1))
        title = f"第{tid}个帖子：学校的几件事想问问大家"
        html = f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={self.charset}" />
<title>{title} - 云溪论坛 - Powered by Discuz!</title></head><body><div id="nv"><a href="forum.php">首页</a></div><div class="pgt">{pager}</div>
<div id="postlist"><table><tr><td class="pls"><span>查看:</span> <span>{self.threads[tid] * 9}</span><span class="pipe">|</span>
<span>回复:</span> <span>{self.threads[tid] - 1}</span></td><td class="plc"><h1 class="ts"><span id="thread_subject">{title}</span></h1></td></tr></table>
{posts}</div><div class="pgb">{pager}</div><div id="ft">Powered by Discuz! X3.4</div></body></html>"""
        self.threads[tid] += self.grow_at.pop((tid, page), 0)
        return html

    def list(self):
        rows = "".join(f"""<tbody id="normalthread_{tid}"><tr><td class="icn"></td><th class="common"><a href="thread-{tid}-1-1.html" class="s xst">第{tid}个帖子：学校的几件事想问问大家</a></th>
<td class="by"><cite><a href="home.php?mod=space&amp;uid=3">网友</a></cite><em><span>2026-9-20</span></em></td>
<td class="num"><a href="thread-{tid}-1-1.html" class="xi2">{posts - 1}</a><em>{posts * 9}</em></td></tr></tbody>""" for tid, posts in self.threads.items())
        return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={self.charset}" /><title>教育论坛 - Powered by Discuz!</title></head>
<body><div id="threadlist"><table id="threadlisttableid">{rows}</table></div></body></html>"""


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        board = self.server.board
        found = re.fullmatch(r"/thread-(\d+)-(\d+)-\d+\.html", self.path)
        status, text = 404, ""
        if found and int(found[1]) in board.threads:
            status, text = 200, board.thread(int(found[1]), int(found[2]))
        elif self.path.startswith("/forum-36-1.html"):
            status, text = 200, board.list()
        body = text.encode(board.charset)
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


boards = [Board("127.0.1.81", "utf-8", True), Board("127.0.1.82", "gbk", False)]
for board in boards:
    server = http.server.ThreadingHTTPServer((board.address, port), Answers)
    server.board = board
    threading.Thread(target=server.serve_forever, daemon=True).start()
directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-threads-"))
config = directory / "tingchao.yaml"
sources = "".join(f"  - {{id: b{i}, kind: board, urls: ['http://{b.address}:{port}/forum-36-1.html'], interval: 1s, delay: 0s, links_max: 1000}}\n"
                  for i, b in enumerate(boards))
config.write_text(f"store: sqlite:t.db\nhttp: {{enabled: false}}\nrules: []\ncrawl: {{allow_networks: ['127.0.0.0/8'], delay_min: 0ms}}\nsources:\n{sources}")


def visit():
    for board in boards:
        board.log.clear()
    done = run("crawl", "--once", "-c", str(config), timeout=200)
    expect(done.returncode == 0, f"crawl: {done.stdout}{done.stderr}")


# The lives: a long thread that is met late, one that is met young, and small ones.
VISITS = 9
LONG, YOUNG = 1, 2
life = {}
for number, board in enumerate(boards):
    board.threads = {LONG: 170 * A_PAGE + 4, YOUNG: 5} if number == 0 else {LONG: 31 * A_PAGE, YOUNG: 15}
    for tid in range(3, 24):
        board.threads[tid] = 1 + tid * 11 % 40
    board.grow_at = {(LONG, 168): 3} if number == 0 else {(LONG, 30): 16}
fetches, fresh_fetches, totals = {}, 0, 0
for turn in range(VISITS):
    before = {(b.address, tid): max(b.given.get(tid, {0})) for b in boards for tid in b.threads}
    ends = {(b.address, tid): b.pages(tid) for b in boards for tid in b.threads}
    first_time = turn == 0
    visit()
    for board in boards:
        by_thread = {}
        for tid, page, asked, fresh in board.log:
            by_thread.setdefault(tid, []).append((page, fresh))
            fetches[board.address, tid] = fetches.get((board.address, tid), 0) + 1
            totals += 1
            fresh_fetches += fresh > 0
        for tid, pages in by_thread.items():
            if first_time and ends[board.address, tid] > 1:
                expect(pages[0][0] == 1 and pages[1][0] == ends[board.address, tid], f"{board.address} thread {tid}: read in the order {pages[:4]}")
            elif not first_time and before[board.address, tid] < board.threads[tid]:
                opened = before[board.address, tid] // A_PAGE + 1  # where the first new reply stands
                expect(pages[0][0] in (opened, opened - 1), f"{board.address} thread {tid}, visit {turn}: opened at {pages[0]}, new replies from page {opened}")
    if turn + 1 == VISITS:
        break
    for number, board in enumerate(boards):
        for tid in board.threads:
            if tid == LONG:
                board.threads[tid] += 55 if number == 0 else 4
            elif tid == YOUNG:
                board.threads[tid] += 41 if number == 0 else 15
            elif (tid + turn) % 3 == 0:
                board.threads[tid] += 1 + (tid * 5 + turn * 3) % 9
boards[0].threads[LONG] = 200 * A_PAGE  # the last replies
for _ in range(2):
    visit()
    for board in boards:
        for tid, page, asked, fresh in board.log:
            fetches[board.address, tid] = fetches.get((board.address, tid), 0) + 1
            totals += 1
            fresh_fetches += fresh > 0
expect(not any(board.log for board in boards), f"threads that did not grow were read again: {[b.log[:3] for b in boards]}")

# What is stored.
rows = sqlite3.connect(directory / "t.db").execute("SELECT document, title, body FROM documents").fetchall()
documents = [{**json.loads(row[0]), "title": row[1], "body": row[2]} for row in rows]
stored = {}
for document in documents:
    at = document["thread"]
    tid = int(re.search(r"tid=(\d+)", at["thread"])[1])
    host = re.match(r"http://([\d.]+):", at["thread"])[1]
    key = host, tid, at["floor"]
    expect(key not in stored, f"stored twice: {key}")
    stored[key] = document
wanted = {(b.address, tid, floor) for b in boards for tid, posts in b.threads.items() for floor in range(1, posts + 1)}
expect(set(stored) == wanted, f"{len(wanted - set(stored))} posts lost, {len(set(stored) - wanted)} of nobody: {sorted(wanted - set(stored))[:5]} {sorted(set(stored) - wanted)[:5]}")
by_address = {b.address: b for b in boards}
for (host, tid, floor), document in stored.items():
    board = by_address[host]
    body = re.sub(r"\s", "", document["body"])
    expect(body == board.text(tid, floor), f"{host} thread {tid} floor {floor}: {document['body']!r}")
    said = datetime.datetime.fromisoformat(document["published_at"].replace("Z", "+00:00")).timestamp()
    expect(said == board.time(tid, floor) and document["published_to_the_minute"], f"{host} thread {tid} floor {floor}: time {document['published_at']}")
    expect("author_hash" in document and "网友" not in json.dumps(document, ensure_ascii=False).replace(board.text(tid, floor), ""), f"author: {document}")
everything = "".join(d["body"] + d["title"] for d in documents)
jammers = sum(everything.count(c) for c in JAMMER)
expect(jammers == 0, f"{jammers} jammer characters")
expect(boards[0].pages(LONG) == 200, f"{boards[0].pages(LONG)} pages")
long_ones = [(fetches[b.address, LONG], b.pages(LONG)) for b in boards]
for got, pages in long_ones:
    expect(got <= 1.05 * pages or got - pages <= VISITS, f"{got} fetches for {pages} pages")
expect(fetches[boards[0].address, LONG] <= 1.05 * 200, f"{fetches[boards[0].address, LONG]} fetches for 200 pages")
expect(totals <= 1.05 * fresh_fetches, f"{totals} fetches, {fresh_fetches} of them with something new")
print(f"{len(stored)} posts of {len(boards) * 23} threads, each stored once with floor, time and text; 0 jammer characters; "
      f"{fetches[boards[0].address, LONG]} fetches for 200 pages in {VISITS + 2} visits; all threads: {totals} fetches, {fresh_fetches} of them "
      f"with something new ({totals / fresh_fetches:.3f})")
