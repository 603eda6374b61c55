//! What follows the submission; read by `crate::act`.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::patterns;
use super::terms::{Delivery, OnSilence};
use super::texts::{Email, Link, Period, PurposeId, Text};

/// The button, and what comes after it.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Submit {
    /// Where submissions are posted: https, or a path of the collector's own site. Without it the element only emits
    /// its events, and the page does the rest.
    #[schemars(regex(pattern = patterns::endpoint()), length(max = 2048), extend("examples" = ["/v1/submissions"]))]
    endpoint: Option<String>,
    /// The words of the button.
    label: Text,
    /// What is said afterwards.
    success: Text,
    /// A page of the same site to go to afterwards; nothing personal is passed on.
    #[schemars(regex(pattern = patterns::site_path()), length(max = 2048), extend("examples" = ["/thank-you"]))]
    redirect: Option<String>,
}

/// A file that the form opens. It never depends on a consent (GDPR Art. 7(4)).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Gate {
    /// The path of the file inside the collector's folder of assets.
    #[schemars(regex(pattern = patterns::ASSET), length(max = 255), extend("examples" = ["guide.pdf"]))]
    asset: String,
    /// The id of the purpose that delivers the file; its basis is no consent.
    purpose: PurposeId,
    /// How the link gets to the visitor.
    delivery: Delivery,
    /// How long the link lives. It is renewed by a new mail, and its uses are not counted.
    expires: Period,
}

/// Whether a consent waits until the mailbox was proved.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase", extend("allOf" = asked_within()))]
pub(super) struct Confirmation {
    /// Whether a consent takes effect only when the button behind the mailed link was pressed.
    double_opt_in: bool,
    /// How long that link lives; needed with `doubleOptIn: true`.
    expires: Option<Period>,
}

/// What happens when a consent ran out.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Renewal {
    /// What the silence of the person means.
    #[schemars(extend("default" = "expire"))]
    on_silence: Option<OnSilence>,
}

/// How long sealed evidence is kept.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Proof {
    /// How long, after the last purpose ended.
    retention: Period,
    /// From when it counts: the end of the last purpose.
    #[schemars(extend("const" = "end"))]
    from: String,
}

/// Where a consent is taken back when no collector does it: a page, a mailbox, or either.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, extend("minProperties" = 1))]
pub(super) struct Withdrawal {
    /// The page.
    url: Option<Link>,
    /// The mailbox.
    email: Option<Email>,
}

fn asked_within() -> Value {
    json!([{
        "if": {"properties": {"doubleOptIn": {"const": false}}, "required": ["doubleOptIn"]},
        "else": {"required": ["expires"]}
    }])
}
