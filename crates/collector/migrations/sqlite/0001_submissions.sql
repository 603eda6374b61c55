-- What was published, what was recorded, and what is still to be sent.
-- Times are milliseconds since 1970. Tables marked append-only refuse UPDATE and DELETE by trigger.

CREATE TABLE forms ( -- append-only
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    definition TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    PRIMARY KEY (form, version)
) STRICT;

-- Which version of a form was in force from when: one row for each start at which another one is. Going back to an
-- earlier version is a row too.
CREATE TABLE publications ( -- append-only
    sequence INTEGER PRIMARY KEY,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    FOREIGN KEY (form, version) REFERENCES forms (form, version)
) STRICT;
CREATE INDEX publications_by_form ON publications (form, sequence);

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

CREATE TABLE records ( -- append-only, but for chains that are sealed
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    chain TEXT NOT NULL,
    replaces TEXT UNIQUE REFERENCES records (id) DEFERRABLE INITIALLY DEFERRED,
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
CREATE INDEX records_by_version ON records (form, version) WHERE event = 'submission';

-- Chains whose lead was erased: evidence for a stated time, read by the role dpo only, then deleted.
CREATE TABLE sealed (
    chain TEXT PRIMARY KEY,
    sealed_ms INTEGER NOT NULL,
    delete_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sealed_due ON sealed (delete_ms);

-- A person is a mailbox; a submission without an address makes a person of its own.
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    mailbox_key BLOB UNIQUE, -- keyed hash
    created_ms INTEGER NOT NULL,
    contact_ms INTEGER NOT NULL, -- the last contact that the person made
    due_ms INTEGER NOT NULL DEFAULT 0 -- when the sweep has to look next; 0 with every new event
) STRICT, WITHOUT ROWID;
CREATE INDEX people_due ON people (due_ms);

-- The person's side of a submission, its values sealed by a key outside the database. Deleted by an erasure.
CREATE TABLE leads (
    record TEXT PRIMARY KEY REFERENCES records (id),
    person TEXT NOT NULL REFERENCES people (id),
    language TEXT NOT NULL,
    compiled TEXT NOT NULL REFERENCES compiled (digest),
    held TEXT NOT NULL,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    fingerprint BLOB NOT NULL, -- keyed hash of the disclosures
    values_key INTEGER NOT NULL,
    values_sealed BLOB NOT NULL
) STRICT;
CREATE INDEX leads_by_person ON leads (person);
CREATE INDEX leads_by_key ON leads (values_key);

CREATE TABLE phones (
    key BLOB NOT NULL, -- keyed hash of the number in E.164
    record TEXT NOT NULL REFERENCES leads (record) ON DELETE CASCADE,
    PRIMARY KEY (key, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX phones_by_record ON phones (record);

-- What must not be taken up again, after everything else of the person is gone.
CREATE TABLE suppressions (
    key BLOB NOT NULL, -- keyed hash of the mailbox or of the number
    kind TEXT NOT NULL CHECK (kind IN ('email', 'phone')),
    channel TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    PRIMARY KEY (key, kind, channel)
) STRICT, WITHOUT ROWID;

-- Links that were issued, to a record or to a person. A counter that has no row opens nothing.
CREATE TABLE links (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    counter INTEGER NOT NULL,
    issued_ms INTEGER NOT NULL,
    expires_ms INTEGER,
    PRIMARY KEY (subject, kind, counter)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    record TEXT REFERENCES leads (record) ON DELETE CASCADE,
    purposes TEXT NOT NULL DEFAULT '[]',
    dedupe TEXT UNIQUE, -- the same cause makes one letter
    created_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER,
    sending_ms INTEGER, -- before its first byte left; with sent_ms NULL after a crash, nobody knows whether it went
    sent_ms INTEGER,
    asked INTEGER NOT NULL DEFAULT 0 CHECK (asked IN (0, 1)) -- whether it asked for a confirmation
) STRICT;
CREATE INDEX outbox_due ON outbox (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_person ON outbox (person, kind, created_ms);
CREATE INDEX outbox_by_record ON outbox (record) WHERE record IS NOT NULL;

-- Keyed digests of plain POSTs: the same one within minutes is the same submission.
CREATE TABLE plain_posts (
    digest BLOB PRIMARY KEY,
    record TEXT NOT NULL REFERENCES leads (record) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX plain_posts_by_record ON plain_posts (record);
CREATE INDEX plain_posts_by_time ON plain_posts (created_ms);

-- The deletion report: what went, when and why. Nothing of whom.
CREATE TABLE deletions (
    id INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    form TEXT NOT NULL,
    reason TEXT NOT NULL,
    leads INTEGER NOT NULL,
    records INTEGER NOT NULL
) STRICT;
CREATE INDEX deletions_by_time ON deletions (at_ms);

CREATE TRIGGER forms_keep BEFORE UPDATE ON forms BEGIN SELECT RAISE(ABORT, 'forms is append-only'); END;
CREATE TRIGGER forms_stay BEFORE DELETE ON forms BEGIN SELECT RAISE(ABORT, 'forms is append-only'); END;
CREATE TRIGGER publications_keep BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;
CREATE TRIGGER publications_stay BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END;
CREATE TRIGGER compiled_keep BEFORE UPDATE ON compiled BEGIN SELECT RAISE(ABORT, 'compiled is append-only'); END;
CREATE TRIGGER compiled_stay BEFORE DELETE ON compiled BEGIN SELECT RAISE(ABORT, 'compiled is append-only'); END;
CREATE TRIGGER purposes_keep BEFORE UPDATE ON purposes BEGIN SELECT RAISE(ABORT, 'purposes is append-only'); END;
CREATE TRIGGER purposes_stay BEFORE DELETE ON purposes BEGIN SELECT RAISE(ABORT, 'purposes is append-only'); END;
CREATE TRIGGER records_keep BEFORE UPDATE ON records BEGIN SELECT RAISE(ABORT, 'records is append-only'); END;
CREATE TRIGGER records_stay BEFORE DELETE ON records WHEN NOT EXISTS (SELECT 1 FROM sealed WHERE sealed.chain = OLD.chain)
BEGIN SELECT RAISE(ABORT, 'records is append-only'); END;
