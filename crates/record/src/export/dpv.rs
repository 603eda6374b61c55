//! The Data Privacy Vocabulary 2.3 as JSON-LD, by the profile of ISO/IEC TS 27560 for the GDPR (`spec/mapping.md`).
//!
//! One `dpv:ConsentRecord` for a chain up to one record: the processes of its submission, each with every status that it
//! had, in order. The `@context` stands in the document: one that has to be fetched could change its meaning, and would
//! tell its host who reads. Refuses terms that DPV 2.3 does not have: those of the Guide that are absent are replaced.
//! Sources: <https://w3id.org/dpv/2.3>, <https://w3id.org/dpv/guides/consent-27560>.

use serde_json::{Value, json};

use super::Chain;
use crate::{
    record::{CONFORMS_TO, Policy, ShownText},
    term::{Audience, PartyRole},
};

mod context;
mod party;
mod process;
mod status;
mod term;

pub use context::context;
pub(in crate::export) use term::is_special;

/// The profile of a receipt: the one name of it on which text and schema of the Guide agree.
pub const RECEIPT_CONFORMS_TO: &str = "https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr";

/// The regulation itself: `eu-gdpr:GDPR`, which the Guide names, is no term of DPV 2.3.
const GDPR: &str = "http://data.europa.eu/eli/reg/2016/679/oj";

/// The newest record of a chain, complete, with its context.
pub fn document(chain: &Chain<'_>) -> Value {
    let mut document = consent_record(chain);
    document["@context"] = context();
    document
}

/// The newest record of a chain, for a document of several that has the [`context()`].
pub fn consent_record(chain: &Chain<'_>) -> Value {
    let first = chain.submission;
    let node = Node(chain);
    let replaced = chain.later.last().map(|last| format!("urn:uuid:{}", last.replaces));
    let integrity = first.capture.integrity.as_deref();
    pruned(json!({
        "@id": format!("urn:uuid:{}", chain.id()),
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": CONFORMS_TO,
        "dct:identifier": chain.id(),
        "dpv:hasIdentifier": chain.id(),
        "dct:created": chain.created(),
        "dct:language": chain.language(),
        "dcat:isVersionOf": replaced.is_some().then(|| node.chain()),
        "dct:replaces": replaced,
        "dct:source": first.capture.origin,
        "dct:provenance": {
            "@type": "dct:ProvenanceStatement",
            "dct:title": first.capture.method,
            "dct:description": match first.capture.observed {
                true => "observed: the page read back what it displayed",
                false => "served, not observed",
            },
            "schema:softwareVersion": first.capture.widget,
            "schema:identifier": integrity,
        },
        "dpv:hasDataSubject": {
            "@id": node.subject(),
            "@type": "dpv:DataSubject",
            "dct:identifier": first.subject.id,
            "dpv:hasIdentifier": first.subject.id,
            "skos:broader": (first.audience == Audience::B2c).then_some("dpv:Consumer"),
        },
        "dct:audience": first.audience,
        "dpv:hasDataController": node.parties(&[PartyRole::Controller, PartyRole::JointController]),
        "dpv:hasDataProcessor": node.parties(&[PartyRole::Processor]),
        "dpv:hasDataProtectionOfficer": node.parties(&[PartyRole::Dpo]),
        "dpv:hasRepresentative": node.parties(&[PartyRole::Representative]),
        "dpv:hasAuthority": node.parties(&[PartyRole::Authority]),
        "dpv:hasEntity": party::all(&node),
        "dpv:hasJurisdiction": term::jurisdiction(&first.jurisdiction.country),
        "dpv:hasApplicableLaw": GDPR,
        "dpv:hasService": {
            "@id": node.part("service"),
            "@type": "dpv:Service",
            "dct:identifier": first.form.id,
            "dct:title": text(&first.language, &first.form.service),
            "schema:version": first.form.version,
        },
        "dpv:hasNotice": notices(&node),
        "dpv:hasRight": rights(&node),
        "dpv:hasConsentControl": control(&node, "dpv:WithdrawConsent"),
        "dpv:hasContext": {
            "@type": "dpv:Context",
            "dct:title": "signal: Global Privacy Control",
            "rdf:value": first.signals.gpc,
        },
        "dpv:hasTechnicalMeasure": measures(chain),
        "dpv:hasProcess": first.processes.iter().map(|each| process::node(&node, each)).collect::<Vec<_>>(),
        "@reverse": receipt(&node),
    }))
}

/// The names of what a chain consists of: all of them below the chain's own.
struct Node<'a, 'b>(&'a Chain<'b>);

impl Node<'_, '_> {
    fn chain(&self) -> String {
        format!("urn:uuid:{}", self.0.submission.id)
    }

    fn part(&self, name: &str) -> String {
        format!("urn:uuid:{}#{name}", self.0.submission.id)
    }

    fn subject(&self) -> String {
        format!("urn:uuid:{}", self.0.submission.subject.id)
    }

    fn party(&self, id: &str) -> String {
        self.part(&format!("party-{id}"))
    }

    fn parties(&self, roles: &[PartyRole]) -> Vec<String> {
        let parties = self.0.submission.parties.iter();
        let of_roles = parties.filter(|party| roles.contains(&party.role));
        of_roles.map(|party| self.party(party.id.as_str())).collect()
    }

