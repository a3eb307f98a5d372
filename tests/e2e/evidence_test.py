"""Evidence of a whole afternoon: whole, altered, exported, shown, extracted anew. The WARC is read by a strict reader
written from the specification here, by libarchive, and by npm's warcio where TINGCHAO_WARCIO names its folder."""
import base64
import gzip
import hashlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import tempfile
import zlib

from town import expect, run

directory = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-evidence-"))
expect(run("demo", "--once", "--dir", str(directory), "--seconds", "8").returncode == 0, "the demo")
config = str(directory / "tingchao.yaml")
database = directory / "tingchao.db"


def query(sql, *values):
    connection = sqlite3.connect(database, timeout=10)
    with connection:
        rows = connection.execute(sql, values).fetchall()
    connection.close()
    return rows


def audits(action):
    return query("SELECT actor, subject, note FROM audit WHERE action=?", action)


# Whole.
pages = query("SELECT count(*) FROM evidence_records")[0][0]
expect(pages > 20, f"only {pages} pages were kept")
whole = run("evidence", "verify", "-c", config, "--json")
expect(whole.returncode == 0 and json.loads(whole.stdout)["records"] == pages, f"verify: {whole.stdout}{whole.stderr}")
expect(run("evidence", "verify", "-c", config, "--day", "2026-04-15").returncode == 0, "verify --day")
expect(run("evidence", "verify", "-c", config, "--day", "1999-01-01").returncode == 1, "a day without evidence")
orphans = query("SELECT snapshot FROM documents WHERE snapshot NOT IN (SELECT hash FROM evidence_records)")
expect(not orphans, f"documents without their page: {orphans}")

# Every look is written down, with who.
document, url, snapshot = query("SELECT id, json_extract(document, '$.url'), snapshot FROM documents LIMIT 1")[0]
raw = subprocess.run([os.path.realpath(run.__globals__["BINARY"]), "evidence", "show", document, "-c", config, "--raw", "--by", "王敏"],
                     capture_output=True, timeout=60)
expect(raw.returncode == 0 and hashlib.sha256(raw.stdout).hexdigest() == snapshot, f"show --raw: {raw.stderr}")
expect(audits("evidence.show")[0][:2] == ("王敏", document), f"no audit row of the look: {audits('evidence.show')}")
shown = run("evidence", "show", snapshot, "-c", config)
expect(shown.returncode == 0 and snapshot in shown.stdout and "content-type" in shown.stdout, f"show: {shown.stderr}")
expect(len(audits("evidence.show")) == 2, "the second look has no audit row")
missing = run("evidence", "show", "0" * 16, "-c", config)
expect(missing.returncode != 0 and "no document" in missing.stderr, f"show of nothing: {missing.stderr}")

# WARC 1.1 by a reader of our own.
warc = directory / "all.warc.gz"
exported = run("evidence", "export", "-c", config, "--warc", str(warc), "--by", "王敏")
expect(exported.returncode == 0 and warc.exists(), f"export: {exported.stderr}")
expect(audits("evidence.export")[0][0] == "王敏", "no audit row of the export")
expect(not list(directory.glob("*.part")), "a draft was left behind")


def members(data):
    while data:
        unzip = zlib.decompressobj(31)
        yield unzip.decompress(data)
        expect(unzip.eof, "a gzip member is cut")
        data = unzip.unused_data


def digest(data):
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()


