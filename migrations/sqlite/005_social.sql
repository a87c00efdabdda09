-- What people show each other; private until they say otherwise.

-- nickname_key: the nickname folded by case and width; no two people have the same.
CREATE TABLE profiles (
  owner TEXT PRIMARY KEY REFERENCES guests ON DELETE CASCADE,
  nickname TEXT NOT NULL,
  nickname_key TEXT NOT NULL UNIQUE,
  introduction TEXT NOT NULL,
  shows_range INTEGER NOT NULL,
  shows_tessitura INTEGER NOT NULL,
  shows_colour INTEGER NOT NULL,
  shows_recordings INTEGER NOT NULL,
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Of COMPLETED takes: what they are called, and whether others may hear them.
ALTER TABLE uploads ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE uploads ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;
CREATE INDEX uploads_shown ON uploads (owner, id) WHERE shown = 1;

-- published: for the first time; taking it back and publishing it again does not make it new.
CREATE TABLE albums (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES guests ON DELETE CASCADE,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  language TEXT NOT NULL,
  cover TEXT REFERENCES uploads ON DELETE SET NULL,
  state TEXT NOT NULL,
  link_hash TEXT,
  created INTEGER NOT NULL,
  published INTEGER,
  CHECK (state <> 'published' OR published IS NOT NULL),
  CHECK ((state = 'unlisted') = (link_hash IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX albums_of_owner ON albums (owner, id);
CREATE INDEX albums_published ON albums (owner, id) WHERE state = 'published';
CREATE INDEX albums_by_cover ON albums (cover) WHERE cover IS NOT NULL;

CREATE TABLE album_tracks (
  album TEXT NOT NULL REFERENCES albums ON DELETE CASCADE,
  place INTEGER NOT NULL,
  recording TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  PRIMARY KEY (album, place),
  UNIQUE (album, recording)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_tracks_of_recording ON album_tracks (recording);
