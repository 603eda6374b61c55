-- What leaves for receivers: to whom, what each of them was told, what is to be told, and what must not be processed.
-- Times are milliseconds since 1970. No value of a person and no secret stands here in clear, and no body of a message: it is
-- made again from the records before each attempt, and compared by digest.

CREATE TABLE targets (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    purpose TEXT NOT NULL REFERENCES purposes (purpose),
    party TEXT NOT NULL, -- its id in the definition
    party_names TEXT NOT NULL, -- JSON list: as the definition names it, in each language
    contract TEXT NOT NULL, -- ISO 8601 date
    audited TEXT, -- ISO 8601 date
    settings_key INTEGER NOT NULL,
    settings_sealed BLOB NOT NULL, -- address, options and secrets
    created_ms INTEGER NOT NULL,
    resume_ms INTEGER NOT NULL DEFAULT 0, -- nothing leaves for it before that
    disabled_ms INTEGER, -- it answered 410
    closed_ms INTEGER, -- takes no more leads; hears of endings for as long as it may hold one
    removed_ms INTEGER, -- holds nothing any more: settings are gone, what was told stays as proof
    CHECK (removed_ms IS NULL OR closed_ms IS NOT NULL)
) STRICT;
CREATE INDEX targets_by_key ON targets (settings_key);
CREATE INDEX targets_living ON targets (removed_ms) WHERE removed_ms IS NULL;

-- What one receiver knows of one person, for one purpose. `person` is an id without a reference: the receiver has to be told
-- of an erasure after the person's own rows have gone.
CREATE TABLE shared (
    target TEXT NOT NULL REFERENCES targets (id),
    person TEXT NOT NULL,
    subject TEXT NOT NULL UNIQUE, -- random: by this the receiver knows the person, and no other receiver does
    told TEXT CHECK (told IN ('lead', 'stop', 'erase')), -- the last thing that it took
    digest BLOB, -- of that lead; NULL while something is under way that may have arrived
    certain INTEGER NOT NULL DEFAULT 1 CHECK (certain IN (0, 1)),
    holds INTEGER NOT NULL DEFAULT 0 CHECK (holds IN (0, 1)), -- a lead began to leave, and no erasure was taken since
    record TEXT, -- the submission that was last told of
    contract TEXT, -- the date of the contract under which it was
    proof TEXT NOT NULL, -- how long this stays after an erasure: ISO 8601 duration
    remote_key INTEGER,
    remote_sealed BLOB, -- by what the receiver knows the person
    told_ms INTEGER,
    delete_ms INTEGER, -- once an erasure was taken
    PRIMARY KEY (target, person),
    CHECK ((remote_key IS NULL) = (remote_sealed IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX shared_by_person ON shared (person);
CREATE INDEX shared_by_key ON shared (remote_key) WHERE remote_key IS NOT NULL;
CREATE INDEX shared_by_end ON shared (delete_ms) WHERE delete_ms IS NOT NULL;

-- People of whom receivers may have to hear something. `turn` grows with each change, so that none is missed.
CREATE TABLE flows_due (
    person TEXT PRIMARY KEY,
    due_ms INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    gone TEXT CHECK (gone IN ('erased', 'retention')) -- why a lead of theirs went
) STRICT, WITHOUT ROWID;
CREATE INDEX flows_by_time ON flows_due (due_ms);

-- Messages, and what became of them: the proof of delivery. One id has one content for ever.
CREATE TABLE deliveries (
    id TEXT PRIMARY KEY, -- msg_…
    target TEXT NOT NULL REFERENCES targets (id),
    person TEXT NOT NULL,
    event TEXT NOT NULL CHECK (event IN ('lead.allowed', 'lead.changed', 'lead.ended')),
    reason TEXT, -- of an end
    facts BLOB NOT NULL, -- SHA-256 of what is told
    digest BLOB NOT NULL, -- SHA-256 of the whole message
    record TEXT,
    contract TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_ms INTEGER, -- exactly while it waits
    sending_ms INTEGER, -- before its first byte left, the last time
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'superseded', 'dead')),
    status INTEGER, -- the last answer's
    why TEXT, -- the last failure, in a word
    ended_ms INTEGER,
    CHECK ((state = 'waiting') = (due_ms IS NOT NULL)),
    CHECK ((state = 'waiting') = (ended_ms IS NULL)),
    CHECK ((event = 'lead.ended') = (reason IS NOT NULL))
) STRICT;
-- One at a time for each person and target, in order.
CREATE UNIQUE INDEX deliveries_waiting ON deliveries (target, person) WHERE state = 'waiting';
CREATE INDEX deliveries_due ON deliveries (due_ms) WHERE state = 'waiting';
CREATE INDEX deliveries_by_pair ON deliveries (target, person, created_ms);
CREATE INDEX deliveries_by_person ON deliveries (person, created_ms);
CREATE INDEX deliveries_by_target ON deliveries (target, created_ms, id);

-- Article 18 GDPR: while a row is open, the person's data are kept and nothing else.
CREATE TABLE restrictions (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    since_ms INTEGER NOT NULL,
    lifted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX restrictions_open ON restrictions (person) WHERE lifted_ms IS NULL;
CREATE INDEX restrictions_by_person ON restrictions (person, since_ms);

-- As for leads: no row comes to rest under a key whose file is about to go.
CREATE TRIGGER targets_sealed_anew BEFORE INSERT ON targets
WHEN NEW.settings_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
CREATE TRIGGER targets_resealed_anew BEFORE UPDATE OF settings_key ON targets
WHEN NEW.settings_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
CREATE TRIGGER shared_resealed_anew BEFORE UPDATE OF remote_key ON shared
WHEN NEW.remote_key < coalesce((SELECT lowest FROM value_keys), 0)
BEGIN SELECT RAISE(ABORT, 'the key of these values was replaced'); END;