bodies, ids, kinds, asked, answered = {}, set(), [], {}, {}
for member in members(warc.read_bytes()):
    head, _, rest = member.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    expect(lines[0] == "WARC/1.1", f"version line {lines[0]!r}")
    fields = dict(line.split(": ", 1) for line in lines[1:])
    block = rest[:int(fields["Content-Length"])]
    expect(rest[len(block):] == b"\r\n\r\n", "a record does not end with two line ends")
    expect(re.fullmatch(r"<urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}>", fields["WARC-Record-ID"]), "id")
    expect(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fields["WARC-Date"]), "date")
    expect(fields["WARC-Record-ID"] not in ids, "a record id twice")
    ids.add(fields["WARC-Record-ID"])
    expect(fields["WARC-Block-Digest"] == digest(block), "block digest")
    kinds.append(fields["WARC-Type"])
    if fields["WARC-Type"] == "request":
        expect(fields["Content-Type"] == "application/http;msgtype=request", "a request's type")
        first, *lines = block.removesuffix(b"\r\n\r\n").decode().split("\r\n")
        sent = {line.split(": ", 1)[0].lower(): line.split(": ", 1)[1] for line in lines}
        expect(f"http://{sent['host']}{first.split(' ')[1]}" == fields["WARC-Target-URI"], f"request line {first!r}")
        expect(first.startswith("GET /") and first.endswith(" HTTP/1.1") and "TingchaoBot" in sent["user-agent"], f"{first} {sent}")
        asked[fields["WARC-Concurrent-To"]] = fields["WARC-Target-URI"]
    if fields["WARC-Type"] == "response":
        answered[fields["WARC-Record-ID"]] = fields["WARC-Target-URI"]
        http, _, body = block.partition(b"\r\n\r\n")
        expect(http.startswith(b"HTTP/1.1 200 "), f"status line {http[:30]!r}")
        expect(f"content-length: {len(body)}".encode() in http.split(b"\r\n"), "content-length")
        expect(b"\r\ncontent-encoding:" not in http and b"\r\ntransfer-encoding:" not in http, "a body decoded is declared encoded")
        expect(fields["WARC-Payload-Digest"] == digest(body), "payload digest")
        expect(fields["WARC-IP-Address"].startswith("127."), "address")
        bodies[hashlib.sha256(body).hexdigest(), fields["WARC-Target-URI"]] = body
expect(asked == answered and asked, f"{len(asked)} requests for {len(answered)} responses")
expect(kinds[0] == "warcinfo" and kinds.count("warcinfo") == 1, f"{kinds[:3]}")
expect(sorted(bodies) == sorted(query("SELECT hash, url FROM evidence_records")), "the export and the store differ")
again = directory / "again.warc.gz"
run("evidence", "export", "-c", config, "--warc", str(again))
expect(list(members(again.read_bytes()))[1:] == list(members(warc.read_bytes()))[1:], "the same page exports differently")

# … by libarchive, which reads WARC up to 1.0: of what is used here the two differ in the version line alone. It looks for
# the end of a record's head only within what it has read ahead, so each page is given to it alone, with its request.
old = directory / "one-1.0.warc"
kept = b""
for member in members(warc.read_bytes()):
    kept += member.replace(b"WARC/1.1\r\n", b"WARC/1.0\r\n", 1)
    if b"\r\nWARC-Type: response\r\n" not in member.partition(b"\r\n\r\n")[0] + b"\r\n":
        continue
    old.write_bytes(kept)
    listed = subprocess.run(["bsdtar", "-tf", str(old)], capture_output=True, text=True, timeout=60)
    expect(listed.returncode == 0 and listed.stdout.count("\n") == 1, f"bsdtar: {listed.stdout}{listed.stderr}")
    content = subprocess.run(["bsdtar", "-xOf", str(old)], capture_output=True, timeout=60).stdout
    block = member.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
    body = block.partition(b"\r\n\r\n")[2]
    expect(body in content, f"libarchive reads another body: {len(content)} bytes for {len(body)}, {content[-80:]!r} {body[-80:]!r}")
    kept = b""

