//! Which refusals JSON Schema cannot say, and why. A row that it could say after all fails the test, so the list stays
//! as short as it can be.

/// Rules about two places at once.
const RULES: [(&str, &str); 18] = [
    ("C-DEF-TEXT-LANGUAGE", "depends on `languages`"),
    ("C-DEF-PARTY-DUPLICATE", "compares ids of two entries"),
    ("C-DEF-FIELD-DUPLICATE", "compares ids of two entries"),
    ("C-DEF-PURPOSE-DUPLICATE", "compares ids of two entries"),
    ("C-DEF-FIELD-WHEN", "depends on the purposes"),
    ("C-DEF-FIELD-REQUIRED", "depends on the purposes"),
    ("C-DEF-FIELD-PHONE", "depends on the purposes"),
    ("C-DEF-PURPOSE-SAME", "compares statements of two entries"),
    ("C-DEF-RETENTION-VALIDITY", "counts by the calendar"),
    ("C-DEF-RECIPIENT-UNKNOWN", "depends on the parties"),
    ("C-DEF-RECIPIENT-CONTROLLER", "depends on the parties"),
    ("C-DEF-SHARE-RECIPIENT", "depends on the parties"),
    ("C-DEF-SHARE-POLICY", "depends on the parties"),
    ("C-DEF-TRANSFER-MISSING", "depends on the parties"),
    ("C-DEF-GATE-PURPOSE", "depends on the purposes"),
    ("C-DEF-GATE-CONSENT", "depends on the purposes"),
    ("C-DEF-GATE-SCREEN", "depends on fields and purposes"),
    ("C-DEF-GATE-EMAIL", "depends on fields and purposes"),
];

/// Single rows of rules that a schema can say otherwise: a piece of the change, and why.
const ROWS: [(&str, &str); 6] = [
    ("⟦\"FR\"", "two spellings of one language tag"),
    ("\"nothing\"", "depends on the purposes"),
    ("2026-02-30", "counts by the calendar"),
    ("--candor-accent", "two spellings of one token"),
    ("⟦[\"ebook\", \"news\"]", "depends on the purposes"),
    ("⟦\"again\"", "compares two entries"),
];

/// Rules of which a schema cannot be asked: what stands in the text is gone before there is a value, or which languages
/// Candor speaks decides.
const UNASKED: [&str; 3] = ["C-DEF-JSON", "C-DEF-MEMBER-DUPLICATE", "C-DEF-TEXT-UNDECLARED"];

/// Whether the schema has to refuse a row; nothing where it is not asked.
pub(super) fn expects(rule: &str, changes: &[(&str, &str)]) -> Option<bool> {
    let is_rule = RULES.iter().any(|(id, _)| *id == rule);
    let is_row = ROWS
        .iter()
        .any(|(piece, _)| changes.iter().any(|(_, new)| new.contains(piece)));
    (!UNASKED.contains(&rule)).then_some(!is_rule && !is_row)
}

/// Every entry of the lists above is there for a row.
pub(super) fn unused(rows: &[super::Row]) -> Vec<&'static str> {
    let has_rule = |id: &str| rows.iter().any(|(_, rule, _)| *rule == id);
    let has_piece = |piece: &str| {
        let mut pieces = rows.iter().flat_map(|(changes, ..)| changes.iter());
        pieces.any(|(_, new)| new.contains(piece))
    };
    let rules = RULES
        .iter()
        .map(|(id, _)| *id)
        .chain(UNASKED)
        .filter(|id| !has_rule(id));
    let pieces = ROWS.iter().map(|(piece, _)| *piece).filter(|piece| !has_piece(piece));
    rules.chain(pieces).collect()
}
