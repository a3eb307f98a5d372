"""measure_elsewhere.py BINARY FOLDER [MODEL]: what the classifier of relevance says of text that is not the project's.

FOLDER holds public sets that the project may measure with, but neither ship nor learn from: text/{hotel,takeaway,shop}-train.tsv
(reviews), text/thuc-titles-train.tsv (news titles by class), seg/pfr.txt (a newspaper of 1998, words cut),
hotlist/*.jsonl.gz (a hot list). Of each set every so-manieth line is taken, its first 160 characters as the analyzer reads
them. Nearly none of it is a school matter, but for the class and the titles that are named so: what is called relevant there
is noise, whatever the share of true ones in it (some titles of society are about schools, and rightly affirmed).
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile

LEAD = 160
SAMPLE = 3000  # lines a set
SURE = 0.9     # from here on the digest lists a text
SCHOOL_WORDS = ("学校", "教育", "学生", "教师", "高校")
# Where the lines are mostly school matters and should be affirmed.
OURS = ("thuc education", "hot list, our rules match")


def lines_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as source:
        return [line.rstrip("\n") for line in source]


def thinned(texts, count=SAMPLE):
    texts = [text[:LEAD] for text in texts if text.strip()]
    return texts[::max(1, len(texts) // count)][:count]


def tagged(path):
    return [line.split("\t", 1) for line in lines_of(path)]


def matched_by_rules(binary, texts):
    """Which of the texts a shipped rule matches, each read as a document of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            with open(os.path.join(folder, "%d.txt" % number), "w", encoding="utf-8") as target:
                target.write(text)
        done = subprocess.run([binary, "scan", "--json", folder], capture_output=True, text=True)
        hits = {int(os.path.basename(json.loads(line)["file"])[:-4]) for line in done.stdout.splitlines()}
    return [number in hits for number in range(len(texts))]


def sets_of(binary, folder):
    text = os.path.join(folder, "text")
    sets = {}
    for name in ("hotel", "takeaway", "shop"):
        sets["reviews, " + name] = thinned([row[1] for row in tagged(os.path.join(text, name + "-train.tsv"))])
    titles = tagged(os.path.join(text, "thuc-titles-train.tsv"))
    for name in sorted({row[0] for row in titles}):
        sets["thuc " + name] = [row[1] for row in titles if row[0] == name]
    paper = ["".join(line.split()) for line in lines_of(os.path.join(folder, "seg", "pfr.txt"))]
    sets["newspaper of 1998"] = thinned([line for line in paper if not any(word in line for word in SCHOOL_WORDS)])
    hot = os.path.join(folder, "hotlist")
    titles = [json.loads(line)["title"] for name in sorted(os.listdir(hot)) for line in lines_of(os.path.join(hot, name))]
    titles = thinned(titles, 20000)
    matched = matched_by_rules(binary, titles)
    sets["hot list, our rules match"] = [title for title, is_match in zip(titles, matched) if is_match]
    sets["hot list, the rest"] = [title for title, is_match in zip(titles, matched) if not is_match]
    return sets


def judged(binary, texts, model):
    """The probability that each is relevant."""
    done = subprocess.run([binary, "classify", "--head", "relevance"] + (["--model", model] if model else []) + ["-"],
                          input="".join(text + "\n" for text in texts), capture_output=True, text=True, check=True)
    answers = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(answers) == len(texts)
    return [float(sure) if label == "1" else 1 - float(sure) for label, sure in answers]


def main(binary, folder, model=None):
    rest = [0, 0, 0]
    print("%-28s %6s %10s %8s" % ("set", "texts", "relevant", ">= %.1f" % SURE))
    for name, texts in sets_of(binary, folder).items():
        sure = judged(binary, texts, model)
        counts = [len(texts), sum(one >= 0.5 for one in sure), sum(one >= SURE for one in sure)]
        print("%-28s %6d %8.2f %% %6.2f %%" % (name, counts[0], 100 * counts[1] / counts[0], 100 * counts[2] / counts[0]))
        if name not in OURS:
            rest = [a + b for a, b in zip(rest, counts)]
    print("%-28s %6d %8.2f %% %6.2f %%" % ("all that are not ours", rest[0], 100 * rest[1] / rest[0], 100 * rest[2] / rest[0]))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: measure_elsewhere.py BINARY FOLDER [MODEL]")
    main(*sys.argv[1:])
