#!/usr/bin/python3
"""extract_peers.py BINARY FOLDER: extract_bench and the readability of Debian (python3-readability) over the same pages.

FOLDER holds pages as they came, *.html or *.html.gz.
"""
import gzip
import pathlib
import subprocess
import sys
import tempfile
import time

binary, folder = sys.argv[1], pathlib.Path(sys.argv[2])
pages = {}
for path in sorted(folder.iterdir()):
    if path.name.endswith((".html", ".html.gz")):
        data = path.read_bytes()
        pages[path.name.split(".html")[0]] = gzip.decompress(data) if path.suffix == ".gz" else data
with tempfile.TemporaryDirectory() as plain:
    for name, data in pages.items():
        (pathlib.Path(plain) / (name + ".html")).write_bytes(data)
    ours = subprocess.run([binary, plain], capture_output=True, text=True, check=True).stdout
print("tingchao     " + ours.strip().replace("\n", "\n             "))
rate = float(ours.split("pages/s ")[1].split()[0])
try:
    from readability import Document
except ImportError:
    sys.exit("python3-readability is not installed")
import logging
logging.disable(logging.CRITICAL)
done, begin = 0, time.perf_counter()
while time.perf_counter() - begin < 8:
    for data in pages.values():
        try:
            Document(data).summary()
        except Exception:
            pass  # a page that it cannot read counts as read
        done += 1
peer = done / (time.perf_counter() - begin)
print(f"readability  pages/s {peer:.1f}  tingchao is {rate / peer:.0f} times as fast")
