#!/usr/bin/python3
"""A mail server for tests: takes mail on loopback, prints what it got, forwards nothing.

First line on stdout: {"port": 40123, "ca_file": "/tmp/…/cert.pem"}; then a line for each event:
  {"event": "message", "from", "to": [...], "user", "tls", "message"}   (message in base64)
  {"event": "refused", "to", "code"}
It ends when its standard input is closed, so a dying test leaves nothing behind.
"""
import argparse
import asyncio
import base64
import json
import logging
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


def say(**event):
    print(json.dumps(event), flush=True)


class Sink:
    def __init__(self, options):
        self.options = options
        self.greylisted = {}

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = None
        if address in self.options.reject:
            answer = "550 5.1.1 no such mailbox here"
        elif self.greylisted.get(address, 0) < self.options.greylist:
            self.greylisted[address] = self.greylisted.get(address, 0) + 1
            answer = "450 4.2.0 greylisted, try again later"
        if answer:
            say(event="refused", to=address, code=int(answer[:3]))
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.options.slow:
            await asyncio.sleep(self.options.slow)
        if self.options.reject_data:
            return "554 5.7.1 this message looks like spam"
        say(event="message", **{"from": envelope.mail_from}, to=envelope.rcpt_tos,
            user=session.auth_data.login.decode() if session.auth_data else "",
            tls=session.ssl is not None or self.options.tls,
            message=base64.b64encode(envelope.original_content).decode())
        return "250 2.0.0 queued as sink-1"

    def authenticate(self, server, session, envelope, mechanism, login):
        user, _, password = self.options.auth.partition(":")
        good = login.login == user.encode() and login.password == password.encode()
        return AuthResult(success=good, handled=False, auth_data=login)


def make_certificate(folder, names):
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=smtp-sink",
                    "-addext", "subjectAltName=" + names, "-keyout", key, "-out", cert],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context, cert


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--auth", default="", metavar="USER:PASSWORD", help="demand this login")
    parser.add_argument("--starttls", action="store_true", help="offer and demand STARTTLS")
    parser.add_argument("--tls", action="store_true", help="TLS from the first byte")
    parser.add_argument("--names", default="DNS:localhost,IP:127.0.0.1", help="subjectAltName of the certificate")
    parser.add_argument("--reject", action="append", default=[], metavar="ADDRESS", help="answer 550 to this recipient")
    parser.add_argument("--reject-data", action="store_true", help="answer 554 to every message")
    parser.add_argument("--greylist", type=int, default=0, metavar="N", help="450 for the first N tries a recipient")
    parser.add_argument("--slow", type=float, default=0, metavar="SECONDS", help="wait so long before taking a message")
    return parser.parse_args()


async def serve(options, folder):
    context, ca_file = None, ""
    if options.starttls or options.tls:
        context, ca_file = make_certificate(folder, options.names)
    sink = Sink(options)

    def protocol():
        auth = {"authenticator": sink.authenticate, "auth_required": True,
                "auth_require_tls": options.starttls} if options.auth else {}
        return SMTP(sink, hostname="smtp-sink", tls_context=context if options.starttls else None,
                    require_starttls=options.starttls, enable_SMTPUTF8=True, **auth)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, options.address, options.port, ssl=context if options.tls else None)
    say(port=server.sockets[0].getsockname()[1], ca_file=ca_file)
    await loop.run_in_executor(None, sys.stdin.read)
    shutil.rmtree(folder)
    os._exit(0)  # connections still open shall not hold the end back


if __name__ == "__main__":
    logging.disable()  # a client that hangs up is what the tests are about
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="smtp-sink-") as temporary:
        asyncio.run(serve(parse_options(), temporary))
