"""The demo's town as a fixture: `tingchao demo --town` serves it, the tests run the daemon against it."""
import atexit
import email
import email.policy
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

BINARY = str(pathlib.Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else "tingchao"
ROOT = pathlib.Path(__file__).resolve().parents[2]


started = []  # every process of this test; none may outlive it


@atexit.register
def end_all():
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def start(*words, **options):
    started.append(subprocess.Popen([BINARY, *words], **options))
    return started[-1]


def expect(truth, what):
    if not truth:
        sys.exit(f"FAILED: {what}")


def run(*words, **options):
    return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=options.pop("timeout", 60), **options)


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    sys.exit(f"FAILED: after {seconds} s still not: {what}")


class Town:
    """Serves one afternoon that takes `seconds`; `config` is what the daemon needs."""

    def __init__(self, seconds):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-town-"))
        self.started = time.monotonic()
        self.seconds = seconds
        self.process = start("demo", "--town", "--dir", str(self.directory), "--seconds", str(seconds), stdout=subprocess.PIPE, text=True)
        self.config = self.process.stdout.readline().strip()
        expect(self.config, "the town did not start")

    def daemon(self):
        log = open(self.directory / "daemon.log", "ab")
        return start("run", "-c", self.config, stdout=log, stderr=log)

    def over(self):
        return time.monotonic() - self.started >= self.seconds

    def query(self, sql):
        with sqlite3.connect(f"file:{self.directory}/tingchao.db?mode=ro", uri=True, timeout=10) as database:
            try:
                return database.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                if "no such table" in str(error):  # the daemon is still making the file
                    return []
                raise

    def mails(self):
        parsed = []
        for path in sorted((self.directory / "mails").glob("*.eml")):
            parsed.append(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
        return parsed

    def log(self):
        return (self.directory / "daemon.log").read_text(encoding="utf-8", errors="replace")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def stop(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(20)
