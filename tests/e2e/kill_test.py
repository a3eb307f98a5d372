"""kill_test.py BINARY KILLS SECONDS: kills the daemon at random moments of the afternoon. Nothing that the
town published may be missing afterwards, no message unsent, none sent under two Message-IDs."""
import collections
import random
import re
import sys
import time

from town import ROOT, Town, expect, stop, wait_for

KILLS, SECONDS = int(sys.argv[2]), float(sys.argv[3])
random.seed(20260415)

town = Town(SECONDS)
moments = sorted(random.uniform(0.02, 0.98) * SECONDS for _ in range(KILLS))
daemon = town.daemon()
for moment in moments:
    time.sleep(max(0.0, town.started + moment - time.monotonic()))
    expect(daemon.poll() is None, "the daemon ended by itself; its log:\n" + town.log()[-3000:])
    daemon.kill()
    daemon.wait()
    daemon = town.daemon()
wait_for(town.over, SECONDS + 5, "the afternoon is over")
text = (ROOT / "rules/demo/town.yaml").read_text(encoding="utf-8")


def missing():
    stored = "\n".join(f"{title}\n{body}" for title, body in town.query("SELECT title, body FROM documents")).replace("\n", "")
    lines = []
    for line in text.splitlines():
        event = re.search(r"on: (\w+).*?title: (.*?), text: \"(.*)\"", line)
        if not event:
            continue
        place, title, body = event.groups()
        wanted = title if place == "hotlist" else body
        if wanted and wanted != '""' and wanted not in stored:
            lines.append(line.strip())
    return lines


# The last visits take their time where the machine is busy.
until = time.monotonic() + 30
while missing() and time.monotonic() < until:
    time.sleep(0.5)
wait_for(lambda: not town.query("SELECT 1 FROM deliveries WHERE state IN ('waiting', 'sending')"), 20, "the outbox is empty")
code = stop(daemon)
expect(code == 0, f"the daemon did not stop cleanly: {code}; its log:\n" + town.log()[-3000:])
expect(not missing(), "documents lost:\n" + "\n".join(missing()))
doubled = town.query("SELECT id, count(*) FROM documents GROUP BY id HAVING count(*) > 1")
expect(not doubled, f"documents twice: {doubled}")
expect(town.query("PRAGMA integrity_check") == [("ok",)], "integrity_check")

warnings = town.query("SELECT id FROM warnings")
expect(warnings, "no warning was raised")
rows = town.query("SELECT key, message_id, recipient, state FROM deliveries")
expect(all(state == "sent" for *_, state in rows), f"not all sent: {collections.Counter(state for *_, state in rows)}")
at_sink = collections.Counter(mail["Message-ID"].strip().strip("<>") for mail in town.mails())
planned = {message_id.strip().strip("<>") for _, message_id, *_ in rows}
expect(planned <= set(at_sink), f"mails lost: {planned - set(at_sink)}")
expect(set(at_sink) <= planned, f"mails that nobody planned: {set(at_sink) - planned}")
by_cause = collections.defaultdict(set)
for mail in town.mails():
    by_cause[(mail["To"], mail["Subject"], mail.get_body(("plain",)).get_content())].add(mail["Message-ID"])
twice = {cause[:2]: ids for cause, ids in by_cause.items() if len(ids) > 1}
expect(not twice, f"the same mail under two Message-IDs: {twice}")
gaps = town.query("SELECT warning FROM warning_changes GROUP BY warning HAVING max(seq) <> count(*)")
expect(not gaps, f"history with gaps: {gaps}")
town.close()
print(f"{KILLS} kills: {len(town.query('SELECT 1 FROM documents'))} documents, {len(warnings)} warnings, {len(rows)} messages, "
      f"{sum(at_sink.values()) - len(at_sink)} repeated under the same Message-ID; nothing lost")
