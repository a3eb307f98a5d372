"""measure_elsewhere.py BINARY FOLDER [MODEL]: what the classifier of relevance says of text that is not the project's.

FOLDER holds public sets that the project may measure with, but neither ship nor learn from: text/{hotel,takeaway,shop}-train.tsv
(reviews), text/thuc-titles-train.tsv (news titles by class), seg/pfr.txt (a newspaper of 1998, words cut),
hotlist/*.jsonl.gz (a hot list). Of each set every so-manieth line is taken, its first 160 characters as the analyzer reads
them. Titles that name schools (NEAR) and lines of the paper that do (SCHOOL_WORDS) are set apart, for many are rightly
affirmed; nearly nothing of the rest is a school matter, so what is called relevant there is noise. Titles of the class
education are parted by what they name: universities, studies abroad and adults' examinations are no matter of the bureau.
"""
import gzip
import json
import os
import subprocess
import sys
import tempfile

LEAD = 160
SAMPLE = 3000   # lines a set
TITLES = 20000  # of the hot list
SURE = 0.9      # from here on the digest lists a text
SCHOOL_WORDS = ("学校", "教育", "学生", "教师", "高校")
NEAR = SCHOOL_WORDS + ("老师", "校长", "校园", "中学", "小学", "初中", "高中", "高考", "中考", "幼儿园", "班主任", "家长", "上课",
                       "开学", "考生", "初三", "高三", "校车", "校服", "作业", "大学", "体育")
SCHOOL = ("中学", "小学", "初中", "高中", "高考", "中考", "幼儿园", "家长", "高三", "初三", "中招", "高招")
BEYOND = ("大学", "考研", "研究生", "自考", "自学考试", "留学", "托福", "雅思", "GRE", "MBA", "公务员", "四六级", "成考", "硕士", "海外")


def lines_of(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as source:
        return [line.rstrip("\n") for line in source]


def thinned(texts, count=SAMPLE):
    texts = [text[:LEAD] for text in texts if text.strip()]
    return texts[::max(1, len(texts) // count)][:count]


def tagged(path):
    return [line.split("\t", 1) for line in lines_of(path)]


def names(text, words):
    return any(word in text for word in words)


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
    sets, near = {}, []
    for name in ("hotel", "takeaway", "shop"):
        sets["reviews, " + name] = thinned([row[1] for row in tagged(os.path.join(text, name + "-train.tsv"))])
    titles = tagged(os.path.join(text, "thuc-titles-train.tsv"))
    for name in sorted({row[0] for row in titles}):
        texts = [row[1].strip() for row in titles if row[0] == name]
        if name == "education":
            school = [text for text in texts if names(text, SCHOOL) and not names(text, BEYOND)]
            sets["* thuc education, schools"] = school
            sets["* thuc education, beyond"] = [text for text in texts if names(text, BEYOND) and not names(text, SCHOOL)]
        else:
            sets["thuc " + name] = [text for text in texts if not names(text, NEAR)]
            near += [text for text in texts if names(text, NEAR)]
    sets["* thuc others, name schools"] = near
    paper = ["".join(line.split()) for line in lines_of(os.path.join(folder, "seg", "pfr.txt"))]
    sets["newspaper of 1998"] = thinned([line for line in paper if not names(line, SCHOOL_WORDS)])
    hot = os.path.join(folder, "hotlist")
    titles = [json.loads(line)["title"] for name in sorted(os.listdir(hot)) for line in lines_of(os.path.join(hot, name))]
    titles = thinned(titles, TITLES)
    matched = matched_by_rules(binary, titles)
    sets["* hot list, our rules match"] = [title for title, is_match in zip(titles, matched) if is_match]
    rest = [title for title, is_match in zip(titles, matched) if not is_match]
    sets["* hot list, name schools"] = [title for title in rest if names(title, NEAR)]
    sets["hot list, the rest"] = [title for title in rest if not names(title, NEAR)]
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
        if not name.startswith("*"):
            rest = [a + b for a, b in zip(rest, counts)]
    print("%-28s %6d %8.2f %% %6.2f %%" % ("all without *", rest[0], 100 * rest[1] / rest[0], 100 * rest[2] / rest[0]))


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit("usage: measure_elsewhere.py BINARY FOLDER [MODEL]")
    main(*sys.argv[1:])
