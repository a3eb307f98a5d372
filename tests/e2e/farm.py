"""A farm of sites on loopback: one nginx, an address of 127.0.1.0/24 a host, its own access log as the witness."""
import collections
import pathlib
import random
import shutil
import socket
import subprocess
import tempfile

from town import started, wait_for

WORDS = ("学校 食堂 家长 孩子 老师 班主任 校长 教育局 通知 课程 作业 考试 成绩 招生 学区 校车 操场 图书馆 社团 运动会 "
         "志愿者 活动 公告 调查 整改 安全 检查 午餐 费用 退费 培训 机构 假期 开学 放学 延时 服务 体育 美术 音乐 科学 实验 "
         "竞赛 奖状 毕业 升学 幼儿园 小学 初中 高中 校服 教材 食品 卫生 消防 演练 心理 辅导 门口 交通 拥堵 投诉 回应").split()


class Request(collections.namedtuple("Request", "begun ended host status path conditional")):
    pass


class Farm:
    """`hosts` sites with a list page and `pages` articles each; 127.0.1.`first` is the first one's address."""

    def __init__(self, hosts, pages, first=30, robots=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-farm-"))
        self.addresses = [f"127.0.1.{first + i}" for i in range(hosts)]
        self.pages = pages
        with socket.socket() as probe:
            probe.bind((self.addresses[0], 0))
            self.port = probe.getsockname()[1]
        for number, address in enumerate(self.addresses):
            self.write_site(address, random.Random(number), robots)
        listens = "".join(f"  server {{ listen {a}:{self.port}; root {self.directory}/{a}; }}\n" for a in self.addresses)
        (self.directory / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {self.directory}/pid; error_log {self.directory}/error.log;
events {{ worker_connections 1024; }}
http {{
  log_format t '$msec $request_time $server_addr $status $request_uri "$http_if_none_match"'; etag on;
  access_log {self.directory}/access.log t; client_body_temp_path {self.directory}/b; proxy_temp_path {self.directory}/p;
  fastcgi_temp_path {self.directory}/f; uwsgi_temp_path {self.directory}/u; scgi_temp_path {self.directory}/s;
  default_type text/html;
{listens}}}""")
        subprocess.run(["chmod", "-R", "a+rX", str(self.directory)], check=True)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.server = subprocess.Popen([nginx, "-c", str(self.directory / "nginx.conf"), "-e", str(self.directory / "error.log")])
        started.append(self.server)
        wait_for(self.answers, 10, "nginx answers")

    def write_site(self, address, chance, robots):
        root = self.directory / address
        root.mkdir()
        if robots:
            (root / "robots.txt").write_text(robots)
        titles = ["".join(chance.sample(WORDS, 6)) + f"第{i}号" for i in range(self.pages)]
        links = "".join(f'<li><a href="/a{i}.html">{title}</a> 2026-04-15</li>' for i, title in enumerate(titles))
        (root / "index.html").write_text(f"<html><head><meta charset=utf-8></head><body><ul class=n>{links}</ul></body></html>")
        for i, title in enumerate(titles):
            text = "".join("<p>" + "，".join("".join(chance.sample(WORDS, 4)) for _ in range(6)) + "。</p>" for _ in range(4))
            (root / f"a{i}.html").write_text(f"<html><head><meta charset=utf-8><title>{title}</title></head>"
                                             f"<body><h1>{title}</h1><div class=b>{text}</div></body></html>")

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex((self.addresses[0], self.port)) == 0

    def config(self, delay_min, interval="5s", extra_sources=""):
        sources = "".join(
            f"  - {{id: h{i}, kind: list, urls: ['http://{a}:{self.port}/'], interval: {interval}, delay: 0s, links_max: 1000,"
            f" selectors: {{item: '.n li', body: '.b'}}}}\n" for i, a in enumerate(self.addresses))
        path = self.directory / "tingchao.yaml"
        path.write_text(f"store: sqlite:t.db\nhttp: {{enabled: false}}\nrules: []\n"
                        f"crawl: {{allow_networks: ['127.0.0.0/8'], delay_min: {delay_min}}}\nsources:\n{sources}{extra_sources}")
        return str(path)

    def requests(self):
        """In the order in which they ended."""
        path = self.directory / "access.log"
        found = []
        for line in path.read_text().splitlines() if path.exists() else []:
            at, took, host, status, uri, validator = line.split(" ", 5)
            found.append(Request(float(at) - float(took), float(at), host, int(status), uri, validator.strip('"') not in ("", "-")))
        return found

    def close(self):
        self.server.terminate()
        self.server.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)
