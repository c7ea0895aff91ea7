CREATE TABLE organisations (
  id ${key} PRIMARY KEY,
  name TEXT NOT NULL,
  created_at_ms ${int64} NOT NULL
) ${strict};

CREATE TABLE api_keys (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  -- SHA-256 of the secret in hex; the secret itself is kept nowhere.
  hash ${key} NOT NULL UNIQUE,
  -- What a person needs to tell two keys apart: the beginning of the secret.
  shown_prefix TEXT NOT NULL,
  created_at_ms ${int64} NOT NULL,
  revoked_at_ms ${int64}
) ${strict};

CREATE INDEX api_keys_by_organisation ON api_keys (organisation_id);
