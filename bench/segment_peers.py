#!/usr/bin/python3
"""segment_peers.py BENCH TEXT TREE: segment_bench, ICU, cppjieba, @node-rs/jieba and python3-jieba over the same
UTF-8 lines.

BENCH is the program segment_bench; TEXT some 10 MB of lines. TREE is a folder outside the repository, where
cppjieba is fetched to (npm's package nodejieba brings its C++ tree along) and built with the same optimisation; npm's @node-rs/jieba is
fetched there, too, built as it comes. python3-jieba is the distribution's, whichever python runs this.
"""
import os
import pathlib
import resource
import subprocess
import sys
import time

if os.path.realpath(sys.executable) != os.path.realpath("/usr/bin/python3"):
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

bench, text, tree = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
root = tree / "package/submodules/cppjieba"
if not root.exists():
    tree.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "pack", "--silent", "nodejieba@3.5.8"], cwd=tree, check=True)
    subprocess.run(["tar", "xzf", "nodejieba-3.5.8.tgz"], cwd=tree, check=True)
peer = tree / "cppjieba_bench"
if not peer.exists():
    subprocess.run(["clang++-19", "-O2", "-std=c++17", "-w", f"-I{root}/include", f"-I{root}/deps/limonp/include",
                    str(pathlib.Path(__file__).parent / "peers/cppjieba.cpp"), "-o", str(peer)], check=True)
for way in ("engine", "product", "icu"):
    subprocess.run([bench, text, way], check=True)
for way in (["hmm"], []):
    subprocess.run([str(peer), str(root / "dict"), text, *way], check=True)
if not (tree / "node_modules/@node-rs/jieba").exists():
    subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", str(tree), "@node-rs/jieba@2.0.3"], check=True)
for way in (["hmm"], []):
    subprocess.run(["node", str(pathlib.Path(__file__).parent / "peers/node_jieba.js"), str(tree), text, *way], check=True)

import jieba  # noqa: E402  (only now: it is the slowest to load, and its memory is measured)

start = time.monotonic()
jieba.setLogLevel(60)
jieba.initialize()
ready = time.monotonic() - start
lines = [line.rstrip("\n") for line in open(text, encoding="utf-8")][::10]  # a tenth: it takes its time
start = time.monotonic()
count = sum(len(jieba.lcut(line)) for line in lines)
size = sum(len(line.encode()) + 1 for line in lines) / 1e6
rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{'python3-jieba (HMM)':<28} {size / (time.monotonic() - start):7.1f} MB/s  {count:9d} words  "
      f"ready in {1e3 * ready:5.0f} ms  {rss:6.0f} MB resident, {size:.0f} of them the text (a tenth)")
