//! The `@context`: what each prefix means, which members are names and which are times. Nothing in it is fetched.

use serde_json::{Map, Value, json};

const PREFIXES: [(&str, &str); 10] = [
    ("dpv", "https://w3id.org/dpv#"),
    ("pd", "https://w3id.org/dpv/pd#"),
    ("loc", "https://w3id.org/dpv/loc#"),
    ("eu-gdpr", "https://w3id.org/dpv/legal/eu/gdpr#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("schema", "https://schema.org/"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// Members whose texts are names of things, not words.
const NAMES: &str = "\
dpv:hasApplicableLaw dpv:hasAuthority dpv:hasConsentStatus dpv:hasContact dpv:hasCountry dpv:hasDataController \
dpv:hasDataProcessor dpv:hasDataProtectionOfficer dpv:hasDataSource dpv:hasDataSubject dpv:hasEntityInvolvement \
dpv:hasJurisdiction dpv:hasLegalBasis dpv:hasLocation dpv:hasNecessity dpv:hasNotice dpv:hasNoticeStatus \
dpv:hasPersonalData dpv:hasProcess dpv:hasProcessing dpv:hasPurpose dpv:hasRecipient dpv:hasRecipientThirdParty \
dpv:hasRecordOfActivity dpv:hasRepresentative dpv:hasRight dpv:hasService dpv:hasStatus dpv:hasThirdCountry \
dpv:hasThirdParty dpv:isExercisedAt dpv:isIndicatedBy dct:conformsTo dct:isReferencedBy dct:publisher dct:replaces \
dct:source dcat:isVersionOf skos:broader schema:url \
";

const TIMES: &str = "dct:created dct:date dpv:isIndicatedAtTime";

/// The whole context of a document.
pub fn context() -> Value {
    let mut context: Map<String, Value> = PREFIXES
        .iter()
        .map(|(prefix, address)| ((*prefix).to_owned(), json!(address)))
        .collect();
    for (members, kind) in [(NAMES, "@id"), (TIMES, "xsd:dateTime")] {
        for member in members.split_ascii_whitespace() {
            context.insert(member.to_owned(), json!({"@type": kind}));
        }
    }
    Value::Object(context)
}
