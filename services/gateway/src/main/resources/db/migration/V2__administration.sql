-- Tiers: what an organisation is sold.
CREATE TABLE tiers (
  id ${key} PRIMARY KEY,
  -- Share of the compute beside other organisations, in thousandths: exact on every database.
  weight_milli ${int64} NOT NULL CHECK (weight_milli > 0),
  -- Generations that one model runs at the same time; null for no cap.
  max_running ${int64} CHECK (max_running > 0),
  -- Millionths of the currency of the price table; null for no budget.
  monthly_budget_micros ${int64} CHECK (monthly_budget_micros >= 0)
) ${strict};

-- Limits of a tier by model; null for no limit.
CREATE TABLE tier_limits (
  tier_id ${key} NOT NULL REFERENCES tiers (id),
  -- The id of a model, or * for every model that has no row of its own.
  model ${key} NOT NULL,
  requests_per_minute ${int64} CHECK (requests_per_minute > 0),
  input_tokens_per_minute ${int64} CHECK (input_tokens_per_minute > 0),
  output_tokens_per_minute ${int64} CHECK (output_tokens_per_minute > 0),
  concurrent_requests ${int64} CHECK (concurrent_requests > 0),
  PRIMARY KEY (tier_id, model)
) ${strict};

INSERT INTO tiers (id, weight_milli, max_running, monthly_budget_micros) VALUES
  ('trial', 250, 2, 5000000),
  ('standard', 1000, 16, NULL),
  ('priority', 4000, 64, NULL),
  ('unlimited', 1000, NULL, NULL);

INSERT INTO tier_limits (tier_id, model, requests_per_minute, input_tokens_per_minute,
    output_tokens_per_minute, concurrent_requests) VALUES
  ('trial', '*', 20, 20000, 4000, 4),
  ('standard', '*', 1000, 400000, 80000, 64),
  ('priority', '*', 4000, 2000000, 400000, 256);

-- Null only inside of this migration. Whoever is there already is the owner of the machine.
ALTER TABLE organisations ADD COLUMN tier_id ${key} REFERENCES tiers (id);
UPDATE organisations SET tier_id = 'unlimited';

CREATE TABLE workspaces (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  name TEXT NOT NULL,
  display_color TEXT NOT NULL,
  created_at_ms ${int64} NOT NULL,
  archived_at_ms ${int64}
) ${strict};

CREATE INDEX workspaces_by_organisation ON workspaces (organisation_id, id);

-- A person in an organisation. The same person in another is another row.
CREATE TABLE members (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  email ${key} NOT NULL,
  name TEXT NOT NULL,
  role ${key} NOT NULL,
  added_at_ms ${int64} NOT NULL,
  UNIQUE (organisation_id, email)
) ${strict};

CREATE INDEX members_by_organisation ON members (organisation_id, id);

CREATE TABLE workspace_members (
  workspace_id ${key} NOT NULL REFERENCES workspaces (id),
  member_id ${key} NOT NULL REFERENCES members (id),
  role ${key} NOT NULL,
  PRIMARY KEY (workspace_id, member_id)
) ${strict};

CREATE INDEX workspace_members_by_member ON workspace_members (member_id);

-- Pending until it is accepted, deleted or past its time.
CREATE TABLE invites (
  id ${key} PRIMARY KEY,
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  email ${key} NOT NULL,
  role ${key} NOT NULL,
  invited_at_ms ${int64} NOT NULL,
  expires_at_ms ${int64} NOT NULL,
  accepted_at_ms ${int64},
  deleted_at_ms ${int64}
) ${strict};

CREATE INDEX invites_by_organisation ON invites (organisation_id, id);

ALTER TABLE api_keys ADD COLUMN kind ${key} NOT NULL DEFAULT 'api';
-- Null for the organisation itself.
ALTER TABLE api_keys ADD COLUMN workspace_id ${key} REFERENCES workspaces (id);
-- active, inactive or archived; what has expired is still active here.
ALTER TABLE api_keys ADD COLUMN status ${key} NOT NULL DEFAULT 'active';
-- With a blank between.
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT 'messages models';
ALTER TABLE api_keys ADD COLUMN created_by_kind ${key} NOT NULL DEFAULT 'server';
ALTER TABLE api_keys ADD COLUMN created_by_id ${key} NOT NULL DEFAULT 'server';
ALTER TABLE api_keys ADD COLUMN expires_at_ms ${int64};
-- To the minute.
ALTER TABLE api_keys ADD COLUMN last_used_at_ms ${int64};
UPDATE api_keys SET status = 'archived' WHERE revoked_at_ms IS NOT NULL;
ALTER TABLE api_keys DROP COLUMN revoked_at_ms;

DROP INDEX api_keys_by_organisation;
CREATE INDEX api_keys_by_organisation ON api_keys (organisation_id, id);

-- Who changed what, and when. Rows are added in the transaction of the change, and never touched again.
CREATE TABLE administrative_changes (
  id ${key} PRIMARY KEY,
  -- Null for what belongs to no organisation, such as a tier.
  organisation_id ${key} REFERENCES organisations (id),
  at_ms ${int64} NOT NULL,
  actor_kind ${key} NOT NULL,
  actor_id ${key} NOT NULL,
  -- Such as api_key.create.
  action ${key} NOT NULL,
  subject_id ${key} NOT NULL,
  -- The new values in words; never a secret.
  detail TEXT NOT NULL
) ${strict};

CREATE INDEX administrative_changes_by_organisation ON administrative_changes (organisation_id, id);
