-- What was published, what was recorded, and what is still to be sent.
-- Times are milliseconds since 1970. Tables marked append-only refuse UPDATE and DELETE by trigger.

CREATE TABLE forms ( -- append-only
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    definition TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    PRIMARY KEY (form, version)
) STRICT;

CREATE TABLE compiled ( -- append-only
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    json TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    FOREIGN KEY (form, version) REFERENCES forms (form, version)
) STRICT;
CREATE INDEX compiled_by_version ON compiled (form, version, language);

-- The meaning of a purpose id, for good: spec/record.md section 6.
CREATE TABLE purposes ( -- append-only
    purpose TEXT PRIMARY KEY,
    basis TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    controller TEXT NOT NULL,
    published_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE records ( -- append-only
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    chain TEXT NOT NULL,
    replaces TEXT UNIQUE REFERENCES records (id),
    event TEXT NOT NULL,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    payload_digest BLOB NOT NULL,
    receipt TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    CHECK ((event = 'submission') = (chain = id)),
    CHECK ((event = 'submission') = (replaces IS NULL)),
    FOREIGN KEY (form, version) REFERENCES forms (form, version)
) STRICT;
CREATE INDEX records_by_chain ON records (chain, sequence);

-- The person's side of a submission. Deleted by an erasure; the record stays.
CREATE TABLE leads (
    record TEXT PRIMARY KEY REFERENCES records (id),
    mailbox TEXT,
    address TEXT,
    language TEXT NOT NULL,
    compiled TEXT NOT NULL REFERENCES compiled (digest),
    held TEXT NOT NULL,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    disclosures TEXT NOT NULL
) STRICT;
CREATE INDEX leads_by_mailbox ON leads (mailbox) WHERE mailbox IS NOT NULL;

-- Links that were issued. A counter that has no row opens nothing.
CREATE TABLE links (
    kind TEXT NOT NULL,
    record TEXT NOT NULL REFERENCES records (id),
    counter INTEGER NOT NULL,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    PRIMARY KEY (kind, record, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    record TEXT NOT NULL REFERENCES records (id),
    created_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER,
    sent_ms INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_record ON outbox (record, kind);

-- Keyed digests of plain POSTs: the same one within minutes is the same submission.
CREATE TABLE plain_posts (
    digest BLOB PRIMARY KEY,
    record TEXT NOT NULL REFERENCES records (id),
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER forms_keep BEFORE UPDATE ON forms BEGIN SELECT RAISE(ABORT, 'forms is append-only'); END;
CREATE TRIGGER forms_stay BEFORE DELETE ON forms BEGIN SELECT RAISE(ABORT, 'forms is append-only'); END;
CREATE TRIGGER compiled_keep BEFORE UPDATE ON compiled BEGIN SELECT RAISE(ABORT, 'compiled is append-only'); END;
CREATE TRIGGER compiled_stay BEFORE DELETE ON compiled BEGIN SELECT RAISE(ABORT, 'compiled is append-only'); END;
CREATE TRIGGER purposes_keep BEFORE UPDATE ON purposes BEGIN SELECT RAISE(ABORT, 'purposes is append-only'); END;
CREATE TRIGGER purposes_stay BEFORE DELETE ON purposes BEGIN SELECT RAISE(ABORT, 'purposes is append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records is append-only'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records BEGIN SELECT RAISE(ABORT, 'records is append-only'); END;
