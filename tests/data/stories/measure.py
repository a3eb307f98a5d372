"""How well titles find their stories, and how firmly: measure.py STORIES_PARTITION HOTLIST.jsonl.gz [--choose] [--stability]

BCubed of the labelled titles in the stories that the whole stream makes: a title's precision is the share of its story
that bears its label, where every title without that label counts as foreign, labelled or not, except those labelled
"-" (nobody could say). Labels of even numbers are one half, of odd numbers the other. Without an option: both halves at
the shipped threshold, with a floor. --choose: the threshold that is best on the even half, and what it gives on
the odd one. --baseline: instead of ours, each title in the story of the one most like it of the last seven days by
cosine of character pairs weighed by tf-idf, if that is above a threshold, best on the even half. --stability: the adjusted Rand index of the whole partition against shuffling
within ten minutes by the clock, against each title's coming up to ten minutes late (its own times unchanged, or seen no
sooner), against twenty restarts, and how far what was told at once is from what is settled. Exits 77 where the hot list is not there.
"""
import argparse
import collections
import datetime
import gzip
import hashlib
import json
import math
import pathlib
import subprocess
import sys
import tempfile

FLOOR = 0.80
GRID = ["0.040", "0.044", "0.047", "0.050", "0.055", "0.060"]
here = pathlib.Path(__file__).parent


def partitions(binary, hotlist, runs):
    """Name → story of each document, in the order of the file; and its keys."""
    with tempfile.TemporaryDirectory(prefix="tingchao-stories-") as folder:
        with gzip.open(hotlist) as stream:
            subprocess.run([binary, folder, *runs], input=stream.read(), check=True)
        out, keys = {}, []
        for file in sorted(pathlib.Path(folder).glob("*.tsv")) + [pathlib.Path(folder) / "arrival.first"] * ("arrival" in runs):
            rows = [line.split("\t") for line in file.read_text().splitlines()]
            keys = [key for key, _ in rows]
            out[file.stem if file.suffix == ".tsv" else "told at once"] = [story for _, story in rows]
        return out, keys


def bcubed(keys, stories, labels, wanted):
    members, size = collections.defaultdict(collections.Counter), collections.Counter()
    for key, story in zip(keys, stories):
        members[story][labels.get(key, "")] += 1
        size[labels.get(key, "")] += 1
    precision = recall = count = 0
    for key, story in zip(keys, stories):
        label = labels.get(key, "-")
        if label == "-" or not wanted(label):
            continue
        same, all_ = members[story][label], members[story].total() - members[story]["-"]
        precision, recall, count = precision + same / all_, recall + same / size[label], count + 1
    precision, recall = precision / count, recall / count
    return precision, recall, 2 * precision * recall / (precision + recall), count


def nearest(hotlist):
    """Keys, and of each title the nearest one before it and their cosine."""
    keys, found, times, norms = [], [], [], []
    postings, frequency = collections.defaultdict(collections.deque), collections.Counter()
    for line in gzip.open(hotlist, "rt"):
        row = json.loads(line)
        at = datetime.datetime.fromisoformat(row["published_at"]).timestamp()
        keys.append(hashlib.sha256(f"{row['title']}\n{row['published_at'][:10]}".encode()).hexdigest()[:16])
        pairs = {row["title"][i:i + 2] for i in range(len(row["title"]) - 1)}
        weights = {p: math.log(1 + (len(keys)) / (frequency[p] or 0.5)) for p in pairs}
        norm = math.sqrt(sum(w * w for w in weights.values())) or 1
        number, shared = len(keys) - 1, collections.defaultdict(float)
        for pair, weight in weights.items():
            posting = postings[pair]
            while posting and times[posting[0][0]] < at - 7 * 86400:
                posting.popleft()
            for other, theirs in posting:
                shared[other] += weight * theirs
            posting.append((number, weight))
        best = max(shared, key=lambda other: (shared[other] / norms[other], other), default=None)
        found.append((best, shared[best] / norms[best] / norm) if best is not None else (None, 0))
        times.append(at)
        norms.append(norm)
        frequency.update(pairs)
    return keys, found


def neighbours(found, threshold):
    stories = []
    for i, (other, cosine) in enumerate(found):
        stories.append(stories[other] if other is not None and cosine >= threshold else i)
    return stories


def rand_index(a, b):
    pairs = lambda counts: sum(n * (n - 1) / 2 for n in counts.values())
    both, left, right = pairs(collections.Counter(zip(a, b))), pairs(collections.Counter(a)), pairs(collections.Counter(b))
    expected = left * right / (len(a) * (len(a) - 1) / 2)
    return (both - expected) / ((left + right) / 2 - expected)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("hotlist")
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--stability", action="store_true")
    parser.add_argument("--baseline", action="store_true")
    asked = parser.parse_args()
    if not pathlib.Path(asked.hotlist).exists():
        print("no hot list here: not measured")
        return 77
    labels = dict(line.split("\t") for line in (here / "labels.tsv").read_text().splitlines())
    even, odd = (lambda l: int(l[1:]) % 2 == 0), (lambda l: int(l[1:]) % 2 == 1)
    if asked.stability:
        runs = ["arrival", "restarts,restarts=20", "shuffled1,shuffle=1", "shuffled2,shuffle=2", "late1,late=1",
                "late2,late=2", "seen1,seen=1", "seen2,seen=2", "late-restarts,late=3,restarts=20"]
        made, _ = partitions(asked.binary, asked.hotlist, runs)
        for name in made:
            if name != "arrival":
                print(f"{name}: adjusted Rand index {rand_index(made['arrival'], made[name]):.4f}")
        return 0
    if asked.baseline:
        keys, found = nearest(asked.hotlist)
        made = {f"{t / 100:.2f}": neighbours(found, t / 100) for t in range(15, 80, 5)}
        score = lambda name, half: bcubed(keys, made[name], labels, half)
        best = max(made, key=lambda name: score(name, even)[2])
        for name in sorted({best, "0.15"}):
            for title, half in (("even", even), ("odd", odd), ("all", lambda l: True)):
                p, r, f, n = score(name, half)
                print(f"nearest neighbour at {name} {title}: P {p:.3f} R {r:.3f} F1 {f:.3f} of {n}")
        return 0
    runs = [f"t{t},threshold={t}" for t in GRID] if asked.choose else ["shipped"]
    made, keys = partitions(asked.binary, asked.hotlist, runs)
    found = sum(key in labels for key in keys)
    print(f"{len(set(labels.values()) - {'-'})} stories, {found} labelled documents of {len(keys)}")
    score = lambda name, half: bcubed(keys, made[name], labels, half)
    best = max(made, key=lambda name: score(name, even)[2])
    for name in made:
        for title, half in (("even", even), ("odd", odd), ("all", lambda l: True)):
            p, r, f, n = score(name, half)
            print(f"{name} {title}: P {p:.3f} R {r:.3f} F1 {f:.3f} of {n}{'  <- chosen' if name == best and asked.choose else ''}")
    return 0 if min(score(best, even)[2], score(best, odd)[2]) >= FLOOR else 1


sys.exit(main())
