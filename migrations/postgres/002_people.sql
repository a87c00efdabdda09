-- People. A guest is an id and nothing else. All that is said of one goes with its row (ON DELETE CASCADE).

CREATE TABLE guests (
  owner uuid PRIMARY KEY,
  created bigint NOT NULL,
  seen bigint NOT NULL  -- 0 once the guest asked for everything to be deleted
);
CREATE INDEX guests_by_sight ON guests (seen, owner);

CREATE TABLE sessions (
  token_hash text COLLATE "C" PRIMARY KEY,
  owner uuid NOT NULL REFERENCES guests ON DELETE CASCADE,
  created bigint NOT NULL,
  seen bigint NOT NULL,
  expires bigint NOT NULL,
  consent bigint NOT NULL,
  consented bigint NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX sessions_of_guest ON sessions (owner);
CREATE INDEX sessions_to_end ON sessions (expires);

-- The latest word of a guest on a song.
CREATE TABLE feedback (
  owner uuid NOT NULL REFERENCES guests ON DELETE CASCADE,
  song text COLLATE "C" NOT NULL,
  verdict text COLLATE "C" NOT NULL,
  key_shift bigint NOT NULL,
  octave_shift bigint NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (owner, song)
);

CREATE TABLE operators (
  name bytea PRIMARY KEY,
  token_hash text COLLATE "C" NOT NULL UNIQUE,
  created bigint NOT NULL
);
