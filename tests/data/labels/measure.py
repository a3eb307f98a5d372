"""measure.py BINARY: how the shipped classifiers do on the test parts of the labelled sets, which they have not seen.

Prints F1 of relevance, macro-F1 of stance, topic and severity, and accuracies, for each set, for the two that were there
first, for the three large ones and for all together, and fails where one is below BARS. Of everyday text (`general.tsv`),
of which one in eight is relevant, it says how much is called relevant that is not, and how much is missed.
"""
import os
import subprocess
import sys

HEADS = (("relevance", 1), ("stance", 2), ("topic", 3), ("severity", 4))
# The aim is 0.93 and 0.85; what was reached beyond it is kept, but for what a few texts move.
BARS = {"stream.tsv": {"relevance": 0.95, "stance": 0.885},
        "first two": {"relevance": 0.935, "stance": 0.855},
        "large three": {"relevance": 0.935, "stance": 0.855}}
SURE = 0.9  # from here on the digest lists a text that no rule matched
# Of general.tsv's irrelevant texts: those called relevant, and surely so, at most; of its relevant ones: found, at least.
NOISE_MAX, SURE_NOISE_MAX, FOUND_MIN = 0.115, 0.03, 0.86


def rows_of(name):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, encoding="utf-8") as source:
        return [row for row in (line.rstrip("\n").split("\t") for line in source) if row[5] == "test"]


def f1(pairs, label):
    right = sum(gold == said == label for gold, said in pairs)
    wrong = sum((gold == label) != (said == label) for gold, said in pairs)
    return 2 * right / (2 * right + wrong) if right else 0.0


def answers(binary, head, rows):
    """Label and probability for each row's text."""
    done = subprocess.run([binary, "classify", "--head", head, "-"], input="".join(row[0] + "\n" for row in rows),
                          capture_output=True, text=True, check=True)
    said = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(said) == len(rows)
    return [(label, float(probability)) for label, probability in said]


def measured(binary, head, column, rows):
    rows = [row for row in rows if row[column] != "-"]
    pairs = list(zip((row[column] for row in rows), (label for label, _ in answers(binary, head, rows))))
    labels = sorted({gold for gold, _ in pairs})
    accuracy = sum(gold == said for gold, said in pairs) / len(pairs)
    return f1(pairs, "1") if head == "relevance" else sum(f1(pairs, one) for one in labels) / len(labels), accuracy


def everyday_failed(binary):
    rows = rows_of("general.tsv")
    pairs = list(zip((row[1] for row in rows), answers(binary, "relevance", rows)))
    ours = [said for gold, said in pairs if gold == "1"]
    others = [said for gold, said in pairs if gold == "0"]
    noise = sum(label == "1" for label, _ in others) / len(others)
    sure_noise = sum(label == "1" and probability >= SURE for label, probability in others) / len(others)
    found = sum(label == "1" for label, _ in ours) / len(ours)
    print("everyday text: %d irrelevant, %.4f called relevant, %.4f with %.1f and more; %d relevant, %.4f found"
          % (len(others), noise, sure_noise, SURE, len(ours), found))
    return noise > NOISE_MAX or sure_noise > SURE_NOISE_MAX or found < FOUND_MIN


def main(binary):
    sets = {name: rows_of(name) for name in ("stream.tsv", "education.tsv", "voices.tsv", "border.tsv", "general.tsv")}
    sets["first two"] = sets["stream.tsv"] + sets["education.tsv"]
    sets["large three"] = sets["first two"] + sets["voices.tsv"]
    sets["all"] = sets["large three"] + sets["border.tsv"]
    failed = everyday_failed(binary)
    if failed:
        print("beyond %.3f, %.3f or below %.3f" % (NOISE_MAX, SURE_NOISE_MAX, FOUND_MIN))
    for head, column in HEADS:
        for name, rows in sets.items():
            score, accuracy = measured(binary, head, column, rows)
            print("%-10s %-14s F1 %.4f  accuracy %.4f" % (head, name, score, accuracy))
            if score < BARS.get(name, {}).get(head, 0):
                print("%s of %s is below %.3f" % (head, name, BARS[name][head]))
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: measure.py BINARY")
    sys.exit(main(sys.argv[1]))
