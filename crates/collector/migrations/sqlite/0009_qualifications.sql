-- Leads that the owner's rules qualified, each result sealed, and what was decided about it by whom. Times are milliseconds
-- since 1970.

-- The rules as they ran, by digest: what a result names stays readable as long as there is one.
CREATE TABLE qualification_rules (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    first_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A result goes with its lead, and with the permission of its purpose: `store/sqlite/qualifications.rs`.
CREATE TABLE qualifications (
    id TEXT PRIMARY KEY, -- one id has one content
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    record TEXT NOT NULL REFERENCES leads (record) ON DELETE CASCADE,
    purpose TEXT NOT NULL REFERENCES purposes (purpose),
    rules TEXT NOT NULL REFERENCES qualification_rules (digest),
    made_ms INTEGER NOT NULL,
    sequence INTEGER NOT NULL, -- the newest record of the person that it rests on
    until_ms INTEGER, -- when its permission ends, if nothing else happens
    values_key INTEGER NOT NULL,
    values_sealed BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'validated', 'rejected')),
    decided_ms INTEGER,
    decided_by TEXT, -- a token's id, or `command`
    UNIQUE (person, purpose),
    CHECK ((state = 'waiting') = (decided_ms IS NULL)),
    CHECK ((decided_ms IS NULL) = (decided_by IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX qualifications_by_record ON qualifications (record);
CREATE INDEX qualifications_by_purpose ON qualifications (purpose, id);
CREATE INDEX qualifications_by_rules ON qualifications (rules);
CREATE INDEX qualifications_by_key ON qualifications (values_key);

-- As for leads (0002): nothing comes to rest under a key whose file is about to go.
CREATE TRIGGER qualifications_sealed_anew BEFORE INSERT ON qualifications
WHEN NEW.values_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
CREATE TRIGGER qualifications_resealed_anew BEFORE UPDATE OF values_key ON qualifications
WHEN NEW.values_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
