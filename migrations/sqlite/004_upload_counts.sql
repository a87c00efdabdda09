-- How many uploads are in each state, and since when the first of them is, are read from this alone.

CREATE INDEX uploads_by_state ON uploads (state, kind, changed);
