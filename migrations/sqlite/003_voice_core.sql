-- Which voice core measured a report, so that those of an older one can be measured again.

ALTER TABLE reports ADD COLUMN core INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reports_by_core ON reports (core);
