-- Stories that hold documents which are not settled yet, and what each is without them; null: nothing.
CREATE TABLE stories_open (
  id TEXT PRIMARY KEY,
  before TEXT
) WITHOUT ROWID;
-- Documents that were put into another story, so that what was judged before can be told again.
CREATE TABLE story_moves (
  document TEXT NOT NULL,
  at INTEGER NOT NULL,
  story TEXT NOT NULL,            -- that it left
  PRIMARY KEY (document, at)
) WITHOUT ROWID;
CREATE INDEX story_moves_story ON story_moves(story);
-- Stories that turned out to be two: the part that left has an id of its own.
CREATE TABLE story_splits (
  id TEXT PRIMARY KEY,            -- of the part that left
  story TEXT NOT NULL,            -- that it left
  at INTEGER NOT NULL,
  documents INTEGER NOT NULL,     -- that went with it
  cause TEXT NOT NULL             -- what told them apart, for people
) WITHOUT ROWID;
CREATE INDEX story_splits_story ON story_splits(story);