# … and by warcio, where there is one.
if folder := os.environ.get("TINGCHAO_WARCIO"):
    script = pathlib.Path(folder) / "count.mjs"
    script.write_text('import {WARCParser} from "warcio"; import fs from "fs"; import {createHash} from "crypto";\n'
                      'for await (const r of new WARCParser(fs.createReadStream(process.argv[2]))) { const b = await r.readFully(true);\n'
                      'if (r.warcType === "response") console.log(createHash("sha256").update(b).digest("hex"), r.warcTargetURI);\n'
                      'if (r.warcType === "request") console.log("request", r.warcTargetURI, r.httpHeaders.headers.get("host")); }\n')
    seen = subprocess.run(["node", str(script), str(warc)], capture_output=True, text=True, cwd=folder, timeout=60)
    lines = [line.split(" ", 1) for line in seen.stdout.splitlines()]
    requests = [rest.split(" ") for kind, rest in lines if kind == "request"]
    expect(len(requests) == len(asked) and all(f"http://{host}/" in url for url, host in requests), f"warcio: {requests[:2]}")
    expect(sorted(tuple(line) for line in lines if line[0] != "request") == sorted(bodies), f"warcio: {seen.stdout[:300]}{seen.stderr[:300]}")
    print(f"warcio reads {len(bodies)} pages")

one = directory / "one.warc.gz"
expect(run("evidence", "export", "-c", config, "--warc", str(one), "--document", document).returncode == 0, "export --document")
expect(len(list(members(one.read_bytes()))) == 3, "one document is more than one page")
expect(run("evidence", "export", "-c", config, "--warc", str(one), "--from", "2020-01-01", "--to", "2020-01-02").returncode == 1, "an empty range")

# Extracted anew: the same code gives the same documents; a selector that changed shows, and --apply keeps it.
same = json.loads(run("evidence", "reextract", "-c", config, "--json").stdout.splitlines()[-1])
expect(same["changed"] == 0 and same["appeared"] == 0 and same["same"] > 20, f"without any change: {same}")
text = pathlib.Path(config).read_text(encoding="utf-8").replace("selectors: {item: '.news-list li'}", "selectors: {item: '.news-list li', body: h1}")
changed = directory / "changed.yaml"
changed.write_text(text, encoding="utf-8")
bodies_of = dict(query("SELECT id, body FROM documents WHERE source='paper-edu'"))
looked = [json.loads(line) for line in run("evidence", "reextract", "-c", str(changed), "--source", "paper-edu", "--json").stdout.splitlines()]
expect(looked[-1]["changed"] > 0, f"the new selector changes nothing: {looked[-1]}")
expect(dict(query("SELECT id, body FROM documents WHERE source='paper-edu'")) == bodies_of, "changed without --apply")
applied = run("evidence", "reextract", "-c", str(changed), "--source", "paper-edu", "--apply", "--by", "王敏", "--json")
rows = [json.loads(line) for line in applied.stdout.splitlines()]
now = dict(query("SELECT id, body FROM documents WHERE source='paper-edu'"))
for row in rows[:-1]:
    expect(now[row["document"]] == row["body"]["is"] != bodies_of[row["document"]], f"not kept: {row}")
expect({row[1] for row in audits("document.reextract")} == {row["document"] for row in rows[:-1]}, "audit rows of the changes")
settled = json.loads(run("evidence", "reextract", "-c", str(changed), "--source", "paper-edu", "--json").stdout.splitlines()[-1])
expect(settled["changed"] == 0, f"applied twice: {settled}")

# Altered.
segment = directory / "tingchao.db.evidence" / "2026-04-15.tcev"
data = bytearray(segment.read_bytes())
middle = len(data) // 2
data[middle] ^= 1
segment.write_bytes(data)
broken = run("evidence", "verify", "-c", config, "--json")
fault = json.loads(broken.stdout)["fault"]
expect(broken.returncode == 1 and fault["begin"] <= middle < fault["end"] and fault["segment"] == "2026-04-15.tcev", f"{fault}")
told = run("evidence", "verify", "-c", config)
expect(told.returncode == 1 and str(fault["begin"]) in told.stdout and "2026-04-15.tcev" in told.stdout, told.stdout)
print(f"{pages} pages whole, exported and read back; byte {middle} altered: named in {fault['begin']}–{fault['end']}")
