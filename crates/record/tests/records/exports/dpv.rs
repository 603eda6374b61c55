//! DPV 2.3: every term stands in the vocabulary's own list, nothing is fetched, and what the Guide asks for is there.

use std::collections::{BTreeMap, BTreeSet};

use candor_record::{
    export::{Receipt, dpv},
    record::{CONFORMS_TO, Record},
};
use serde_json::{Value, json};

use super::{chain, data_of_others, follow_up, record, submission};
use crate::support::payload;

/// The namespaces of which the list is complete.
const LISTED: [&str; 3] = [
    "https://w3id.org/dpv#",
    "https://w3id.org/dpv/pd#",
    "https://w3id.org/dpv/legal/eu/gdpr#",
];

/// Names and kinds of the terms of DPV 2.3.
pub(super) fn vocabulary() -> Option<BTreeMap<String, String>> {
    let text = data_of_others("dpv-2.3-terms.csv")?;
    let terms: BTreeMap<String, String> = text
        .lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[3].to_owned(), cells[2].to_owned())
        })
        .collect();
    assert_eq!(terms.len(), 1581, "the list of DPV 2.3 as this test knows it");
    Some(terms)
}

/// Every name in a document, written out by its own context; with whether it stands as a member's name.
pub(super) fn names(document: &Value) -> BTreeSet<(String, bool)> {
    let context = document["@context"].as_object().expect("an inline context");
    let written_out = |text: &str| {
        let (prefix, rest) = text.split_once(':')?;
        let namespace = context.get(prefix)?.as_str()?;
        Some(format!("{namespace}{rest}"))
    };
    let mut names = BTreeSet::new();
    let mut open = vec![(String::new(), document)];
    while let Some((member, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                for (name, value) in members.iter().filter(|(name, _)| *name != "@context") {
                    names.extend(written_out(name).map(|name| (name, true)));
                    open.push((name.clone(), value));
                }
            }
            Value::Array(items) => open.extend(items.iter().map(|item| (member.clone(), item))),
            Value::String(text) if member != "@value" => names.extend(written_out(text).map(|name| (name, false))),
            _ => {}
        }
    }
    names
}

/// What is in a namespace of DPV and not in its list.
pub(super) fn unknown(document: &Value, vocabulary: &BTreeMap<String, String>) -> Vec<String> {
    let names = names(document).into_iter();
    let listed = names.filter(|(name, _)| LISTED.iter().any(|namespace| name.starts_with(namespace)));
    listed
        .filter(|(name, is_member)| {
            vocabulary
                .get(name)
                .is_none_or(|kind| (kind == "property") != *is_member)
        })
        .map(|(name, _)| name)
        .collect()
}

fn process<'a>(document: &'a Value, purpose: &str) -> &'a Value {
    let processes = document["dpv:hasProcess"].as_array().expect("processes");
    let found = processes.iter().find(|process| process["dct:identifier"] == purpose);
    found.expect("the purpose")
}

fn life() -> (Record, Vec<Record>) {
    let first = submission();
    let confirmed = follow_up(&first, &first, 1, "confirmation", "given");
    let renewed = follow_up(&first, &confirmed, 2, "renewal", "renewed");
    let withdrawn = follow_up(&first, &renewed, 3, "withdrawal", "withdrawn");
    (first, vec![confirmed, renewed, withdrawn])
}

#[test]
fn every_term_is_one_of_dpv_2_3() {
    let Some(vocabulary) = vocabulary() else { return };
    let (first, later) = life();
    for length in 0..=later.len() {
        let document = dpv::document(&chain(&first, &later[..length]));
        assert_eq!(unknown(&document, &vocabulary), Vec::<String>::new());
        assert!(names(&document).len() > 60, "the document is not empty");
    }
    let misspelt = json!({"@context": {"pd": "https://w3id.org/dpv/pd#"}, "skos:broader": "pd:Email"});
    assert_eq!(
        unknown(&misspelt, &vocabulary),
        ["https://w3id.org/dpv/pd#Email"],
        "the test can fail"
    );
}

