//! The statements about flows that read whole tables: a list that an operator looks at, and what a new target asks of everybody
//! once. Every other one starts from a person, a target or a time (`plans.rs`).

/// Numbers of a whole list, for an operator who looks at it.
pub(super) const COUNTED: &str = "
    SELECT targets.*,
        (SELECT count(*) FROM shared WHERE shared.target = targets.id AND holds = 1) AS holding,
        (SELECT count(*) FROM deliveries WHERE deliveries.target = targets.id AND state = 'waiting') AS waiting,
        (SELECT count(*) FROM deliveries WHERE deliveries.target = targets.id AND state = 'delivered') AS delivered,
        (SELECT count(*) FROM deliveries WHERE deliveries.target = targets.id AND state = 'dead') AS dead
    FROM targets ORDER BY created_ms, id";

/// Everybody is looked at who is on record, once for each target that is added; after those who have changed, who are due at 0.
pub(super) const EVERYBODY: &str = "
    INSERT INTO flows_due (person, due_ms, turn) SELECT id, 1, 1 FROM people WHERE true
    ON CONFLICT (person) DO UPDATE SET due_ms = min(due_ms, 1), turn = turn + 1";

/// How many messages wait.
pub(super) const WAITING: &str = "SELECT count(*) FROM deliveries WHERE state = 'waiting'";
