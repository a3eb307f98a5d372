-- New documents are put into the full text by the program, all those of a transaction at once: FTS5 sorts and writes out
-- what it was given whenever a statement with triggers or a savepoint ends, and merges what it wrote each time.
DROP TRIGGER documents_text_insert;
-- Bytes that it may gather: a whole group. And parts of one size before they are merged.
INSERT INTO documents_text(documents_text, rank) VALUES ('hashsize', 8388608);
INSERT INTO documents_text(documents_text, rank) VALUES ('automerge', 8);
