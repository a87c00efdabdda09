-- Accounts. One is a guest that can come back: the same row, so that nothing of it moves.

ALTER TABLE guests ADD COLUMN account INTEGER;  -- since when it is one; such are not forgotten for being unseen
DROP INDEX guests_by_sight;
CREATE INDEX guests_by_sight ON guests (seen, owner) WHERE account IS NULL OR seen = 0;

-- email: in the form of people/email.h. password: what argon2id made of it.
CREATE TABLE passwords (
  owner TEXT PRIMARY KEY REFERENCES guests ON DELETE CASCADE,
  email TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL
) STRICT, WITHOUT ROWID;
