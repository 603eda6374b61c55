//! The Kantara Consent Receipt 1.1, for a record in which a consent is given; valid against the published schema.
//!
//! It is lossy: the format has no refusal, no validity, no order of events, no other legal basis. Refuses to stand for a
//! record without a given consent: `None`. Source: Consent Receipt Specification 1.1.0 (2018-02-20), by clause.

use serde_json::{Value, json};

use super::{Chain, absolute, dpv::is_special};
use crate::{
    key::Jwk,
    record::{Party, Policy, Process},
    term::{Kind, Method, PartyRole, Status},
};

/// The version that each receipt names (4.3.1).
pub const VERSION: &str = "KI-CR-v1.1.0";

/// The receipt for the newest record of a chain; `None` where that record gives no consent.
///
/// `key` is the controller's, where it is at hand (`publicKey`, 4.3.6).
pub fn receipt(chain: &Chain<'_>, key: Option<&Jwk>) -> Option<Value> {
    let first = chain.submission;
    let granted = chain.newest().into_iter();
    let granted = granted.filter(|(_, status)| matches!(status, Status::Given | Status::Renewed));
    let granted: Vec<&Process> = granted.map(|(process, _)| process).collect();
    if granted.is_empty() {
        return None;
    }
    let special: Vec<&str> = data(&granted).filter(|category| is_special(category)).collect();
    let purposes: Vec<Value> = granted.iter().map(|process| purpose(chain, process)).collect();
    let mut receipt = json!({
        "version": VERSION,
        "jurisdiction": first.jurisdiction.country,
        "consentTimestamp": chain.created().as_millisecond().div_euclid(1000),
        "collectionMethod": collection_method(chain),
        "consentReceiptID": chain.id(),
        // ISO 639-1 (4.3.7): without region and script.
        "language": chain.language().split('-').next(),
        "piiPrincipalId": first.subject.id,
        "piiControllers": controllers(chain),
        "policyUrl": absolute(&first.capture.origin, &policy(chain).url),
        "services": [{"service": first.form.service, "purposes": purposes}],
        "sensitive": !special.is_empty(),
        "spiCat": special,
    });
    if let Some(key) = key {
        receipt["publicKey"] = json!(key.to_json().to_string());
    }
    Some(receipt)
}

/// Each category once, in order.
fn data<'a>(processes: &[&'a Process]) -> impl Iterator<Item = &'a str> {
    let mut categories: Vec<&str> = Vec::new();
    for data in processes.iter().flat_map(|process| &process.data) {
        if !categories.contains(&data.category.as_str()) {
            categories.push(&data.category);
        }
    }
    categories.into_iter()
}

/// The policy that was read when the consent was given (4.4.10).
fn policy<'a>(chain: &Chain<'a>) -> &'a Policy {
    let newest = chain.later.last().and_then(|last| last.policy.as_ref());
    newest.unwrap_or(&chain.submission.policy)
}

/// How the consent was obtained (4.3.4).
fn collection_method(chain: &Chain<'_>) -> String {
    let capture = chain
        .later
        .last()
        .map_or(&chain.submission.capture, |last| &last.capture);
    let how = match (capture.method, capture.observed) {
        (Method::Widget, true) => "web form, which read back what it displayed",
        (Method::Widget, false) => "web form",
        (Method::Html, _) => "web form without script, as it was served",
        (Method::Manage, _) => "page behind a link that was mailed",
        (Method::Api, _) => "program",
        (Method::Import, _) => "taken over from elsewhere",
    };
    format!("{how}; {}; no box was ticked beforehand", capture.origin)
}

