-- What every request took that was let through to a model, and what that cost. A row is added once and never changed.
-- No foreign keys: a bill outlives what it names, and a check would cost every request a look-up.
CREATE TABLE usage_events (
  request_id ${key} PRIMARY KEY,
  message_id ${key} NOT NULL,
  organisation_id ${key} NOT NULL,
  -- Empty for the organisation itself.
  workspace_id ${key} NOT NULL,
  api_key_id ${key} NOT NULL,
  -- The client's user, as metadata.user_id named it.
  end_user TEXT,
  -- The version that answered, whatever name the client used.
  model ${key} NOT NULL,
  service_tier ${key} NOT NULL,
  context_window ${key} NOT NULL,
  -- answered, failed or abandoned.
  outcome ${key} NOT NULL,
  -- The stop reason, or the type of the error; null for an answer that its client abandoned.
  reason ${key},
  received_at_ms ${int64} NOT NULL,
  ended_at_ms ${int64} NOT NULL,
  queue_ms ${int64} NOT NULL,
  -- To the first text; null if there was none.
  ttft_ms ${int64},
  input_tokens ${int64} NOT NULL,
  cache_write_5m_tokens ${int64} NOT NULL,
  cache_write_1h_tokens ${int64} NOT NULL,
  cache_read_tokens ${int64} NOT NULL,
  output_tokens ${int64} NOT NULL,
  currency ${key} NOT NULL,
  -- Billionths of the currency.
  input_nanos ${int64} NOT NULL,
  cache_write_5m_nanos ${int64} NOT NULL,
  cache_write_1h_nanos ${int64} NOT NULL,
  cache_read_nanos ${int64} NOT NULL,
  output_nanos ${int64} NOT NULL
) ${strict};

-- Sums of the events by minute and by hour, made in the same transactions. A report reads these alone.
CREATE TABLE usage_rollups (
  organisation_id ${key} NOT NULL,
  -- 60000 or 3600000.
  width_ms ${int64} NOT NULL,
  -- Of ended_at_ms.
  starts_at_ms ${int64} NOT NULL,
  workspace_id ${key} NOT NULL,
  api_key_id ${key} NOT NULL,
  model ${key} NOT NULL,
  service_tier ${key} NOT NULL,
  context_window ${key} NOT NULL,
  currency ${key} NOT NULL,
  requests ${int64} NOT NULL,
  input_tokens ${int64} NOT NULL,
  cache_write_5m_tokens ${int64} NOT NULL,
  cache_write_1h_tokens ${int64} NOT NULL,
  cache_read_tokens ${int64} NOT NULL,
  output_tokens ${int64} NOT NULL,
  input_nanos ${int64} NOT NULL,
  cache_write_5m_nanos ${int64} NOT NULL,
  cache_write_1h_nanos ${int64} NOT NULL,
  cache_read_nanos ${int64} NOT NULL,
  output_nanos ${int64} NOT NULL,
  PRIMARY KEY (organisation_id, width_ms, starts_at_ms, workspace_id, api_key_id, model,
    service_tier, context_window, currency)
) ${strict};
