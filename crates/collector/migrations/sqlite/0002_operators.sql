-- Who may ask the operator routes, what they read about people, and what people asked for.
-- Times are milliseconds since 1970. `person` is an id without a reference: these rows outlive the person's own.

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'dpo', 'admin')),
    hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32), -- SHA-256 of the token, which is stored nowhere
    created_ms INTEGER NOT NULL,
    revoked_ms INTEGER
) STRICT;

CREATE TABLE access_log ( -- append-only but for its own retention
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL, -- a token's id, or `command`
    role TEXT NOT NULL,
    action TEXT NOT NULL,
    person TEXT,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX access_log_by_person ON access_log (person, id) WHERE person IS NOT NULL;
CREATE INDEX access_log_by_time ON access_log (at_ms);

-- Up to when the access log was purged: one row, written by the purge before it deletes.
CREATE TABLE access_log_purged (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    before_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'portability', 'rectification', 'erasure', 'objection')),
    received_ms INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    answered_ms INTEGER,
    answer TEXT,
    CHECK ((answered_ms IS NULL) = (answer IS NULL))
) STRICT;
CREATE INDEX requests_in_order ON requests (answered_ms IS NOT NULL, due_ms, id);
CREATE INDEX requests_by_person ON requests (person, received_ms);

CREATE TRIGGER access_log_keep BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;
CREATE TRIGGER access_log_stay BEFORE DELETE ON access_log
WHEN OLD.at_ms >= coalesce((SELECT before_ms FROM access_log_purged), -9223372036854775808)
BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END;
CREATE TRIGGER tokens_stay BEFORE DELETE ON tokens BEGIN SELECT RAISE(ABORT, 'the access log names tokens'); END;

-- The lowest number of a key that may seal a lead: `candor keys rotate --values` raises it before it seals anew, so that
-- no row can come to rest under a key whose file is about to go.
CREATE TABLE value_keys (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    lowest INTEGER NOT NULL
) STRICT;
CREATE TRIGGER leads_sealed_anew BEFORE INSERT ON leads
WHEN NEW.values_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
CREATE TRIGGER leads_resealed_anew BEFORE UPDATE OF values_key ON leads
WHEN NEW.values_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
