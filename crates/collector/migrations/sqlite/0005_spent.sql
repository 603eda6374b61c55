-- What may be used once, and was: solved challenges and tickets against robots, by keyed hashes. Nothing of a person, and
-- nothing that leads to the submission. Each row goes when what it stands for would no longer be taken anyway.
-- Times are milliseconds since 1970.

CREATE TABLE spent (
    digest BLOB PRIMARY KEY,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_by_time ON spent (expires_ms);
