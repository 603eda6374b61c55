-- What stands marked about published forms, and the pages that they link to. Times are milliseconds since 1970.

CREATE TABLE marks (
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('rule', 'page-dead', 'page-changed', 'contract', 'audit')),
    subject TEXT NOT NULL, -- a rule, an address, a party or a target
    pointer TEXT NOT NULL,
    found_ms INTEGER NOT NULL, -- when a sweep first saw it
    ended_ms INTEGER, -- when it was no longer so
    PRIMARY KEY (form, version, kind, subject, pointer)
) STRICT, WITHOUT ROWID;

-- A page that a version of a form links to: what it said at the first visit, and what it says now. Digests of its words.
CREATE TABLE watched_pages (
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    url TEXT NOT NULL,
    visited_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL, -- a status code, or why there was none
    failing_ms INTEGER, -- since when it cannot be read
    first_digest BLOB,
    digest BLOB,
    changed_ms INTEGER, -- since when it says something else than at first
    PRIMARY KEY (form, version, url)
) STRICT, WITHOUT ROWID;
