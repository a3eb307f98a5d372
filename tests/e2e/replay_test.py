"""replay_test.py BINARY: the same history twice gives the same bytes, and every reason names lines of the input."""
import datetime
import json
import pathlib
import random
import tempfile

from town import expect, run

random.seed(7)
folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-replay-"))
at = datetime.datetime(2026, 1, 5, 8, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
lines, titles = [], set()
for i in range(6000):
    at += datetime.timedelta(minutes=random.randint(1, 14))
    title = random.choice(["全市{}次公交线路调整", "云溪河今日水位{}厘米", "第{}届摄影展开幕", "{}号地块今日挂牌", "图书馆新增{}个座位"]).format(i)
    if 4000 <= i < 4030 and i % 3 == 0:
        title = f"望山路小学{i % 4 + 2}名学生食堂就餐后食物中毒送医"
    elif i % 40 == 0:
        title = f"中小学{i}个课后服务项目上线"
    titles.add(title)
    lines.append(json.dumps({"title": title, "published_at": at.isoformat(), "source": "hot", "kind": "hotlist"}, ensure_ascii=False))
history = folder / "history.jsonl"
history.write_text("\n".join(lines) + "\n", encoding="utf-8")
once, again = (run("replay", "--input", str(history), "--json", timeout=120) for _ in range(2))
expect(once.returncode == 0, f"exit {once.returncode}: {once.stderr}")
expect(once.stdout == again.stdout, "two runs differ")
changes = [json.loads(line) for line in once.stdout.splitlines()]
stories = [c for c in changes if c["kind"] == "story" and "望山路小学" in c["title"]]
expect(stories and stories[0]["event"] == "raised", "the incident raised no warning")
expect(stories[0]["level"]["rank"] <= 3, f"level {stories[0]['level']} at the first item, Ⅲ or graver is due")
first = min(json.loads(line)["published_at"] for line in lines if "食物中毒" in line)
expect(stories[0]["at"] == first, f"raised at {stories[0]['at']}, the first item came at {first}")
for change in changes:
    expect(change["reasons"], f"no reasons: {change}")
    for reason in change["reasons"]:
        for document in reason["documents"]:
            expect(document in titles, f"a reason names '{document}', which is not in the input")
compared = run("replay", "--input", str(history), "--json", "--summary", "--against", "shipped", timeout=120)
tail = [json.loads(line) for line in compared.stdout.splitlines()][len(changes):]
expect([list(line)[0] for line in tail] == ["summary", "summary"], f"the same measure differs from itself: {tail}")
expect(tail[0]["stories_by_rank"] == tail[1]["stories_by_rank"] and tail[0]["documents"] == len(lines), f"summary: {tail[0]}")
raised = len({change["warning"] for change in changes if change["kind"] == "story"})
expect(sum(rate["alarms"] for rate in tail[0]["stories_by_rank"].values()) == raised, f"{raised} raised, summary: {tail[0]}")
expect(all(rate["low"] < rate["per_30d"] < rate["high"] for rate in tail[0]["stories_by_rank"].values()), f"interval: {tail[0]}")
print(f"replay: {len(changes)} changes, {len(stories)} of the incident, twice the same bytes")