    fn address(&self, address: &str) -> String {
        super::absolute(&self.0.submission.capture.origin, address)
    }
}

/// What was read: the form as the notice of consent, the policy that it links to, and the same of each later page.
fn notices(node: &Node<'_, '_>) -> Vec<Value> {
    let first = node.0.submission;
    let shown = consent_notice(node, first.id.as_str(), &first.language, &first.shown);
    let mut notices = vec![merged(
        shown,
        json!({
            "dct:identifier": first.form.texts,
            "schema:version": first.form.version,
            "dct:date": first.shown_at,
        }),
    )];
    notices.push(privacy_notice(node, first.id.as_str(), &first.policy));
    for event in &node.0.later {
        if let (Some(shown), Some(policy)) = (&event.shown, &event.policy) {
            notices.push(merged(
                consent_notice(node, event.id.as_str(), &event.language, shown),
                json!({"schema:version": event.form.version, "dct:date": event.created}),
            ));
            notices.push(privacy_notice(node, event.id.as_str(), policy));
        }
    }
    notices
}

fn notice_id(node: &Node<'_, '_>, record: &str) -> String {
    node.part(&format!("notice-{record}"))
}

fn consent_notice(node: &Node<'_, '_>, record: &str, language: &str, shown: &[ShownText]) -> Value {
    let words = shown.iter().map(|shown| {
        json!({
            "dct:identifier": shown.reference,
            "rdf:value": text(language, &shown.text),
        })
    });
    json!({
        "@id": notice_id(node, record),
        "@type": "dpv:ConsentNotice",
        "dct:language": language,
        "dpv:hasNoticeStatus": "dpv:NoticeUsed",
        "dct:hasPart": {"@list": words.collect::<Vec<_>>()},
    })
}

fn privacy_notice(node: &Node<'_, '_>, record: &str, policy: &Policy) -> Value {
    json!({
        "@id": node.part(&format!("policy-{record}")),
        "@type": "dpv:PrivacyNotice",
        "schema:url": node.address(&policy.url),
        "schema:version": policy.version,
        "dct:identifier": policy.digest,
    })
}

/// The rights that the person was told of, and where they are used.
fn rights(node: &Node<'_, '_>) -> Vec<Value> {
    let first = node.0.submission;
    let right = |article: &String| {
        let known = term::right(article);
        let types: Vec<String> = ["dpv:DataSubjectRight".to_owned()].into_iter().chain(known).collect();
        json!({
            "@id": node.part(&format!("right-{article}")),
            "@type": types,
            "dct:identifier": article,
            "dpv:isExercisedAt": exercised_at(node),
        })
    };
    first.rights.iter().map(right).collect()
}

fn control(node: &Node<'_, '_>, kind: &str) -> Value {
    json!({"@type": kind, "dpv:isExercisedAt": exercised_at(node)})
}

fn exercised_at(node: &Node<'_, '_>) -> Vec<String> {
    let withdrawal = &node.0.submission.withdrawal;
    let page = withdrawal.url.iter().map(|url| node.address(url));
    page.chain(withdrawal.email.iter().map(|email| format!("mailto:{email}")))
        .collect()
}

/// That values stand elsewhere, behind digests, and that the record is signed (ISO/IEC TS 27560, annex E).
fn measures(chain: &Chain<'_>) -> Vec<Value> {
    let digests = &chain.submission.subject.sd;
    let commitments = json!({
        "@type": "dpv:HashFunctions",
        "dct:title": "salted SHA-256 digests of what was entered (RFC 9901)",
        "dct:identifier": digests,
    });
    let signature = chain.receipt.map(|receipt| {
        json!({
            "@type": "dpv:DigitalSignatures",
            "dct:title": "ES256, JSON Web Signature (RFC 7515)",
            "dct:identifier": receipt.key_id,
        })
    });
    let has_values = (!digests.is_empty()).then_some(commitments);
    has_values.into_iter().chain(signature).collect()
}

/// The receipt of which this is the record (27560, 6.4).
fn receipt(node: &Node<'_, '_>) -> Value {
    let Some(receipt) = node.0.receipt else {
        return Value::Null;
    };
    json!({
        "dpv:hasRecordOfActivity": {
            "@id": format!("urn:uuid:{}#receipt", node.0.id()),
            "@type": "dpv:ConsentReceipt",
            "dct:conformsTo": RECEIPT_CONFORMS_TO,
            "dct:identifier": format!("receipt-{}", node.0.id()),
            "dpv:hasIdentifier": format!("receipt-{}", node.0.id()),
            "dct:created": receipt.received,
            "dct:publisher": node.parties(&[PartyRole::Controller, PartyRole::JointController]),
        }
    })
}

fn text(language: &str, words: &str) -> Value {
    json!({"@language": language, "@value": words})
}

fn merged(mut object: Value, more: Value) -> Value {
    if let (Some(object), Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
    object
}

/// Without members that say nothing.
fn pruned(value: Value) -> Value {
    let says_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    match value {
        Value::Array(items) => items
            .into_iter()
            .map(pruned)
            .filter(|item| !says_nothing(item))
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, member)| (name, pruned(member)))
            .filter(|(_, member)| !says_nothing(member))
            .collect(),
        other => other,
    }
}
