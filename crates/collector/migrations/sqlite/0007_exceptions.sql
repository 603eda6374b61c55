-- Rules of law that a form was published against, by decision of whoever runs the server (`--allow RULE`): evidence of
-- that decision, never changed. Times are milliseconds since 1970.

CREATE TABLE exceptions (
    form TEXT NOT NULL,
    version TEXT NOT NULL,
    rule TEXT NOT NULL,
    pointer TEXT NOT NULL,
    message TEXT NOT NULL,
    source TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (form, version, rule, pointer)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER exceptions_never_change BEFORE UPDATE ON exceptions
BEGIN SELECT RAISE(ABORT, 'exceptions are evidence'); END;
CREATE TRIGGER exceptions_never_go BEFORE DELETE ON exceptions
BEGIN SELECT RAISE(ABORT, 'exceptions are evidence'); END;
