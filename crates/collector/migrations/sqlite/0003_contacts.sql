-- What operators report: contacts that they made (`sent`, `call`), and contacts that the person made.
-- Times are milliseconds since 1970.

CREATE TABLE contacts (
    id INTEGER PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    purpose TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('sent', 'call', 'click', 'reply', 'call-received')),
    at_ms INTEGER NOT NULL,
    CHECK (kind NOT IN ('sent', 'call') OR purpose IS NOT NULL)
) STRICT;
CREATE INDEX contacts_by_person ON contacts (person, at_ms);
