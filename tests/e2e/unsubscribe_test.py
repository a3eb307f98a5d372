"""unsubscribe_test.py BINARY: the digest's own headers end it with one POST; the next digest leaves that reader out."""
import email
import email.policy
import pathlib
import socket
import sqlite3
import tempfile
import urllib.error
import urllib.request

from town import expect, run, start, stop, wait_for

directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-unsubscribe-"))
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
config = directory / "tingchao.yaml"
config.write_text(f"""bureau: {{name: 青溪区教育和体育局, url: "http://127.0.0.1:{port}"}}
store: sqlite:t.db
http: {{port: {port}}}
channels:
  - {{id: files, kind: spool, directory: {directory}/out}}
recipients:
  - {{name: 值班员, channel: files, address: duty@example.cn, digest: true}}
  - {{name: 局长, channel: files, address: chief@example.cn, digest: true}}
digest: {{enabled: false}}
sources: []
""", encoding="utf-8")
(directory / "out").mkdir()
daemon = start("run", "-c", str(config), stdout=open(directory / "log", "w"), stderr=-2)


def up():
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).status == 200
    except OSError:
        return False


def mails():
    found = [email.message_from_bytes(p.read_bytes(), policy=email.policy.default) for p in (directory / "out").glob("*.eml")]
    return {m["To"].addresses[0].addr_spec: m for m in found}


def send(day):
    for old in (directory / "out").glob("*.eml"):
        old.unlink()
    done = run("digest", "--send", "--date", day, "-c", str(config))
    expect(done.returncode == 0, f"digest --send: {done.stdout}{done.stderr}")
    return int(done.stdout.split()[0])


wait_for(up, 30, "the daemon answers")
expect(send("2026-04-14") == 2, "two messages are planned")
wait_for(lambda: len(mails()) == 2, 30, "two mails")
headers = {who: mail["List-Unsubscribe"] for who, mail in mails().items()}
expect(all(mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" for mail in mails().values()), f"one click is not offered: {headers}")
url = headers["duty@example.cn"].split(">")[0].lstrip("<")
expect(url.startswith(f"http://127.0.0.1:{port}/u/") and url not in headers["chief@example.cn"], f"the address is not the reader's own: {headers}")
expect(url in mails()["duty@example.cn"].get_body(("html",)).get_content(), "the page does not link it")

page = urllib.request.urlopen(url, timeout=5)
expect(page.status == 200 and "退订" in page.read().decode(), "no page with a button")
expect(send("2026-04-13") == 2, "a look ended the digest")
wait_for(lambda: len(mails()) == 2, 30, "two mails again")
done = urllib.request.urlopen(urllib.request.Request(url, data=b"List-Unsubscribe=One-Click", method="POST"), timeout=5)
expect(done.status == 200, f"POST: {done.status}")
expect(send("2026-04-12") == 1, "the next digest does not leave the reader out")
wait_for(lambda: "chief@example.cn" in mails(), 30, "the other's mail")
expect(list(mails()) == ["chief@example.cn"], f"mails to {list(mails())}")
for bad in (url[:-1] + ("0" if url[-1] != "0" else "1"), url + "x"):
    try:
        urllib.request.urlopen(urllib.request.Request(bad, data=b"List-Unsubscribe=One-Click", method="POST"), timeout=5)
        expect(False, "a wrong token is taken")
    except urllib.error.HTTPError as error:
        expect(error.code == 404, f"a wrong token: {error.code}")
with sqlite3.connect(directory / "t.db") as store:
    rows = store.execute("SELECT actor, action FROM audit WHERE action LIKE 'digest.%'").fetchall()
expect(rows == [("duty@example.cn", "digest.unsubscribe")], f"audit rows: {rows}")
stop(daemon)
print("unsubscribe: 1 of 2 readers left by one click, and was left out")
