-- Message batches. The row of a batch is added after those of its requests: what has none was never acknowledged.
CREATE TABLE message_batches (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  -- Empty for the organisation itself.
  workspace_id ${key} NOT NULL,
  api_key_id ${key} NOT NULL,
  -- The organisation's share of the compute when it was sent.
  weight_milli ${int64} NOT NULL,
  max_running ${int64} NOT NULL,
  requests ${int64} NOT NULL,
  created_at_ms ${int64} NOT NULL,
  expires_at_ms ${int64} NOT NULL,
  cancel_initiated_at_ms ${int64},
  -- Null as long as it is not through; the counts are zero until then.
  ended_at_ms ${int64},
  succeeded ${int64} NOT NULL DEFAULT 0,
  errored ${int64} NOT NULL DEFAULT 0,
  canceled ${int64} NOT NULL DEFAULT 0,
  expired ${int64} NOT NULL DEFAULT 0
) ${strict};

CREATE INDEX message_batches_by_owner ON message_batches (organisation_id, workspace_id, id);
CREATE INDEX message_batches_open ON message_batches (id) WHERE ended_at_ms IS NULL;

CREATE TABLE batch_requests (
  batch_id ${key} NOT NULL,
  position ${int64} NOT NULL,
  custom_id ${key} NOT NULL,
  -- The body of the request, JSON; empty once there is an outcome.
  params TEXT NOT NULL,
  -- succeeded, errored, canceled or expired; null as long as there is none.
  outcome ${key},
  -- The request in usage_events that made it, if one did.
  request_id ${key},
  -- JSON.
  result TEXT,
  PRIMARY KEY (batch_id, position)
) ${strict};
