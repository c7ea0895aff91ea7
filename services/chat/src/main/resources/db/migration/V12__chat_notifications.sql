-- Who is to be told of an answer that ended while nobody watched. A row is written at the end of
-- the answer, and stays for a while when it is done, as a record of what was sent.
CREATE TABLE chat_notifications (
  id ${key} PRIMARY KEY,
  user_id ${key} NOT NULL,
  conversation_id ${key} NOT NULL,
  message_id ${key} NOT NULL,
  -- How the answer ended: complete, partial or failed.
  status ${key} NOT NULL,
  -- mail or webhook.
  channel ${key} NOT NULL,
  ended_at_ms ${int64} NOT NULL,
  -- When it may be tried. Whoever tries it moves this on first, so that nobody else does.
  due_at_ms ${int64} NOT NULL,
  -- How often it was tried; also tells attempts apart.
  attempts ${int64} NOT NULL,
  -- Null while it waits; then sent, dropped (nobody has to be told any more) or failed.
  outcome ${key}
) ${strict};

CREATE INDEX chat_notifications_by_due ON chat_notifications (outcome, due_at_ms);
CREATE INDEX chat_notifications_by_user ON chat_notifications (user_id, ended_at_ms);
CREATE INDEX chat_notifications_by_end ON chat_notifications (ended_at_ms);

-- What calls of webhooks are signed with, sealed with the user's key.
CREATE TABLE chat_webhook_secrets (
  user_id ${key} PRIMARY KEY,
  -- The address that it was made for: another one gets another secret.
  webhook TEXT NOT NULL,
  sealed ${blob} NOT NULL
) ${strict};
