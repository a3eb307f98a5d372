#!/usr/bin/python3
"""extract_peers.py BINARY FOLDER… [--modules NODE_MODULES]: extract_bench and its peers over the same pages, in one run.

Folders hold pages as they came, *.html or *.html.gz. Peers: Debian's python3-readability, and npm's
@mozilla/readability on linkedom when NODE_MODULES (a folder where both are installed) is given. Every figure is of
CPU time on one thread; peers get UTF-8 where they do not decode by themselves.
"""
import argparse
import gzip
import logging
import pathlib
import subprocess
import tempfile
import time


def pages_of(folders):
    pages = {}
    for folder in folders:
        for path in sorted(folder.iterdir()):
            if path.name.endswith((".html", ".html.gz")):
                data = path.read_bytes()
                name = folder.name + "_" + path.name.split(".html")[0]
                pages[name] = gzip.decompress(data) if path.suffix == ".gz" else data
    return pages


def readability_of_debian(pages):
    from readability import Document
    logging.disable(logging.CRITICAL)
    done, begin = 0, time.process_time()
    while time.process_time() - begin < 8:
        for data in pages.values():
            try:
                Document(data).summary()
            except Exception:
                pass  # a page that it cannot read counts as read
            done += 1
    return done / (time.process_time() - begin)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("folders", nargs="+", type=pathlib.Path)
    arguments.add_argument("--modules", type=pathlib.Path)
    o = arguments.parse_args()
    pages = pages_of(o.folders)
    with tempfile.TemporaryDirectory() as plain:
        for name, data in pages.items():
            (pathlib.Path(plain) / (name + ".html")).write_bytes(data)
        ours = subprocess.run([o.binary, plain], capture_output=True, text=True, check=True).stdout
        print("tingchao                 " + ours.strip().replace("\n", "\n" + " " * 25))
        rate = float(ours.split("pages/s ")[1].split()[0])
        peers = {}
        try:
            peers["readability (Debian)"] = readability_of_debian(pages)
        except ImportError:
            print("python3-readability is not installed")
        if o.modules:
            script = pathlib.Path(__file__).parent / "peers" / "readability.cjs"
            run = subprocess.run(["node", str(script), str(o.modules.resolve()), plain], capture_output=True, text=True,
                                 check=True)
            peers["@mozilla/readability"] = float(run.stdout)
    for name, peer in peers.items():
        print(f"{name:24} pages/s {peer:.1f}  tingchao is {rate / peer:.0f} times as fast")


main()