#[test]
fn a_record_says_what_the_guide_asks_for() {
    let first = submission();
    let said = first.as_submission().expect("a submission");
    let document = dpv::document(&chain(&first, &[]));
    assert_eq!(document["@type"], "dpv:ConsentRecord");
    assert_eq!(document["dct:conformsTo"], CONFORMS_TO);
    assert_eq!(document["dct:identifier"], json!(first.id()));
    assert_eq!(document["@id"], format!("urn:uuid:{}", first.id()));
    assert_eq!(document["dpv:hasDataSubject"]["dct:identifier"], json!(said.subject.id));
    assert_eq!(
        document["dpv:hasEntity"].as_array().map(Vec::len),
        Some(said.parties.len())
    );
    assert_eq!(document["dpv:hasJurisdiction"], json!(["loc:FR", "loc:EU"]));
    let notice = &document["dpv:hasNotice"][0];
    assert_eq!(notice["@type"], "dpv:ConsentNotice");
    assert_eq!(notice["dct:identifier"], json!(said.form.texts));
    let words = notice["dct:hasPart"]["@list"].as_array().expect("the words");
    assert_eq!(words.len(), said.shown.len());
    assert_eq!(
        words[0]["rdf:value"],
        json!({"@language": "fr", "@value": said.shown[0].text})
    );
    assert!(document.get("@reverse").is_none(), "nobody received it");
    let text = document.to_string();
    assert!(!text.contains("null") && !text.contains("[]"), "{text}");

    let newsletter = process(&document, "newsletter");
    assert_eq!(newsletter["dpv:hasPurpose"]["skos:broader"], "dpv:DirectMarketing");
    assert_eq!(
        newsletter["dpv:hasLegalBasis"],
        json!(["eu-gdpr:A6-1-a", "dpv:ExpressedConsent"])
    );
    assert_eq!(newsletter["dpv:hasPersonalData"][0]["skos:broader"], "pd:EmailAddress");
    assert_eq!(newsletter["dpv:hasPersonalData"][1]["dpv:hasNecessity"], "dpv:Optional");
    let status = &newsletter["dpv:hasConsentStatus"][0];
    assert_eq!(status["@type"], json!(["dpv:ConsentGiven", "dpv:ExpressedConsent"]));
    assert_eq!(status["dpv:isIndicatedAtTime"], json!(said.created));
    assert_eq!(status["dpv:hasDuration"]["rdf:value"]["@value"], "P18M");
    assert_eq!(
        process(&document, "call")["dpv:hasConsentStatus"][0]["@type"],
        json!(["dpv:ConsentRefused"])
    );
    let ebook = process(&document, "ebook");
    assert_eq!(ebook["dpv:hasConsentStatus"][0]["@type"], "dpv:ConsentUnknown");
    assert_eq!(ebook["dpv:hasStatus"][0]["@type"], json!(["dpv:EntityInformed"]));
}

#[test]
fn a_life_is_told_in_order() {
    let (first, later) = life();
    let received = "2026-12-03T08:00:01.000Z".parse().expect("a time");
    let receipt = Receipt {
        received,
        key_id: "a-key",
    };
    let document = dpv::document(&chain(&first, &later).received(receipt));
    let statuses = process(&document, "newsletter")["dpv:hasConsentStatus"]
        .as_array()
        .expect("statuses");
    let types: Vec<_> = statuses
        .iter()
        .map(|status| status["@type"][0].as_str().expect("a term"))
        .collect();
    assert_eq!(
        types,
        [
            "dpv:ConsentGiven",
            "dpv:ConsentGiven",
            "dpv:RenewedConsentGiven",
            "dpv:ConsentWithdrawn"
        ]
    );
    let times: Vec<_> = statuses
        .iter()
        .map(|status| status["dpv:isIndicatedAtTime"].as_str())
        .collect();
    assert!(times.is_sorted(), "{times:?}");
    let last = later.last().expect("the withdrawal");
    assert_eq!(document["dct:identifier"], json!(last.id()));
    assert_eq!(document["dct:replaces"], format!("urn:uuid:{}", later[1].id()));
    assert_eq!(document["dcat:isVersionOf"], format!("urn:uuid:{}", first.id()));
    assert_eq!(
        document["dpv:hasNotice"].as_array().map(Vec::len),
        Some(6),
        "form, confirmation, renewal: two each"
    );
    let receipt = &document["@reverse"]["dpv:hasRecordOfActivity"];
    assert_eq!(receipt["@type"], "dpv:ConsentReceipt");
    assert_eq!(receipt["dct:created"], "2026-12-03T08:00:01.000Z");
}

