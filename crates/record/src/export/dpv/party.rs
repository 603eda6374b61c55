//! The parties (27560, section *Parties*): who they are, where they are, how they are reached.

use serde_json::{Value, json};

use super::{Node, term, text};
use crate::{record::Party, term::PartyRole};

pub(super) fn all(node: &Node<'_, '_>) -> Vec<Value> {
    let submission = node.0.submission;
    submission.parties.iter().map(|party| one(node, party)).collect()
}

fn one(node: &Node<'_, '_>, party: &Party) -> Value {
    let language = &node.0.submission.language;
    json!({
        "@id": node.party(party.id.as_str()),
        "@type": types(node, party),
        "dct:identifier": party.id,
        "dpv:hasIdentifier": node.party(party.id.as_str()),
        "dpv:hasName": text(language, &party.name),
        "dpv:hasAddress": {
            "@type": "schema:PostalAddress",
            "schema:streetAddress": party.address.as_deref().map(|address| text(language, address)),
            "schema:addressCountry": party.country,
        },
        "dpv:hasCountry": term::country(&party.country),
        "dpv:hasContact": contact(node, party),
        "schema:url": party.url.as_deref().map(|url| node.address(url)),
        "dpv:hasNotice": party.policy.as_deref().map(|policy| json!({
            "@type": "dpv:PrivacyNotice",
            "schema:url": node.address(policy),
        })),
        "dct:subject": party.sector.as_deref().map(|sector| text(language, sector)),
    })
}

/// The role, and whether data reach it or leave the Union through it (`party_type`).
fn types(node: &Node<'_, '_>, party: &Party) -> Vec<&'static str> {
    let processes = &node.0.submission.processes;
    let mut receiving = processes
        .iter()
        .filter(|process| process.recipients.contains(&party.id));
    let mut types = term::roles(party.role).to_vec();
    if receiving.clone().next().is_some() {
        types.push("dpv:Recipient");
    }
    if receiving.any(|process| {
        process
            .transfers
            .iter()
            .any(|transfer| transfer.country == party.country)
    }) {
        types.push("dpv:DataImporter");
    }
    let exports = processes.iter().any(|process| !process.transfers.is_empty());
    if party.role == PartyRole::Controller && exports {
        types.push("dpv:DataExporter");
    }
    types
}

/// Its own way of being reached; who has none in the record is reached through the controller.
fn contact(node: &Node<'_, '_>, party: &Party) -> Value {
    if party.email.is_none() && party.phone.is_none() && party.url.is_none() {
        let controllers = node.parties(&[PartyRole::Controller]);
        return json!(controllers.first());
    }
    json!({
        "@type": "schema:ContactPoint",
        "schema:email": party.email,
        "schema:telephone": party.phone,
        "schema:url": party.url.as_deref().map(|url| node.address(url)),
    })
}
