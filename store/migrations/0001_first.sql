-- The whole memory of one bureau. Times are seconds since 1970 UTC; JSON columns hold the nouns as
-- core/json.h writes them, and columns beside them are what questions are asked by.
CREATE TABLE documents (
  rowid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL,
  at INTEGER NOT NULL,            -- effective time
  first_seen INTEGER NOT NULL,
  story TEXT NOT NULL,
  negative INTEGER NOT NULL,
  snapshot TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  document TEXT NOT NULL,         -- without title and body
  analysis TEXT NOT NULL,
  placement TEXT NOT NULL
);
CREATE INDEX documents_at ON documents(at);
CREATE INDEX documents_first_seen ON documents(first_seen);
CREATE INDEX documents_snapshot ON documents(snapshot);
CREATE VIRTUAL TABLE documents_text USING fts5(title, body, content='documents', content_rowid='rowid', tokenize='cjk_bigram');
CREATE TRIGGER documents_text_insert AFTER INSERT ON documents BEGIN
  INSERT INTO documents_text(rowid, title, body) VALUES (new.rowid, new.title, new.body);
END;
CREATE TRIGGER documents_text_delete AFTER DELETE ON documents BEGIN
  INSERT INTO documents_text(documents_text, rowid, title, body) VALUES ('delete', old.rowid, old.title, old.body);
END;

CREATE TABLE snapshots (
  hash TEXT PRIMARY KEY,          -- SHA-256 of the raw bytes
  raw_bytes INTEGER NOT NULL,
  url TEXT NOT NULL,
  headers TEXT NOT NULL,
  fetched_at INTEGER NOT NULL,
  data BLOB NOT NULL              -- zstd
);

CREATE TABLE stories (
  id TEXT PRIMARY KEY,
  newest INTEGER NOT NULL,
  heat REAL NOT NULL,
  story TEXT NOT NULL
);
CREATE INDEX stories_newest ON stories(newest);

CREATE TABLE warnings (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  counter INTEGER NOT NULL,       -- grows with every change of any warning
  is_open INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  raised_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  warning TEXT NOT NULL
);
CREATE INDEX warnings_counter ON warnings(counter);
CREATE TABLE warning_changes (
  warning TEXT NOT NULL REFERENCES warnings(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  change TEXT NOT NULL,
  PRIMARY KEY (warning, seq)
);
CREATE TABLE evidence (
  warning TEXT NOT NULL REFERENCES warnings(id) ON DELETE CASCADE,
  document TEXT NOT NULL,
  PRIMARY KEY (warning, document)
) WITHOUT ROWID;
CREATE INDEX evidence_document ON evidence(document);

CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  warning TEXT NOT NULL,
  seq INTEGER NOT NULL,
  stream TEXT NOT NULL,
  channel TEXT NOT NULL,
  recipient TEXT NOT NULL,
  level_rank INTEGER NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  message_id TEXT NOT NULL,
  created INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  state TEXT NOT NULL,
  lease_until INTEGER NOT NULL DEFAULT 0,
  answer TEXT NOT NULL,
  sent_at INTEGER
);
CREATE INDEX deliveries_due ON deliveries(state, not_before);

CREATE TABLE links (
  url TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  done INTEGER NOT NULL,
  due INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  title TEXT NOT NULL,
  published_at INTEGER,
  reach TEXT NOT NULL
);
CREATE INDEX links_due ON links(source, done, due);
CREATE TABLE validators (url TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stream_hours (
  stream TEXT NOT NULL,
  hour INTEGER NOT NULL,
  documents INTEGER NOT NULL,
  PRIMARY KEY (stream, hour)
) WITHOUT ROWID;
CREATE TABLE health (
  source TEXT PRIMARY KEY,
  last_visit INTEGER,
  last_success INTEGER,
  last_document INTEGER,
  failures INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  documents_total INTEGER NOT NULL,
  documents_24h INTEGER NOT NULL,
  next_due INTEGER NOT NULL,
  waits_for TEXT NOT NULL
);
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  note TEXT NOT NULL,
  hash TEXT NOT NULL              -- SHA-256 of the row before's hash and this row
);
