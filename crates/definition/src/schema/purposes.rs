//! What data is used for, and on which ground; read by `crate::purpose`.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::terms::{Basis, Category, Channel, Country, Kind, Mechanism, Operation, RetentionStart};
use super::texts::{Link, PartyId, Period, Plain, PurposeId, Text};

/// One use of the data. Its control follows from the basis: a consent is one unticked box, a legitimate interest shows
/// its statement with an unticked box to object, what the visitor asked for shows its statement alone. A purpose is
/// never `required` and has no conditions.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("allOf" = rules()))]
pub(super) struct Purpose {
    /// Names the purpose in fields, in the gate and in every record; its own within the form.
    id: PurposeId,
    /// Why it is lawful.
    basis: Basis,
    /// What it is to the person. A consent is never `mandatory`.
    kind: Kind,
    /// What it is in the words of the Data Privacy Vocabulary 2.3.
    category: Category,
    /// How the person is reached.
    channel: Channel,
    /// What is done, by whom and how, in words for the visitor; the label of the box where there is one. It is what
    /// the record proves.
    statement: Text,
    /// More words under the statement.
    details: Option<Text>,
    /// What is done with the data, in the words of the Data Privacy Vocabulary 2.3.
    #[schemars(length(min = 1), extend("uniqueItems" = true, "examples" = [["Collect", "Store", "Use"]]))]
    operations: Vec<Operation>,
    /// The ids of the parties that get the data; at least one of them a controller. `Share` names somebody else too,
    /// with a `policy` of their own.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    recipients: Vec<PartyId>,
    /// How data leaves the European Economic Area: one entry for each such country of a recipient or of the storage.
    transfers: Option<Vec<Transfer>>,
    /// Where and how long data is kept.
    storage: Storage,
    /// How long a consent holds before the person is asked again. Consents only, which need it; not longer than
    /// `storage.retention`.
    validity: Option<Period>,
    /// The promise how often the person is contacted at most; the permission check keeps it.
    frequency: Option<Period>,
    /// The interest in words (GDPR Art. 13(1)(d)). Legitimate interest and soft opt-in only, which need it.
    interest: Option<Text>,
    /// A reference of the balancing test. Legitimate interest and soft opt-in only.
    #[schemars(extend("examples" = ["LIA-2026-04"]))]
    assessment: Option<Plain>,
    /// The words of the box to object (GDPR Art. 21). Legitimate interest and soft opt-in only; needed where the kind
    /// is `promotional`.
    objection: Option<Text>,
}

/// Data that goes to a country outside the European Economic Area.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Transfer {
    /// Where to.
    country: Country,
    /// By which means of Chapter V of the GDPR.
    mechanism: Mechanism,
    /// Where a copy of the safeguards can be had (GDPR Art. 13(1)(f)).
    copy: Option<Link>,
}

/// Where and how long data is kept (GDPR Art. 13(2)(a)).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Storage {
    /// The countries in which it lies.
    #[schemars(length(min = 1))]
    locations: Vec<Country>,
    /// The longest it is kept; not shorter than `validity`. It ends earlier with its last reason.
    retention: Period,
    /// From when the retention counts.
    from: RetentionStart,
}

/// What each basis demands and forbids.
fn rules() -> Value {
    let with = |member: &str, values: Value| json!({"properties": {member: {"enum": values}}, "required": [member]});
    let consents = json!(["consent", "explicit-consent"]);
    let interests = json!(["legitimate-interest", "soft-opt-in"]);
    json!([
        {
            "if": with("basis", consents),
            "then": {"required": ["validity"], "properties": {"kind": {"enum": ["informational", "promotional"]}}},
            "else": {"properties": {"validity": false}}
        },
        {
            "if": with("basis", interests.clone()),
            "then": {"required": ["interest"]},
            "else": {"properties": {"interest": false, "assessment": false, "objection": false}}
        },
        {
            "if": {"allOf": [with("basis", interests), with("kind", json!(["promotional"]))]},
            "then": {"required": ["objection"]}
        }
    ])
}
