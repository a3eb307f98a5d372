"""Checks the labelled sets: valid labels, the fixed split, no duplicates, no near duplicates; prints the counts.

Two texts are near duplicates when the Jaccard similarity of their character bigrams is 0.6 or more. Pairs are found
through an inverted index from bigram to texts, so only texts that share something are compared.
"""
import collections
import os
import sys

from split import split_of

STANCES = ("负面", "中性", "正面")
SEVERITIES = ("A", "B", "C", "D")
SPLITS = ("train", "dev", "test")
SETS = ("education.tsv", "stream.tsv", "border.tsv", "voices.tsv", "general.tsv")
NEAR = 0.6


def topics_of(taxonomy):
    """First-level names, read from the table of the taxonomy page."""
    names = set()
    with open(taxonomy, encoding="utf-8") as source:
        for line in source:
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) > 4 and ".yaml" in line:
                names.add(cells[1])
    return names


def faults_of_row(row, topics):
    if len(row) != 6:
        return ["%d columns instead of 6" % len(row)]
    text, relevance, stance, topic, severity, split = row
    faults = []
    if text != text.strip() or not text:
        faults.append("text empty or with outer spaces")
    if relevance not in ("0", "1"):
        faults.append("relevance is %r" % relevance)
    if stance not in STANCES:
        faults.append("stance is %r" % stance)
    if relevance == "1" and topic not in topics:
        faults.append("topic %r is not in the taxonomy" % topic)
    if relevance == "0" and topic != "-":
        faults.append("an irrelevant text has a topic")
    graded = relevance == "1" and stance == "负面"
    if graded != (severity in SEVERITIES) or (not graded and severity != "-"):
        faults.append("severity is %r" % severity)
    if split != split_of(text):
        faults.append("split is %r, the rule says %r" % (split, split_of(text)))
    return faults


def bigrams(text):
    return {text[i:i + 2] for i in range(len(text) - 1)}


def near_duplicates(texts):
    """Pairs (i, j, similarity) with i < j at or above the threshold."""
    sets = [bigrams(text) for text in texts]
    index = collections.defaultdict(list)
    pairs = []
    for j, grams in enumerate(sets):
        shared = collections.Counter()
        for gram in grams:
            shared.update(index[gram])
            index[gram].append(j)
        for i, count in shared.items():
            similarity = count / (len(sets[i]) + len(grams) - count)
            if similarity >= NEAR:
                pairs.append((i, j, similarity))
    return pairs


def print_counts(rows):
    def table(title, values):
        print(title)
        for value, count in sorted(collections.Counter(values).items(), key=lambda item: (-item[1], item[0])):
            print("  %-24s %5d" % (value, count))
    table("split", [row[5] for row in rows])
    table("relevance / stance", [row[1] + " " + row[2] for row in rows])
    table("topic", [row[3] for row in rows])
    table("severity", [row[4] for row in rows])
    lengths = sorted(len(row[0]) for row in rows)
    print("texts %d, length median %d, shortest %d, longest %d"
          % (len(rows), lengths[len(lengths) // 2], lengths[0], lengths[-1]))


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    paths = sys.argv[1:] or [os.path.join(here, name) for name in SETS]
    topics = topics_of(os.path.join(here, "..", "..", "..", "docs", "taxonomy.md"))
    failed = False
    rows, places = [], []
    for path in paths:
        with open(path, encoding="utf-8") as source:
            of_file = [line.rstrip("\n").split("\t") for line in source]
        name = os.path.basename(path)
        for number, row in enumerate(of_file, 1):
            for fault in faults_of_row(row, topics):
                print("%s:%d: %s" % (name, number, fault))
                failed = True
        rows += of_file
        places += ["%s:%d" % (name, number) for number in range(1, len(of_file) + 1)]
        print(name)
        print_counts(of_file)
        failed = failed or not of_file
    for i, j, similarity in near_duplicates([row[0] for row in rows]):
        print("%s and %s are alike (%.2f): %s / %s" % (places[i], places[j], similarity, rows[i][0], rows[j][0]))
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
