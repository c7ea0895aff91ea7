-- How far the events of each usage journal are posted: they are in usage_events and in the sums. Changed in the
-- transaction that posts them, so that every event is posted once wherever a process dies.
CREATE TABLE usage_journals (
  -- Random; written at the beginning of each file of the journal.
  journal_id ${key} PRIMARY KEY,
  -- Number of the last event that is posted.
  posted ${int64} NOT NULL
) ${strict};
