-- The people who chat. An organisation is one of the gateway's; its tables are not referred to,
-- since services do not know each other's.
CREATE TABLE chat_users (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL,
  -- In small letters. Null: a guest, or an account that is being erased.
  email ${key},
  name TEXT NOT NULL,
  -- Argon2id in the PHC form. Null: nobody gets in by a password.
  password_hash TEXT,
  guest ${bool} NOT NULL,
  notify_mail ${bool} NOT NULL,
  notify_webhook TEXT,
  created_at_ms ${int64} NOT NULL,
  -- Since when nobody gets in any more, because everything of this user is being erased.
  erasing_since_ms ${int64},
  UNIQUE (organisation_id, email)
) ${strict};

CREATE TABLE chat_sessions (
  -- SHA-256 of the cookie in hex; the cookie itself is kept nowhere.
  token_hash ${key} PRIMARY KEY,
  user_id ${key} NOT NULL REFERENCES chat_users (id),
  created_at_ms ${int64} NOT NULL,
  last_seen_at_ms ${int64} NOT NULL,
  expires_at_ms ${int64} NOT NULL
) ${strict};

CREATE INDEX chat_sessions_by_user ON chat_sessions (user_id, created_at_ms);
CREATE INDEX chat_sessions_by_expiry ON chat_sessions (expires_at_ms);

-- Who somebody is at an OpenID provider.
CREATE TABLE chat_identities (
  issuer ${key} NOT NULL,
  subject ${key} NOT NULL,
  user_id ${key} NOT NULL REFERENCES chat_users (id),
  PRIMARY KEY (issuer, subject)
) ${strict};

CREATE INDEX chat_identities_by_user ON chat_identities (user_id);

-- A key for each user, wrapped by a master key. Without its row, whatever it encrypted is noise.
CREATE TABLE chat_user_keys (
  user_id ${key} PRIMARY KEY,
  master_key_id ${key} NOT NULL,
  wrapped ${blob} NOT NULL
) ${strict};

CREATE INDEX chat_user_keys_by_master ON chat_user_keys (master_key_id);

-- Read-only links. The branch is what led to the message on the day of sharing.
CREATE TABLE chat_shares (
  id ${key} PRIMARY KEY,
  user_id ${key} NOT NULL,
  conversation_id ${key} NOT NULL UNIQUE,
  head_id ${key} NOT NULL,
  created_at_ms ${int64} NOT NULL
) ${strict};

CREATE INDEX chat_shares_by_user ON chat_shares (user_id);

-- Accounts whose erasure has begun. A row goes when all of it is done.
CREATE TABLE chat_erasures (
  user_id ${key} PRIMARY KEY,
  requested_at_ms ${int64} NOT NULL
) ${strict};
