-- What organisations want done with personal data. Where there is no row, the default counts.
CREATE TABLE privacy_policies (
  organisation_id ${key} NOT NULL REFERENCES organisations (id),
  -- prompts or answers.
  side ${key} NOT NULL,
  -- email, phone, card, iban or secret.
  kind ${key} NOT NULL,
  -- off, detect, mask or refuse.
  action ${key} NOT NULL,
  PRIMARY KEY (organisation_id, side, kind)
) ${strict};
