//! The constant part of the consent record: everything that no visitor can change.

use candor_record::digest::Sha256Digest;
use serde_json::{Value, json};

use super::texts::Entry;
use super::{Form, put};
use crate::definition::AutomatedDecisions;
use crate::party::Party;
use crate::purpose::Purpose;
use crate::web;

const CONFORMS_TO: &str = "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr";
/// GDPR articles of the rights that a form of any basis names (spec/record.md §3).
const RIGHTS: [&str; 8] = ["A7-3", "A15", "A16", "A17", "A18", "A20", "A21", "A77"];

pub(super) fn constant(form: &Form<'_>, texts: &[Entry]) -> Value {
    let definition = form.definition;
    let country = definition.jurisdiction().code();
    let audience = definition.audience().as_str();
    let shown: Vec<Value> = texts
        .iter()
        .map(|entry| json!({ "ref": entry.reference, "text": entry.text }))
        .collect();
    json!({
        "format": "candor-record/1",
        "conformsTo": CONFORMS_TO,
        "_sd_alg": "sha-256",
        "event": "submission",
        "actor": "subject",
        "language": form.language.as_str(),
        "jurisdiction": { "country": country, "profile": format!("{}-{audience}", country.to_lowercase()) },
        "audience": audience,
        "form": {
            "id": definition.id(),
            "version": definition.digest().to_text(),
            "service": definition.service().in_language(form.language),
            "texts": Sha256Digest::of_json(&shown.into()).to_text(),
        },
        "parties": definition.parties().iter().map(|party| party_json(form, party)).collect::<Vec<_>>(),
        "policy": policy_json(form),
        "processes": definition.purposes().iter().map(|purpose| process_json(form, purpose)).collect::<Vec<_>>(),
        "withdrawal": withdrawal_json(form),
        "rights": RIGHTS,
        "automatedDecisions": match definition.automated_decisions() {
            AutomatedDecisions::None => "none",
            AutomatedDecisions::Described(text) => text.in_language(form.language),
        },
    })
}

fn party_json(form: &Form<'_>, party: &Party) -> Value {
    let mut json = json!({
        "id": party.id.as_str(),
        "role": party.role.as_str(),
        "name": party.name.in_language(form.language),
        "country": party.country.code(),
    });
    put(
        &mut json,
        "address",
        party.address.as_ref().map(|text| text.in_language(form.language)),
    );
    put(&mut json, "email", party.email.as_deref());
    put(&mut json, "phone", party.phone.as_deref());
    put(&mut json, "url", party.url.as_deref());
    put(&mut json, "policy", party.policy.as_deref());
    put(
        &mut json,
        "sector",
        party.sector.as_ref().map(|text| text.in_language(form.language)),
    );
    json
}

fn policy_json(form: &Form<'_>) -> Value {
    let policy = form.definition.policy();
    let mut json = json!({ "url": policy.url.in_language(form.language), "version": policy.version });
    put(&mut json, "digest", policy.digest.map(|digest| digest.to_text()));
    json
}

/// A process without what the visitor adds: status and indication.
fn process_json(form: &Form<'_>, purpose: &Purpose) -> Value {
    let data = form.definition.fields_of(&purpose.id).map(|field| {
        json!({ "field": field.id.as_str(), "type": field.field_type().data_type(), "required": field.required })
    });
    let transfers = purpose.transfers.iter().map(|transfer| {
        let mut json = json!({ "country": transfer.country.code(), "mechanism": transfer.mechanism.as_str() });
        put(&mut json, "copy", transfer.copy.as_deref());
        json
    });
    let mut json = json!({
        "purpose": purpose.id.as_str(),
        "category": purpose.category.as_str(),
        "kind": purpose.kind().as_str(),
        "basis": purpose.basis().as_str(),
        "channel": purpose.channel.as_str(),
        "data": data.collect::<Vec<_>>(),
        "operations": purpose.operations,
        "recipients": purpose.recipients.iter().map(|party| party.as_str()).collect::<Vec<_>>(),
        "transfers": transfers.collect::<Vec<_>>(),
        "storage": {
            "locations": purpose.storage.locations.iter().map(|country| country.code()).collect::<Vec<_>>(),
            "retention": purpose.storage.retention.as_str(),
            "from": purpose.storage.from.as_str(),
        },
    });
    put(
        &mut json,
        "validity",
        purpose.validity().map(|validity| validity.as_str()),
    );
    put(
        &mut json,
        "interest",
        purpose.interest().map(|text| text.in_language(form.language)),
    );
    json
}

/// The addresses of the definition, else the collector's page and the controller's mailbox.
fn withdrawal_json(form: &Form<'_>) -> Value {
    let mut json = json!({});
    if let Some(withdrawal) = form.definition.withdrawal() {
        put(&mut json, "url", withdrawal.url());
        put(&mut json, "email", withdrawal.email());
        return json;
    }
    let email = form
        .definition
        .parties()
        .iter()
        .filter(|party| party.is_controller())
        .find_map(|it| it.email.as_deref());
    let endpoint = form.definition.submit().endpoint.as_deref();
    let collector = form
        .public_url
        .map(|url| url.trim_end_matches('/'))
        .or_else(|| web::origin(endpoint?));
    let url = match (collector, endpoint, email) {
        (Some(collector), _, _) => Some(format!("{collector}/m")),
        // A collector on the page's own site, and no other address: its path is all that is known.
        (None, Some(_), None) => Some("/m".to_owned()),
        (None, _, _) => None,
    };
    put(&mut json, "url", url);
    put(&mut json, "email", email);
    json
}
