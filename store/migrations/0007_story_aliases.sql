-- Stories that became one: the id of before stays good for ever.
CREATE TABLE story_aliases (
  alias TEXT PRIMARY KEY,
  story TEXT NOT NULL,            -- never itself an alias
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX story_aliases_story ON story_aliases(story);
