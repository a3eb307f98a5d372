-- The frontier and what is known of hosts. A link's `url` is its identity (one form for a thread however
-- it was linked); `address` is what is fetched where that differs. A lease marks a link in somebody's hands.
ALTER TABLE links ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE links ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;
UPDATE links SET host=replace(substr(url, instr(url, '://') + 3), '?', '/');
UPDATE links SET host=substr(host, 1, instr(host || '/', '/') - 1);
UPDATE links SET host=host || CASE WHEN url LIKE 'https:%' THEN ':443' ELSE ':80' END WHERE instr(host, ':')=0;
CREATE INDEX links_host ON links(host) WHERE done=0;
CREATE INDEX links_leased ON links(lease_until) WHERE lease_until>0;

CREATE TABLE hosts (
  host TEXT PRIMARY KEY,          -- name:port
  last_request INTEGER NOT NULL,
  latency_ms INTEGER NOT NULL,
  delay_ms INTEGER NOT NULL,
  crawl_delay_ms INTEGER,
  rests_until INTEGER,
  rests_why TEXT NOT NULL,
  times_later INTEGER NOT NULL,
  times_silent INTEGER NOT NULL,
  address TEXT NOT NULL,
  robots TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX hosts_last_request ON hosts(last_request);
CREATE TABLE robots (
  origin TEXT PRIMARY KEY,
  state INTEGER NOT NULL,         -- 0 file, 1 no file, 2 closed
  body BLOB NOT NULL,             -- zstd
  body_bytes INTEGER NOT NULL,
  read_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  why TEXT NOT NULL,
  mend TEXT NOT NULL
);
CREATE INDEX robots_valid_until ON robots(valid_until);
