"""Says which part of the labelled set a text belongs to, by a hash of the text alone.

The rule was fixed before anybody tuned anything on the set: a text can never move to another part unless it is
rewritten, and adding texts moves none. Run as a program, it rewrites the last column of the file named.
"""
import hashlib
import sys


def split_of(text):
    """train for seven texts of ten, dev for one, test for two."""
    digit = int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:4], "big") % 10
    if digit < 7:
        return "train"
    return "dev" if digit == 7 else "test"


def main(path):
    with open(path, encoding="utf-8") as source:
        rows = [line.rstrip("\n").split("\t") for line in source]
    with open(path, "w", encoding="utf-8") as target:
        for row in rows:
            target.write("\t".join(row[:5] + [split_of(row[0])]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: split.py FILE")
    main(sys.argv[1])
