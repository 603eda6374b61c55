-- The second layer of the notice as people read it: the bytes of the page, one row for each rendering of a published version
-- in a language. Its digest is its address for good (spec/http.md); a later release that words it otherwise adds a row.
-- Times are milliseconds since 1970.

CREATE TABLE notices ( -- append-only
    sequence INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    language TEXT NOT NULL,
    html TEXT NOT NULL,
    published_ms INTEGER NOT NULL,
    FOREIGN KEY (form, version) REFERENCES forms (form, version)
) STRICT;
CREATE INDEX notices_by_version ON notices (form, version, language, sequence);

CREATE TRIGGER notices_keep BEFORE UPDATE ON notices BEGIN SELECT RAISE(ABORT, 'notices is append-only'); END;
CREATE TRIGGER notices_stay BEFORE DELETE ON notices BEGIN SELECT RAISE(ABORT, 'notices is append-only'); END;
