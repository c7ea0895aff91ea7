-- One row for each idempotency key that is in use: whose it is, and the answer once there is one.
CREATE TABLE idempotency_keys (
  organisation_id ${key} NOT NULL,
  -- Empty for the organisation itself.
  workspace_id ${key} NOT NULL,
  idempotency_key ${key} NOT NULL,
  -- SHA-256 of the body in hex.
  body_hash ${key} NOT NULL,
  -- The request that holds the key, and its answer.
  request_id ${key} NOT NULL UNIQUE,
  message_id ${key} NOT NULL,
  -- running, answered, or too_long: there was an answer, and it is not kept.
  state ${key} NOT NULL,
  -- As long as it runs: until when nobody else may take the key.
  lease_until_ms ${int64} NOT NULL,
  expires_at_ms ${int64} NOT NULL,
  -- From here on null unless it is answered.
  stream ${bool},
  notice TEXT,
  queue_ms ${int64},
  body ${blob},
  PRIMARY KEY (organisation_id, workspace_id, idempotency_key)
) ${strict};

CREATE INDEX idempotency_keys_by_message ON idempotency_keys (message_id);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at_ms);
