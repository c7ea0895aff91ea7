-- Conversations. Their messages are in the message store; here is what lists and decides.
CREATE TABLE chat_conversations (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL,
  user_id ${key} NOT NULL,
  title TEXT,
  -- nobody, model or user.
  title_by ${key} NOT NULL,
  -- The name that the user chose; null for the server's default.
  model ${key},
  system TEXT,
  archived ${int64} NOT NULL,
  flagged ${int64} NOT NULL,
  created_at_ms ${int64} NOT NULL,
  last_activity_at_ms ${int64} NOT NULL,
  -- Counts what users write; each of their writes names the one that it saw.
  version ${int64} NOT NULL,
  -- Messages that were begun, in all branches. The place of the next one follows from it.
  messages ${int64} NOT NULL,
  -- The greatest id among them; the next is greater.
  last_id ${key},
  -- The tip of the branch that is shown.
  head_id ${key},
  read_id ${key},
  -- The newest answer that is being written.
  answering_id ${key},
  input_tokens ${int64} NOT NULL,
  output_tokens ${int64} NOT NULL,
  share_id ${key}
) ${strict};

CREATE INDEX chat_conversations_by_activity
  ON chat_conversations (user_id, archived, last_activity_at_ms, id);

-- Where each stretch of 1,000 messages begins.
CREATE TABLE chat_buckets (
  conversation_id ${key} NOT NULL,
  bucket ${int64} NOT NULL,
  first_id ${key} NOT NULL,
  PRIMARY KEY (conversation_id, bucket)
) ${strict};

CREATE UNIQUE INDEX chat_buckets_by_id ON chat_buckets (conversation_id, first_id);

-- What a client id meant, for as long as clients may repeat themselves.
CREATE TABLE chat_sends (
  conversation_id ${key} NOT NULL,
  client_id ${key} NOT NULL,
  -- SHA-256 in hex of what was asked for.
  hash ${key} NOT NULL,
  -- Null if it sent no message.
  question_id ${key},
  answer_id ${key} NOT NULL,
  at_ms ${int64} NOT NULL,
  PRIMARY KEY (conversation_id, client_id)
) ${strict};

CREATE INDEX chat_sends_by_time ON chat_sends (at_ms);

-- Answers that are being written. What is needed to finish them, whatever happens to the server.
CREATE TABLE chat_answers (
  id ${key} PRIMARY KEY,
  conversation_id ${key} NOT NULL,
  organisation_id ${key} NOT NULL,
  user_id ${key} NOT NULL,
  bucket ${int64} NOT NULL,
  parent_id ${key} NOT NULL,
  client_id ${key} NOT NULL,
  -- The model that was asked.
  model ${key} NOT NULL,
  -- The stream with its text.
  stream ${key} NOT NULL,
  started_at_ms ${int64} NOT NULL,
  -- What the parts took that it goes on with.
  before_input_tokens ${int64} NOT NULL,
  before_output_tokens ${int64} NOT NULL,
  -- The user's message, sealed, until it is in the message store; null if there is none.
  question_id ${key},
  question_bucket ${int64},
  question ${blob}
) ${strict};

CREATE INDEX chat_answers_by_conversation ON chat_answers (conversation_id);
CREATE INDEX chat_answers_by_user ON chat_answers (user_id);

-- Events that are not in the log yet; written with what they tell of.
CREATE TABLE chat_outbox (
  id ${key} PRIMARY KEY,
  user_id ${key} NOT NULL,
  event TEXT NOT NULL
) ${strict};

CREATE TABLE chat_images (
  id ${key} PRIMARY KEY,
  user_id ${key} NOT NULL,
  media_type ${key} NOT NULL,
  bytes ${int64} NOT NULL,
  width ${int64} NOT NULL,
  height ${int64} NOT NULL,
  created_at_ms ${int64} NOT NULL
) ${strict};

CREATE INDEX chat_images_by_user ON chat_images (user_id);
