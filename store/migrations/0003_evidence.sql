-- Raw pages live in append-only files beside the database (store/evidence/segment.h); here is what names them.
-- Those of before stay in `snapshots`, which is read but no longer written.
CREATE TABLE evidence_segments (
  id INTEGER PRIMARY KEY,         -- in the order of the chain
  day TEXT NOT NULL,              -- 2026-11-28, of China; never smaller than that of the segment before
  name TEXT NOT NULL,             -- of the file; empty: gone by retention, its place in the chain stays
  start TEXT NOT NULL,            -- chain value that its first record follows
  last TEXT NOT NULL,             -- chain value of its last record
  bytes INTEGER NOT NULL,         -- what is beyond them was never acknowledged
  records INTEGER NOT NULL
);
CREATE TABLE evidence_records (
  id INTEGER PRIMARY KEY,
  segment INTEGER NOT NULL REFERENCES evidence_segments(id),
  at INTEGER NOT NULL,            -- offset in the file
  bytes INTEGER NOT NULL,         -- head and payload
  chain TEXT NOT NULL,
  hash TEXT NOT NULL,             -- SHA-256 of the body: what documents name
  raw_bytes INTEGER NOT NULL,
  url TEXT NOT NULL,              -- final
  source TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX evidence_records_hash ON evidence_records(hash, url);
CREATE UNIQUE INDEX evidence_records_place ON evidence_records(segment, at);
CREATE INDEX evidence_records_time ON evidence_records(fetched_at);

-- A document that is extracted anew keeps its row.
CREATE TRIGGER documents_text_update AFTER UPDATE OF title, body ON documents BEGIN
  INSERT INTO documents_text(documents_text, rowid, title, body) VALUES ('delete', old.rowid, old.title, old.body);
  INSERT INTO documents_text(rowid, title, body) VALUES (new.rowid, new.title, new.body);
END;
