-- People, and what an upload has to know since people send it.

ALTER TABLE uploads ADD COLUMN backing_sha256 TEXT;
ALTER TABLE uploads ADD COLUMN backing_started_seconds REAL;
ALTER TABLE uploads ADD COLUMN multipart TEXT NOT NULL DEFAULT '';
ALTER TABLE uploads ADD COLUMN struck_lowest INTEGER NOT NULL DEFAULT 0;
ALTER TABLE uploads ADD COLUMN struck_highest INTEGER NOT NULL DEFAULT 0;

-- When an owner declared uploads, for a day: erasing one does not make room for another.
CREATE TABLE uploads_made (
  owner TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX uploads_made_by_owner ON uploads_made (owner, at);

-- Owners whose uploads were all erased, for a day: a request that was under way makes nothing new.
CREATE TABLE closed_owners (
  owner TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Declared bytes of all uploads whose objects are not given up, so that nobody has to add them up.
CREATE TABLE upload_bytes (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  total INTEGER NOT NULL
) STRICT;
INSERT INTO upload_bytes (one, total) SELECT 1, coalesce(sum(size), 0) FROM uploads WHERE gone = 0;
CREATE TRIGGER bytes_declared AFTER INSERT ON uploads
BEGIN UPDATE upload_bytes SET total = total + NEW.size; END;
CREATE TRIGGER bytes_given_up AFTER UPDATE OF gone ON uploads WHEN OLD.gone = 0 AND NEW.gone = 1
BEGIN UPDATE upload_bytes SET total = total - NEW.size; END;
CREATE TRIGGER bytes_erased AFTER DELETE ON uploads WHEN OLD.gone = 0
BEGIN UPDATE upload_bytes SET total = total - OLD.size; END;

CREATE INDEX outbox_by_time ON outbox (available_at);

-- A key that could not be removed waits, so that it does not stand in front of the others.
ALTER TABLE removals ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE removals ADD COLUMN try_after INTEGER NOT NULL DEFAULT 0;
CREATE INDEX removals_by_turn ON removals (try_after, id);

-- A guest is an id and nothing else. All that is said of one goes with its row (ON DELETE CASCADE).
CREATE TABLE guests (
  owner TEXT PRIMARY KEY,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL  -- 0 once the guest asked for everything to be deleted
) STRICT, WITHOUT ROWID;

CREATE INDEX guests_by_sight ON guests (seen, owner);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES guests ON DELETE CASCADE,
  created INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  consent INTEGER NOT NULL,
  consented INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_of_guest ON sessions (owner);
CREATE INDEX sessions_to_end ON sessions (expires);

-- The latest word of a guest on a song.
CREATE TABLE feedback (
  owner TEXT NOT NULL REFERENCES guests ON DELETE CASCADE,
  song TEXT NOT NULL,
  verdict TEXT NOT NULL,
  key_shift INTEGER NOT NULL,
  octave_shift INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (owner, song)
) STRICT, WITHOUT ROWID;

CREATE TABLE operators (
  name TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
