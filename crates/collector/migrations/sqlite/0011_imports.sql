-- What was taken over from elsewhere. Each import says which file it was, what was told of it (the mapping: which words
-- people were shown there, and how anybody knows), and in words where the leads come from (GDPR Art. 14(2)(f), 15(1)(g)).
-- Times are milliseconds since 1970.

CREATE TABLE imports ( -- append-only
    id TEXT PRIMARY KEY, -- made from the file, the form and the mapping: the same import again is the same row
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    format TEXT NOT NULL CHECK (format IN ('csv', 'meta')),
    file_digest BLOB NOT NULL CHECK (length(file_digest) = 32), -- SHA-256; the file itself is not kept
    mapping TEXT NOT NULL,
    source TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    FOREIGN KEY (form, version) REFERENCES forms (form, version)
) STRICT, WITHOUT ROWID;

-- For each lead that an import made: when the person acted. It goes with the lead.
CREATE TABLE imported (
    record TEXT PRIMARY KEY REFERENCES leads (record) ON DELETE CASCADE,
    import TEXT NOT NULL REFERENCES imports (id),
    acted_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- By which an act is known again after its lead has gone: a keyed hash, and nothing that it was made from. It stays, like the
-- suppressions: what was erased is not taken up again.
CREATE TABLE imported_acts (
    act TEXT PRIMARY KEY,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER imports_keep BEFORE UPDATE ON imports BEGIN SELECT RAISE(ABORT, 'imports is append-only'); END;
CREATE TRIGGER imports_stay BEFORE DELETE ON imports BEGIN SELECT RAISE(ABORT, 'imports is append-only'); END;
