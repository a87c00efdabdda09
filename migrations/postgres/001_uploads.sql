-- The life of uploads. Times are microseconds since 1970 in UTC; names of states, stages and kinds are text. What
-- people wrote, or foreign programs said, is bytea: it may hold anything. Whatever belongs to an upload goes with
-- its row (ON DELETE CASCADE).

CREATE TABLE uploads (
  id uuid PRIMARY KEY,
  owner uuid NOT NULL,
  kind text COLLATE "C" NOT NULL,
  content_type text COLLATE "C" NOT NULL,
  size bigint NOT NULL CHECK (size >= 0),
  sha256 text COLLATE "C" NOT NULL,
  file_name bytea NOT NULL,
  backing_sha256 text COLLATE "C",
  backing_started_seconds double precision,
  object_key text COLLATE "C" NOT NULL UNIQUE,
  object_version text COLLATE "C" NOT NULL DEFAULT '',
  multipart text COLLATE "C" NOT NULL DEFAULT '',
  state text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  failure_stage text COLLATE "C",
  failure_code text COLLATE "C",
  failure_detail bytea,
  failure_retry_can_help boolean,
  gone boolean NOT NULL DEFAULT false,
  struck_lowest boolean NOT NULL DEFAULT false,
  struck_highest boolean NOT NULL DEFAULT false,
  created bigint NOT NULL,
  changed bigint NOT NULL,
  expires bigint NOT NULL,
  traceparent text COLLATE "C" NOT NULL,
  CHECK ((state = 'FAILED') = (failure_code IS NOT NULL))
) WITH (fillfactor = 80);

CREATE INDEX uploads_of_owner ON uploads (owner, id);
CREATE INDEX uploads_in_state ON uploads (state, id);
CREATE INDEX uploads_to_expire ON uploads (expires) WHERE state = 'PENDING';
CREATE INDEX uploads_to_clean ON uploads (changed) WHERE state IN ('FAILED', 'EXPIRED') AND NOT gone;

-- The last number that an owner's transitions have got. It outlives them: no number is given twice. Whoever
-- writes a transition holds this row until the commit, so that numbers appear in their order.
CREATE TABLE owner_sequences (
  owner uuid PRIMARY KEY,
  last bigint NOT NULL
) WITH (fillfactor = 50);

-- When an owner declared uploads, for a day: erasing one does not make room for another.
CREATE TABLE uploads_made (
  owner uuid NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX uploads_made_by_owner ON uploads_made (owner, at);

-- Owners whose uploads were all erased, for a day: a request that was under way makes nothing new.
CREATE TABLE closed_owners (
  owner uuid PRIMARY KEY,
  at bigint NOT NULL
);
CREATE INDEX closed_owners_by_time ON closed_owners (at);

-- Declared bytes of all uploads whose objects are not given up, so that nobody has to add them up.
CREATE TABLE upload_bytes (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  total bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO upload_bytes (total) VALUES (0);

CREATE TABLE history (
  upload uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
  version bigint NOT NULL,
  owner uuid NOT NULL,
  owner_sequence bigint NOT NULL,
  from_state text COLLATE "C",
  to_state text COLLATE "C" NOT NULL,
  attempt bigint NOT NULL,
  why text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (upload, version),
  UNIQUE (owner, owner_sequence)
);

-- json: as text, so that it comes back byte for byte. core: the voice core that measured it.
CREATE TABLE reports (
  upload uuid PRIMARY KEY REFERENCES uploads ON DELETE CASCADE,
  report text COLLATE "C" NOT NULL,
  core bigint NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX reports_by_core ON reports (core);

-- Queued where there is no worker, else running. At most one of a stage for an upload. Room on every page, so that
-- a claim and its renewals touch no index.
CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  upload uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
  stage text COLLATE "C" NOT NULL,
  priority text COLLATE "C" NOT NULL,
  attempt bigint NOT NULL DEFAULT 0,
  run_after bigint NOT NULL,
  worker text COLLATE "C",
  lease_until bigint,
  last_code text COLLATE "C",
  last_detail bytea,
  UNIQUE (upload, stage),
  CHECK ((worker IS NULL) = (lease_until IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX jobs_by_turn ON jobs (stage, priority, run_after, id);

CREATE TABLE dead_letters (
  job uuid PRIMARY KEY,
  upload uuid NOT NULL UNIQUE REFERENCES uploads ON DELETE CASCADE,
  stage text COLLATE "C" NOT NULL,
  attempts bigint NOT NULL,
  code text COLLATE "C" NOT NULL,
  detail bytea NOT NULL,
  retry_can_help boolean NOT NULL,
  traceparent text COLLATE "C" NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX dead_letters_by_time ON dead_letters (at, job);

-- What people decided on dead letters. Kept when the upload goes, so it does not name it.
CREATE TABLE decisions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  action text COLLATE "C" NOT NULL,
  letter uuid NOT NULL,
  stage text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  who bytea NOT NULL,
  why bytea NOT NULL,
  at bigint NOT NULL
);

-- Events that are not published yet: publishing deletes. No id is given twice.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  upload uuid NOT NULL REFERENCES uploads ON DELETE CASCADE,
  priority text COLLATE "C" NOT NULL,
  available_at bigint NOT NULL,
  envelope text COLLATE "C" NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX outbox_of_upload ON outbox (upload);
CREATE INDEX outbox_by_time ON outbox (available_at);

CREATE TABLE relay_lease (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  relay text COLLATE "C" NOT NULL,
  lease_until bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO relay_lease (relay, lease_until) VALUES ('', 0);

-- Objects of uploads that are erased or gone. A key that ends with '/' means all keys under it. One that could not
-- be removed waits, so that it does not stand in front of the others.
CREATE TABLE removals (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  object_key text COLLATE "C" NOT NULL UNIQUE,
  since bigint NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  try_after bigint NOT NULL DEFAULT 0
);
CREATE INDEX removals_by_turn ON removals (try_after, id);

-- Who listens hears of what is committed, in the moment in which it is: watch_postgres().
CREATE FUNCTION tell_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('orakgarak_moved', NEW.owner::text);
  RETURN NULL;
END $$;
CREATE TRIGGER moved AFTER INSERT ON history FOR EACH ROW EXECUTE FUNCTION tell_moved();

CREATE FUNCTION tell_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('orakgarak_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER filled AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION tell_outbox();
