"""delivery_storm_test.py BINARY ALERTS SECONDS: so many alerts in one second for one robot, five of them Ⅰ or Ⅱ. The
robot counts as the provider does: more than 20 calls in 60 s and it answers 130101 for ten minutes. The five must
come, the rest merged, and it must never have said 130101."""
import base64
import hashlib
import hmac
import re
import sys
import time

from desk import Desk, Robot, markdown
from town import expect, run

ALERTS, SECONDS = map(int, sys.argv[2:4])
SECRET = "SECtest0123456789"
SUBJECT = "【Ⅲ级黄色】某某区第{}实验小学多名学生就餐后呕吐，家长质疑食堂食品安全（6 小时内 18 条，升级自Ⅳ级蓝色）"


def judge(query, body, now):
    mac = hmac.new(SECRET.encode(), f"{query['timestamp']}\n{SECRET}".encode(), hashlib.sha256).digest()
    if query["sign"] != base64.b64encode(mac).decode() or abs(int(query["timestamp"]) / 1000 - now) > 3600:
        return 310000
    if len(body) > 20000:
        return 460101
    return 130101 if sum(at > now - 60 for at, _ in robot.told) >= 20 else 0


robot = Robot(judge)
desk = Desk([f'{{id: ding, kind: dingtalk, url: "{robot.url}", secret: {SECRET}}}'], ["{name: 值班群, channel: ding, operator: true}"])
expect(run("notify", "test", "ding", "-c", desk.config).returncode == 0, "notify test")
with robot.lock:
    robot.told.clear()  # what was sent before the count begins is no part of what is counted
desk.start()
began = time.time()
urgent = {round(i * ALERTS / 5) for i in range(5)}
alerts = []
for number in range(ALERTS):
    rank = 1 + number % 2 if number in urgent else 3 + number % 2
    alerts.append((f"w{number}", "ding", "ding", rank, SUBJECT.format(number), markdown(f"rank {rank} no {number}")))
desk.plan(alerts)


def waiting():
    return sum(count for state, count in desk.states().items() if state in ("waiting", "sending"))


while waiting() and time.time() < began + SECONDS:
    time.sleep(0.2)
finished = time.time() - began
desk.stop()
with robot.lock:
    told = list(robot.told)
alone = [(at - began, m["title"]) for at, m in told if m["title"].startswith("rank")]
grave = [at for at, title in alone if title[5] in "12"]
merged = [m["title"] for _, m in told if "汇总" in m["title"]]
most = max(sum(1 for other, _ in told if at - 60 < other <= at) for at, _ in told)
print(f"{ALERTS} alerts: {len(told)} calls, at most {most} in 60 s, {len(robot.refused)} refused; Ⅰ/Ⅱ {len(grave)} out after at "
      f"most {max(grave):.1f} s; all told after {finished:.1f} s; {len(merged)} summaries")
expect(not robot.refused, f"the robot said no: {robot.refused}")
expect(most <= 20, f"{most} calls in 60 s")
expect(len(grave) == 5, f"{len(grave)} of the five came alone")
expect(set(desk.states()) <= {"sent", "dropped"}, f"{desk.states()} {desk.log()[-3000:]}")  # dropped: part of a summary
# "(2/3)" repeats the whole's number
counted = sum(int(re.search(r"(\d+) 条", title)[1]) for title in merged if not re.search(r"（(?!1/)\d+/\d+）", title))
expect(merged and counted + len(alone) == ALERTS, f"{counted} merged and {len(alone)} alone of {ALERTS}")