/// Who decides (4.4.2 to 4.4.9). Where the record names no address, number or mailbox, the text is empty.
fn controllers(chain: &Chain<'_>) -> Vec<Value> {
    let parties = &chain.submission.parties;
    let officer = parties.iter().find(|party| party.role == PartyRole::Dpo);
    let decides = |party: &&Party| matches!(party.role, PartyRole::Controller | PartyRole::JointController);
    let controller = |party: &Party| {
        let mut controller = json!({
            "piiController": party.name,
            "onBehalf": false,
            "contact": officer.map_or(&party.name, |officer| &officer.name),
            "address": {
                "@type": "PostalAddress",
                "streetAddress": party.address.as_deref().unwrap_or_default(),
                "addressCountry": party.country,
            },
            "email": party.email.as_deref().or(officer.and_then(|officer| officer.email.as_deref())).unwrap_or_default(),
            "phone": party.phone.as_deref().map(telephone).unwrap_or_default(),
        });
        if let Some(url) = &party.url {
            controller["piiControllerUrl"] = json!(absolute(&chain.submission.capture.origin, url));
        }
        controller
    };
    parties.iter().filter(decides).map(controller).collect()
}

/// A number as RFC 3966 spells it: `tel:+33199001234`.
fn telephone(number: &str) -> String {
    let digits = number
        .chars()
        .filter(|character| character.is_ascii_digit() || *character == '+');
    format!("tel:{}", digits.collect::<String>())
}

fn purpose(chain: &Chain<'_>, process: &Process) -> Value {
    let parties = chain.submission.parties.iter();
    let third_parties: Vec<&str> = parties
        .filter(|party| party.role == PartyRole::Recipient && process.recipients.contains(&party.id))
        .map(|party| party.name.as_str())
        .collect();
    let mut purpose = json!({
        "purpose": chain.statement(process).unwrap_or(process.purpose.as_str()),
        "consentType": "EXPLICIT",
        "purposeCategory": [category(process, !third_parties.is_empty())],
        "piiCategory": data(&[process]).map(pii_category).collect::<Vec<_>>(),
        "primaryPurpose": process.kind == Kind::Mandatory,
        "termination": termination(chain, process),
        "thirdPartyDisclosure": !third_parties.is_empty(),
    });
    if !third_parties.is_empty() {
        purpose["thirdPartyName"] = json!(third_parties.join(", "));
    }
    purpose
}

/// The specification's own list of purposes, as far as a consent can be for them.
fn category(process: &Process, shares: bool) -> &'static str {
    match (process.category.as_str(), process.kind) {
        ("Personalisation" | "ServicePersonalisation" | "UserInterfacePersonalisation", _) => {
            "5 - Personalized Experience"
        }
        ("RequestedServiceProvision" | "ServiceProvision" | "DeliveryOfGoods", _) => "2 - Contracted Service",
        ("ServiceUsageAnalytics" | "ServiceOptimisation" | "ServiceMonitoring", _) => "16 - Improve Performance",
        (_, Kind::Promotional) if shares => "9 - Sharing for Marketing",
        (_, Kind::Promotional) => "6 - Marketing",
        (_, Kind::Mandatory) => "1 - Core Function",
        (_, Kind::Informational) => "4 - Contact Requested",
    }
}

/// The specification's categories of data where it has one; otherwise the term of DPV.
fn pii_category(term: &str) -> &str {
    match term {
        "Name" | "Age" | "BirthDate" | "BirthPlace" | "Gender" | "Nationality" => "1 - Biographical",
        "EmailAddress"
        | "EmailAddressPersonal"
        | "EmailAddressWork"
        | "TelephoneNumber"
        | "PhysicalAddress"
        | "PostalCode" => "2 - Contact",
        other => other,
    }
}

/// Until when, and how it ends sooner (4.5.8).
fn termination(chain: &Chain<'_>, process: &Process) -> String {
    let withdrawal = &chain.submission.withdrawal;
    let page = withdrawal
        .url
        .as_deref()
        .map(|url| absolute(&chain.submission.capture.origin, url));
    let ways: Vec<String> = page.into_iter().chain(withdrawal.email.clone()).collect();
    let validity = process
        .validity
        .as_ref()
        .map(|validity| format!("consent valid {validity}; "));
    format!(
        "{}data kept {} from {} at most; withdrawal at any time: {}",
        validity.unwrap_or_default(),
        process.storage.retention,
        process.storage.from,
        ways.join(", "),
    )
}