#[test]
fn transfers_interests_and_special_data_have_their_terms() {
    let mut made = payload("submission: two signatures");
    made["parties"][2]["country"] = json!("US");
    let newsletter = &mut made["processes"][1];
    newsletter["transfers"] = json!([
        {"country": "US", "mechanism": "A46-2-c", "copy": "/scc"}, {"country": "JP", "mechanism": "A48"},
    ]);
    newsletter["data"][1]["type"] = json!("Health");
    newsletter["basis"] = json!("explicit-consent");
    let document = dpv::document(&chain(&record(&made), &[]));
    let newsletter = process(&document, "newsletter");
    assert_eq!(newsletter["dpv:hasLegalBasis"][0], "eu-gdpr:A6-1-a-explicit-consent");
    assert_eq!(
        newsletter["dpv:hasPersonalData"][1]["@type"],
        "dpv:SpecialCategoryPersonalData"
    );
    let rules = newsletter["dpv:hasRule"].as_array().expect("rules");
    assert_eq!(rules[0]["dpv:hasLegalBasis"], "eu-gdpr:A46-2-c");
    assert_eq!(rules[0]["schema:url"], "https://www.acme.example/scc");
    assert_eq!(
        rules[1]["dct:identifier"], "A48",
        "an article that DPV does not name is said, not made a term"
    );
    assert!(rules[1].get("dpv:hasLegalBasis").is_none());
    let mailer = &document["dpv:hasEntity"][2];
    assert_eq!(
        mailer["@type"],
        json!(["dpv:DataProcessor", "dpv:Recipient", "dpv:DataImporter"])
    );
}

#[test]
fn every_event_has_its_term() {
    let check = |basis: &str, event: &str, actor: &str, status: &str, term: &str| {
        let mut made = payload("submission: two signatures");
        made["processes"][1]["basis"] = json!(basis);
        let first = Record::from_json_bytes(made.to_string().as_bytes()).expect("a record");
        let mut later = follow_up(&first, &first, 1, event, status).to_json();
        later["actor"] = json!(actor);
        let later = [record(&later)];
        let document = dpv::document(&chain(&first, &later));
        let newsletter = process(&document, "newsletter");
        let member = if basis.ends_with("consent") {
            "dpv:hasConsentStatus"
        } else {
            "dpv:hasStatus"
        };
        let last = newsletter[member]
            .as_array()
            .and_then(|statuses| statuses.last())
            .expect("a status");
        assert_eq!(last["@type"][0], term, "{basis} {event} by {actor}");
        let by = last["dpv:isIndicatedBy"][0].as_str().expect("somebody");
        assert_eq!(by.ends_with("#party-acme"), actor == "controller", "{by}");
        if let Some(vocabulary) = vocabulary() {
            assert_eq!(unknown(&document, &vocabulary), Vec::<String>::new());
        }
    };
    check("consent", "confirmation", "subject", "given", "dpv:ConsentGiven");
    check("consent", "confirmation", "subject", "not-given", "dpv:ConsentRefused");
    check("consent", "withdrawal", "subject", "withdrawn", "dpv:ConsentWithdrawn");
    check(
        "consent",
        "withdrawal",
        "controller",
        "withdrawn",
        "dpv:ConsentWithdrawn",
    );
    check(
        "explicit-consent",
        "renewal",
        "subject",
        "renewed",
        "dpv:RenewedConsentGiven",
    );
    check("consent", "expiry", "controller", "expired", "dpv:ConsentExpired");
    check("consent", "erasure", "subject", "erased", "dpv:ConsentWithdrawn");
    check("consent", "erasure", "controller", "erased", "dpv:ConsentRevoked");
    check(
        "legitimate-interest",
        "objection",
        "subject",
        "objected",
        "dpv:LegitimateInterestObjected",
    );
    check(
        "soft-opt-in",
        "objection",
        "controller",
        "objected",
        "dpv:LegitimateInterestObjected",
    );
    check(
        "legitimate-interest",
        "objection-lifted",
        "subject",
        "informed",
        "dpv:LegitimateInterestInformed",
    );
    check(
        "legitimate-interest",
        "erasure",
        "subject",
        "erased",
        "dpv:ActivityHalted",
    );
    check("contract", "confirmation", "subject", "informed", "dpv:EntityInformed");
    check("contract", "erasure", "controller", "erased", "dpv:ActivityHalted");
}
