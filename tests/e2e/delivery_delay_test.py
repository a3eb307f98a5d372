"""delivery_delay_test.py BINARY WARNINGS: from the transaction that plans a message to its acceptance by a mail server and
by a robot on loopback, with the daemon running; prints p50 and p95. That every message arrives is what is tested."""
import email
import socket
import sys
import time

from aiosmtpd.controller import Controller

from desk import Desk, Robot, markdown
from town import expect

WARNINGS = int(sys.argv[2])
mailed = {}


class Sink:
    async def handle_DATA(self, server, session, envelope):
        mailed[email.message_from_bytes(envelope.content)["Subject"]] = time.time()
        return "250 queued"


with socket.create_server(("127.0.0.1", 0)) as free:
    port = free.getsockname()[1]
controller = Controller(Sink(), hostname="127.0.0.1", port=port)
controller.start()
robot = Robot()
desk = Desk([f"{{id: mail, kind: mail, host: 127.0.0.1, port: {port}, security: none, from: alert@example.cn}}",
             f'{{id: ding, kind: dingtalk, url: "{robot.url}"}}'],
            ["{name: 值班员, channel: mail, address: duty@example.cn}", "{name: 值班群, channel: ding}"])
desk.start()
planned = {}
for number in range(WARNINGS):
    name = f"w{number}"
    letter = f"From: a@example.cn\r\nTo: duty@example.cn\r\nSubject: {name}\r\nMessage-ID: <m{number}@x>\r\n\r\nx\r\n"
    planned[name] = time.time()
    desk.plan([(name, "mail", "duty@example.cn", 1, "s", letter), (name, "ding", "ding", 1, "s", markdown(name))])
    time.sleep(3.7)  # no storm; and not in step with the daemon's second


def arrived():
    with robot.lock:
        return {"mail": dict(mailed), "ding": {message["title"]: at for at, message in robot.told}}


deadline = time.time() + 60
while time.time() < deadline and min(map(len, arrived().values())) < WARNINGS:
    time.sleep(0.1)
desk.stop()
for channel, got in arrived().items():
    expect(set(got) == set(planned), f"{channel}: {len(got)} of {WARNINGS}")
    delays = sorted(got[key] - planned[key] for key in planned)
    print(f"{channel}: {WARNINGS} messages, p50 {delays[len(delays) // 2]:.2f} s, p95 {delays[int(len(delays) * 0.95)]:.2f} s, "
          f"most {delays[-1]:.2f} s")
controller.stop()
