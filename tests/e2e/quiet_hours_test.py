"""quiet_hours_test.py BINARY: what waits for the morning of a warning that is over by then is not sent, and the store and
the audit log say so. The command that ends it is killed at random moments: either all of it happened or nothing."""
import datetime
import pathlib
import random
import re
import sqlite3
import tempfile
import time

from town import expect, run, start, stop, wait_for

ROUNDS = 16
directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-quiet-"))
out = directory / "out"
out.mkdir()
done = run("demo", "--once", "--seconds", "8", "--dir", str(directory))
expect(done.returncode == 0, f"demo: {done.stdout}{done.stderr}")
config = directory / "tingchao.yaml"


def set_clock(begins, factor):
    """From now on the moment `begins`, with time running `factor` times as fast."""
    text = re.sub(r"(?s)channels:.*", "", config.read_text(encoding="utf-8"))
    text = re.sub(r"(?s)sources:.*", "", text)
    config.write_text(text + f"""channels:
  - {{id: files, kind: spool, directory: {out}}}
recipients:
  - {{name: 值班员, channel: files, address: duty@example.cn, quiet: ["22:00-07:00"]}}
digest: {{enabled: false}}
clock: {{begins: "{begins}", ends: "2030-01-01T00:00:00+08:00", started: "{int(time.time() * 1000)}", factor: {factor}}}
""", encoding="utf-8")


def rows(sql):
    with sqlite3.connect(f"file:{directory}/tingchao.db?mode=ro", uri=True, timeout=10) as database:
        return database.execute(sql).fetchall()


def waiting():
    return [seq for (seq,) in rows("SELECT seq FROM deliveries WHERE state = 'waiting' AND recipient = 'duty@example.cn' ORDER BY seq")]


def last_event():
    return rows("SELECT json_extract(change, '$.event') FROM warning_changes ORDER BY seq DESC LIMIT 1")[0][0]


def act(verb, *words):
    told = run("warnings", verb, warning, "--by", "王敏", "--note", "外地的事", *words, "-c", str(config))
    expect(told.returncode == 0, f"{verb}: {told.stdout}{told.stderr}")


night = datetime.datetime(2027, 1, 5, 23, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
set_clock(night.isoformat(), 1)
(warning,) = (name for (name,) in rows("SELECT id FROM warnings"))
act("level", "--level", "Ⅳ")
expect(len(waiting()) == 1, f"the move to Ⅳ waits for the morning: {waiting()}")
slow = time.monotonic()
act("dismiss")
slow = time.monotonic() - slow
random.seed(5)
cut = 0
for round_ in range(ROUNDS):
    act("reopen")
    before = waiting()
    expect(len(before) >= 1 and last_event() == "reopened", f"{before} {last_event()}")
    # Between 60 and 120 % of the time that one takes: before, within and after its transaction.
    killed = start("warnings", "dismiss", warning, "--by", "王敏", "--note", "外地的事", "-c", str(config), stdout=-3)
    time.sleep(slow * random.uniform(0.6, 1.2))
    killed.kill()
    killed.wait()
    if last_event() == "dismissed":
        (told,) = waiting()
        expect(told > max(before), "what waits is not the dismissal")
    else:
        cut += 1
        expect(waiting() == before, f"half of a dismissal: {before} became {waiting()}")
        act("dismiss")
        expect(len(waiting()) == 1, f"{waiting()} wait after the dismissal")
dropped = rows("SELECT count(*), min(answer) FROM deliveries WHERE state = 'dropped' AND recipient = 'duty@example.cn'")[0]
expect(dropped[0] >= ROUNDS + 1 and dropped[1] == "预警已排除（外地的事），此前的消息不再发送", f"dropped: {dropped}")
audited = run("audit", "list", "--action", "delivery.dropped", "--limit", "1000", "-c", str(config))
counted = sum(int(n) for n in re.findall(r"(\d+) 条消息未发出", audited.stdout))
expect(counted == dropped[0], f"{counted} of {dropped[0]} in the audit log: {audited.stdout}{audited.stderr}")
expect(run("audit", "verify", "-c", str(config)).returncode == 0, "the audit log does not hold")

# Morning comes, and with it the one message that tells of the end.
set_clock((night + datetime.timedelta(hours=7, minutes=58)).isoformat(), 60)
log = open(directory / "daemon.log", "w", encoding="utf-8")
daemon = start("run", "-c", str(config), stdout=log, stderr=log)
wait_for(lambda: not rows("SELECT id FROM deliveries WHERE state IN ('waiting', 'sending')"), 40, "what waited has gone out")
expect(stop(daemon) == 0, "the daemon did not stop cleanly")
letters = [path.read_text(encoding="utf-8") for path in out.glob("*.eml")]
expect(len(letters) == 1, f"{len(letters)} letters in the morning")
shown = run("warnings", "show", warning, "-c", str(config)).stdout
expect("不再计时" in shown or "到期未完成" in shown, f"clocks of a dismissed warning: {shown}")
expect("已超时" not in shown and "剩余" not in shown, f"a dismissed warning's clocks run: {shown}")
print(f"{ROUNDS} dismissals killed, {cut} of them before their transaction; {dropped[0]} messages not sent, one letter in the morning")
