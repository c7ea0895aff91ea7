CREATE TABLE migrated_marker (
  id ${key} PRIMARY KEY,
  size ${int64} NOT NULL,
  live ${bool} NOT NULL,
  body ${blob},
  facts ${json}
) ${strict};
