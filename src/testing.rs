//! Forms for the tests of this crate.

use serde_json::{Value, json};

use crate::compiled::CompiledForm;

/// Purposes: ebook (contract), newsletter (consent), call (consent), offers (legitimate interest).
/// Fields: email, given_name (with newsletter), phone (with call, required), role (for offers).
pub(crate) fn source() -> Value {
    let process =
        |purpose: &str, basis: &str| json!({"purpose": purpose, "basis": basis, "recipients": ["acme", "partner"]});
    let control = |purpose: &str, control: &str| json!({"purpose": purpose, "control": control});
    let field = |id: &str, kind: &str, required: bool, purposes: &[&str]| json!({"id": id, "type": kind, "required": required, "purposes": purposes});
    let mut given_name = field("given_name", "given-name", false, &["newsletter"]);
    given_name["when"] = json!({"purpose": "newsletter"});
    let mut phone = field("phone", "phone", true, &["call"]);
    phone["when"] = json!({"purpose": "call"});
    let texts = [
        ("title", "Get the <guide>"),
        ("intro", "By mail"),
        ("field.email", "E-mail"),
        ("field.role", "Role"),
        ("purpose.ebook", "We send it."),
        ("choices", "Also (optional)"),
        ("choices.note", "In any case"),
        ("purpose.newsletter", "I agree to the letter."),
        ("field.given_name", "First name"),
        ("purpose.call", "I agree to calls."),
        ("purpose.call.details", "Rarely."),
        ("field.phone", "Phone"),
        ("purpose.offers", "We may write."),
        ("purpose.offers.interest", "our business"),
        ("purpose.offers.objection", "Do not write."),
        ("controller", "Controller: Acme"),
        ("withdrawal", "Withdraw at any time."),
        ("policy", "Privacy policy"),
        ("submit", "Get it"),
    ];
    let texts: Vec<_> = texts
        .iter()
        .map(|(reference, text)| json!({"ref": reference, "text": text}))
        .collect();
    json!({
        "format": "candor-compiled/1",
        "record": {
            "form": {"id": "guide", "version": "sha256-v", "service": "Guide", "texts": "sha256-t"},
            "language": "en",
            "parties": [
                {"id": "acme", "role": "controller", "name": "Acme"},
                {"id": "partner", "role": "recipient", "name": "Partner", "policy": "https://partner.example/privacy"},
            ],
            "policy": {"url": "https://acme.example/privacy", "version": "1"},
            "processes": [
                {"purpose": "ebook", "basis": "contract", "recipients": ["acme"]},
                process("newsletter", "consent"), process("call", "consent"), process("offers", "legitimate-interest"),
            ],
        },
        "texts": texts,
        "fields": [field("email", "email", true, &["ebook", "newsletter"]), given_name, phone, field("role", "job-title", false, &["offers"])],
        "controls": [
            control("ebook", "none"), control("newsletter", "checkbox"),
            control("call", "checkbox"), control("offers", "objection-checkbox"),
        ],
        "messages": {"optional": "(optional)", "error_email": "Bad e-mail", "error_email_missing": "No e-mail",
            "error_phone_missing": "No phone", "partner_policy": "Policy of {name}", "error_summary_title": "A problem"},
        "submit": {"endpoint": "/v1/submissions", "success": "Sent", "delivery": "email"},
    })
}

pub(crate) fn form() -> CompiledForm {
    CompiledForm::read(&source()).expect("the form of the tests is readable")
}

/// A form whose only purpose is one consent: no box, the button is the act.
pub(crate) fn one_purpose_form() -> CompiledForm {
    let mut source = source();
    source["record"]["processes"] = json!([{"purpose": "newsletter", "basis": "consent", "recipients": ["acme"]}]);
    source["controls"] = json!([{"purpose": "newsletter", "control": "submit"}]);
    source["fields"] = json!([{"id": "email", "type": "email", "required": true, "purposes": ["newsletter"]}]);
    CompiledForm::read(&source).expect("the form of the tests is readable")
}
