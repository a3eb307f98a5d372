"""`source test` against the demo's town: a feed, a list that offers it, a board, a bureau's column. What it proposes is
put into a configuration and crawled: it must work as printed."""
import json
import pathlib
import re
import sqlite3

from town import Town, expect, run, wait_for

town = Town(20)
config = pathlib.Path(town.config)
text = config.read_text(encoding="utf-8")
urls = dict(re.findall(r"\{id: ([\w-]+),.*?urls: \['([^']+)'\]", text))
wait_for(town.over, 30, "the afternoon is over")  # so that everything is there to be read


def tested(url, code=0):
    result = run("source", "test", url, "-c", str(config), "--json", timeout=120)
    expect(result.returncode == code, f"source test {url}: {result.returncode} {result.stdout}{result.stderr}")
    return json.loads(result.stdout)


proposals = {name: tested(urls[name]) for name in ("paper", "paper-edu", "forum", "bureau")}
for name, proposal in proposals.items():
    good = [each for each in proposal["samples"] if "error" not in each]
    expect(1 <= len(proposal["samples"]) <= 5 and good, f"{name}: {proposal['samples']}")
    expect(all(each["title"] and each["layer"] and each["bytes"] > 0 for each in good), f"{name}: {good}")
    expect(any("published_at" in each for each in good), f"{name}: no time: {good}")
    expect(proposal["robots"] and proposal["reasons"], f"{name}: {proposal}")
expect(proposals["paper"]["kind"] == "feed", proposals["paper"]["kind"])
expect(proposals["forum"]["kind"] == "board", proposals["forum"]["kind"])
expect(proposals["bureau"]["kind"] == "list", proposals["bureau"])
expect(proposals["forum"]["selector"] or proposals["forum"]["link_pattern"] or proposals["forum"]["entries"] < 3, proposals["forum"])

# As printed, in a configuration of its own.
for name in proposals:
    yaml = run("source", "test", urls[name], "-c", str(config), timeout=120).stdout
    expect("# ✓ " in yaml, f"{name}: no sample is shown:\n{yaml}")
    own = town.directory / f"{name}-own.yaml"
    own.write_text(f"store: {name}-own.db\ncrawl: {{allow_networks: ['127.0.0.0/8'], delay_min: 20ms}}\nhttp: {{enabled: false}}\n" + yaml, encoding="utf-8")
    crawled = run("crawl", "-c", str(own), "--once", timeout=120)
    expect(crawled.returncode == 0, f"{name}: {crawled.stderr}\n{yaml}")
    documents = sqlite3.connect(town.directory / f"{name}-own.db").execute("SELECT count(*) FROM documents").fetchone()[0]
    expect(documents >= len(proposals[name]["samples"]) - 1 and documents > 0, f"{name}: {documents} documents by\n{yaml}")

# Mistakes say what to do.
for url, code, says in (("nonsense", 2, "write it whole"), (urls["hotlist"], None, "hotlist"), (urls["paper"].replace("feed.xml", "nowhere"), 3, "404"),
                        ("http://127.0.9.9:9/", 3, "127.0.9.9")):
    result = run("source", "test", url, "-c", str(config), timeout=120)
    expect(result.returncode != 0 and code in (None, result.returncode) and says in result.stderr, f"{url}: {result.returncode} {result.stderr}")
listed = run("source", "list", "-c", str(config))
expect("press/people-edu" in listed.stdout and "paper" in listed.stdout and listed.stdout.count("\n") > 60, "source list")
town.close()
for name, proposal in proposals.items():
    print(f"{name}: {proposal['kind']}, {proposal['entries']} entries, every {proposal['interval']}, {proposal['selector'] or proposal['link_pattern'] or '-'}; "
          f"{len(proposal['samples'])} samples")
