-- What people show each other; private until they say otherwise. What people wrote is bytea, as everywhere.

-- nickname_key: the nickname folded by case and width; no two people have the same.
CREATE TABLE profiles (
  owner uuid PRIMARY KEY REFERENCES guests ON DELETE CASCADE,
  nickname bytea NOT NULL,
  nickname_key bytea NOT NULL UNIQUE,
  introduction bytea NOT NULL,
  shows_range boolean NOT NULL,
  shows_tessitura boolean NOT NULL,
  shows_colour boolean NOT NULL,
  shows_recordings boolean NOT NULL,
  since bigint NOT NULL
);

-- Of COMPLETED takes: what they are called, and whether others may hear them.
ALTER TABLE uploads ADD COLUMN title bytea NOT NULL DEFAULT '';
ALTER TABLE uploads ADD COLUMN shown boolean NOT NULL DEFAULT false;
CREATE INDEX uploads_shown ON uploads (owner, id) WHERE shown;

-- published: for the first time; taking it back and publishing it again does not make it new.
CREATE TABLE albums (
  id uuid PRIMARY KEY,
  owner uuid NOT NULL REFERENCES guests ON DELETE CASCADE,
  title bytea NOT NULL,
  words bytea NOT NULL,
  language text COLLATE "C" NOT NULL,
  cover uuid REFERENCES uploads ON DELETE SET NULL,
  state text COLLATE "C" NOT NULL,
  link_hash text COLLATE "C",
  created bigint NOT NULL,
  published bigint,
  CHECK (state <> 'published' OR published IS NOT NULL),
  CHECK ((state = 'unlisted') = (link_hash IS NOT NULL))
);
CREATE INDEX albums_of_owner ON albums (owner, id);
CREATE INDEX albums_published ON albums (owner, id) WHERE state = 'published';
CREATE INDEX albums_by_cover ON albums (cover) WHERE cover IS NOT NULL;

CREATE TABLE album_tracks (
  album uuid NOT NULL REFERENCES albums ON DELETE CASCADE,
  place bigint NOT NULL,
  recording uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
  PRIMARY KEY (album, place),
  UNIQUE (album, recording)
);
CREATE INDEX album_tracks_of_recording ON album_tracks (recording);
