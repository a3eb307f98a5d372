-- What explains a warning years later: the text of every measure that judged, and what each judgement saw besides its
-- documents. And silences: who asked that what not be told, why, until when.
CREATE TABLE measures (
  version TEXT PRIMARY KEY,
  at INTEGER NOT NULL,            -- first in force
  text TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE judgements (
  warning TEXT NOT NULL REFERENCES warnings(id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,           -- of the change that it led to
  judgement TEXT NOT NULL,
  PRIMARY KEY (warning, seq)
) WITHOUT ROWID;
CREATE TABLE silences (
  id TEXT PRIMARY KEY,
  ends INTEGER NOT NULL,
  silence TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX silences_ends ON silences(ends);
CREATE INDEX documents_story ON documents(story);
