"""privacy_test.py BINARY: what DESIGN refuses to keep is not in the store, and no command asks for persons."""
import json
import pathlib
import re
import sqlite3
import tempfile

from town import Town, expect, run, stop, wait_for

# — imported texts: private numbers are masked before anything is written
folder = pathlib.Path(tempfile.mkdtemp(prefix="tingchao-privacy-"))
config = folder / "tingchao.yaml"
config.write_text(f"bureau: {{name: 青禾区教育和体育局}}\nstore: sqlite:{folder}/t.db\n", encoding="utf-8")
secrets = ["13812345678", "110101199003074514", "zhangsan@example.com", "liming_2016", "翠苑一区5幢2单元301室", "晨曦妈妈"]
lines = [
    {"title": "请打13812345678", "text": "身份证110101199003074514，发到zhangsan@example.com，加微信：liming_2016",
     "published_at": "2026-04-15T10:00:00+08:00", "source": "x", "author": "晨曦妈妈"},
    {"title": "住在翠苑一区5幢2单元301室的家长反映", "text": "学校食堂的饭是凉的。", "published_at": "2026-04-15T11:00:00+08:00",
     "source": "x", "user": {"name": "晨曦妈妈"}},
]
history = folder / "h.jsonl"
history.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines) + "\n", encoding="utf-8")
got = run("import", str(history), "-c", str(config))
expect(got.returncode == 0, f"import: {got.stderr}")


def texts(path):
    """Every text that any table of the store holds, indexes and blobs too."""
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type='table' AND sql NOT LIKE 'CREATE VIRTUAL%'").fetchall():
        for row in database.execute(f'SELECT * FROM "{table}"'):
            for cell in row:
                if isinstance(cell, bytes):
                    cell = cell.decode("utf-8", "replace")
                if isinstance(cell, str):
                    yield table, cell


stored = list(texts(folder / "t.db"))
expect(any("学校食堂的饭是凉的" in cell for _, cell in stored), "the import stored nothing")
for secret in secrets:
    for table, cell in stored:
        expect(secret not in cell, f"'{secret}' stands in table {table}: {cell[:200]}")

# — a whole afternoon: no name of anybody who wrote in a thread is kept, only salted hashes
town = Town(6)
daemon = town.daemon()
wait_for(lambda: town.over() and len(town.query("SELECT 1 FROM documents")) >= 30, 40, "the afternoon was read")
stop(daemon)
scenario = (pathlib.Path(__file__).resolve().parents[2] / "rules/demo/town.yaml").read_text(encoding="utf-8")
authors = set(re.findall(r"author:\s*([^,}\n]+)", scenario))
expect(len(authors) >= 5, f"the scenario names {len(authors)} authors")
stored = list(texts(town.directory / "tingchao.db"))
bodies = " ".join(event for event in re.findall(r"(?:text|title):\s*(.+)", scenario))
for author in (name.strip().strip("'\"") for name in authors):
    if author in bodies:
        continue  # an everyday word that texts use too
    for table, cell in stored:
        expect(author not in cell, f"the author '{author}' stands in table {table}: {cell[:200]}")
schema = " ".join(sql for (sql,) in town.query("SELECT sql FROM sqlite_master WHERE type='table' AND sql IS NOT NULL"))
columns = set(re.findall(r"\b\w*(?:author|user|person)\w*\b", schema))
expect(columns <= {"author_hash"}, f"columns about persons: {columns}")
town.close()

# — nobody can ask for a person
for command in ["", "search", "stories list", "warnings list", "export"]:
    shown = run(*command.split(), "--help").stdout
    expect("--author" not in shown and "--user" not in shown, f"{command} --help offers persons")
print(f"privacy: {len(secrets)} private facts masked, {len(authors)} authors unknown to the store")
