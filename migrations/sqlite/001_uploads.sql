-- The life of uploads. Times are microseconds since 1970 in UTC; names of states, stages and kinds are text.
-- Whatever belongs to an upload goes with its row (ON DELETE CASCADE).

CREATE TABLE uploads (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  content_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  file_name TEXT NOT NULL,
  object_key TEXT NOT NULL UNIQUE,
  object_version TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  failure_stage TEXT,
  failure_code TEXT,
  failure_detail TEXT,
  failure_retry_can_help INTEGER,
  gone INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  traceparent TEXT NOT NULL,
  CHECK ((state = 'FAILED') = (failure_code IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX uploads_of_owner ON uploads (owner, id);
CREATE INDEX uploads_in_state ON uploads (state, id);
CREATE INDEX uploads_to_expire ON uploads (state, expires) WHERE state = 'PENDING';
CREATE INDEX uploads_to_clean ON uploads (gone, changed) WHERE state IN ('FAILED', 'EXPIRED');

-- The last number that an owner's transitions have got. It outlives them: no number is given twice.
CREATE TABLE owner_sequences (
  owner TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE history (
  upload TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  version INTEGER NOT NULL,
  owner TEXT NOT NULL,
  owner_sequence INTEGER NOT NULL,
  from_state TEXT,
  to_state TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (upload, version),
  UNIQUE (owner, owner_sequence)
) STRICT, WITHOUT ROWID;

CREATE TABLE reports (
  upload TEXT PRIMARY KEY REFERENCES uploads ON DELETE CASCADE,
  report TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Queued where there is no worker, else running. At most one of a stage for an upload.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  upload TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  stage TEXT NOT NULL,
  priority TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  run_after INTEGER NOT NULL,
  worker TEXT,
  lease_until INTEGER,
  last_code TEXT,
  last_detail TEXT,
  UNIQUE (upload, stage),
  CHECK ((worker IS NULL) = (lease_until IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_by_turn ON jobs (priority, run_after, id);

CREATE TABLE dead_letters (
  job TEXT PRIMARY KEY,
  upload TEXT NOT NULL UNIQUE REFERENCES uploads ON DELETE CASCADE,
  stage TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  retry_can_help INTEGER NOT NULL,
  traceparent TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What people decided on dead letters. Kept when the upload goes, so it does not name it.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  action TEXT NOT NULL,
  letter TEXT NOT NULL,
  stage TEXT NOT NULL,
  code TEXT NOT NULL,
  who TEXT NOT NULL,
  why TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Events that are not published yet: publishing deletes. AUTOINCREMENT, so that a relay that was slow to say
-- "published" cannot name a row that came later.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  upload TEXT NOT NULL REFERENCES uploads ON DELETE CASCADE,
  priority TEXT NOT NULL,
  available_at INTEGER NOT NULL,
  envelope TEXT NOT NULL
) STRICT;

CREATE INDEX outbox_of_upload ON outbox (upload);

CREATE TABLE relay_lease (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  relay TEXT NOT NULL,
  lease_until INTEGER NOT NULL
) STRICT;

-- Objects of uploads that are erased or gone. A key that ends with '/' means all keys under it.
CREATE TABLE removals (
  id INTEGER PRIMARY KEY,
  object_key TEXT NOT NULL UNIQUE,
  since INTEGER NOT NULL
) STRICT;
