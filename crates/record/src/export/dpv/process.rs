//! One purpose as one `dpv:Process` (27560, section *Processing*): so that it can be withdrawn alone.
//!
//! The Guide's rule of nesting is kept: no process here has one below it, and each has a consent status.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Node, control, exercised_at, status, term, text};
use crate::{
    record::{Process, Storage, Transfer},
    term::{Channel, Method, PartyRole, RetentionStart},
};

pub(super) fn node(node: &Node<'_, '_>, process: &Process) -> Value {
    let first = node.0.submission;
    let language = &first.language;
    let id = &process.purpose;
    let recipients = Recipients::of(node, process);
    let data = process.data.iter().map(|data| {
        json!({
            "@type": term::data_class(&data.category),
            "skos:broader": term::data(&data.category),
            "dct:identifier": data.field,
            "dpv:hasNecessity": if data.required { "dpv:Required" } else { "dpv:Optional" },
        })
    });
    let transfers = process.transfers.iter().map(|transfer| permission(node, transfer));
    let rights = first.rights.iter().map(|right| node.part(&format!("right-{right}")));
    let automated = first.automated_decisions.as_str();
    json!({
        "@id": node.part(&format!("process-{id}")),
        "@type": "dpv:Process",
        "dct:identifier": id,
        "dpv:hasDataSubject": node.subject(),
        "dpv:hasService": node.part("service"),
        "dpv:hasPurpose": {
            "@id": node.part(&format!("purpose-{id}")),
            "@type": "dpv:Purpose",
            "dct:identifier": id,
            "skos:broader": format!("dpv:{}", process.category),
            "dct:description": node.0.statement(process).map(|words| text(language, words)),
        },
        "dpv:hasContext": [context("kind", process.kind.as_str()), context("channel", process.channel.as_str())],
        "dpv:hasLegalBasis": term::bases(process.basis),
        "dpv:hasJustification": process.interest.as_deref().map(|interest| json!({
            "@type": "dpv:Justification",
            "dct:description": text(language, interest),
        })),
        "dpv:hasPersonalData": data.collect::<Vec<_>>(),
        "dpv:hasDataSource": {
            "@type": match first.capture.method {
                Method::Import => "dpv:ThirdPartyDataSource",
                _ => "dpv:DataSubjectDataSource",
            },
            "dpv:hasProcessing": "dpv:Collect",
        },
        "dpv:hasProcessing": process.operations.iter().map(|term| format!("dpv:{term}")).collect::<Vec<_>>(),
        "dpv:hasDataController": node.parties(&[PartyRole::Controller, PartyRole::JointController]),
        "dpv:hasRecipient": recipients.all,
        "dpv:hasDataProcessor": recipients.processors,
        "dpv:hasThirdParty": recipients.third_parties,
        "dpv:hasJurisdiction": term::jurisdiction(&first.jurisdiction.country),
        "dpv:hasStorageCondition": storage(&process.storage),
        "dpv:hasProcessingCondition": {"@type": "dpv:ProcessingLocation", "dpv:hasLocation": locations(node, process)},
        "dpv:hasRule": transfers.chain(prohibitions(process, automated)).collect::<Vec<_>>(),
        "dpv:hasRight": rights.collect::<Vec<_>>(),
        "dpv:hasNotice": super::notice_id(node, first.id.as_str()),
        "dpv:hasConsentControl": process.basis.is_consent().then(|| control(node, "dpv:WithdrawConsent")),
        "dpv:hasEntityInvolvement": process.basis.has_objection().then(|| json!({
            "@type": "dpv:ObjectingToProcess",
            "dpv:isExercisedAt": exercised_at(node),
        })),
        "dpv:hasConsentStatus": status::of_consent(node, process),
        "dpv:hasStatus": status::of_others(node, process),
    })
}

fn context(kind: &str, value: &str) -> Value {
    // `none` as a channel: the person is not reached at all.
    let said = (value != Channel::None.as_str()).then_some(value);
    json!({"@type": "dpv:Context", "dct:title": kind, "rdf:value": said.unwrap_or("none")})
}

struct Recipients {
    all: Vec<String>,
    processors: Vec<String>,
    third_parties: Vec<String>,
}

impl Recipients {
    fn of(node: &Node<'_, '_>, process: &Process) -> Recipients {
        let parties = node.0.submission.parties.iter();
        let receiving: Vec<_> = parties.filter(|party| process.recipients.contains(&party.id)).collect();
        let of = |role: Option<PartyRole>| {
            let chosen = receiving
                .iter()
                .filter(|party| role.is_none_or(|role| party.role == role));
            chosen.map(|party| node.party(party.id.as_str())).collect()
        };
        Recipients {
            all: of(None),
            processors: of(Some(PartyRole::Processor)),
            third_parties: of(Some(PartyRole::Recipient)),
        }
    }
}

/// Where, how long from what on, and when it is deleted.
fn storage(storage: &Storage) -> Value {
    let locations: Vec<_> = storage.locations.iter().map(|code| term::country(code)).collect();
    let from = match storage.from {
        RetentionStart::Collection => "from the collection on",
        RetentionStart::LastContact => "from the person's last contact on",
        RetentionStart::Withdrawal => "from the withdrawal on",
    };
    json!([
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": locations},
        {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": duration(storage.retention.as_str()),
            "dct:description": from,
        },
        {
            "@type": "dpv:StorageDeletion",
            "dpv:hasDuration": {
                "@type": "dpv:UntilEventDuration",
                "rdf:value": "the end of the last purpose or of the duration, whichever comes first",
            },
        },
    ])
}

/// ISO 8601, by the calendar.
pub(super) fn duration(period: &str) -> Value {
    json!({"@type": "dpv:TemporalDuration", "rdf:value": {"@type": "xsd:duration", "@value": period}})
}

/// Where those are who process: the record knows their countries.
fn locations(node: &Node<'_, '_>, process: &Process) -> Vec<String> {
    let parties = node.0.submission.parties.iter();
    let processing = parties.filter(|party| {
        let controls = matches!(party.role, PartyRole::Controller | PartyRole::JointController);
        controls || process.recipients.contains(&party.id)
    });
    let countries = processing.map(|party| party.country.as_str());
    let countries: BTreeSet<&str> = countries
        .chain(process.storage.locations.iter().map(String::as_str))
        .collect();
    countries.into_iter().map(term::country).collect()
}

/// A transfer that was declared (GDPR Art. 44 to 49).
fn permission(node: &Node<'_, '_>, transfer: &Transfer) -> Value {
    json!({
        "@type": "dpv:Permission",
        "dpv:hasProcessing": "dpv:CrossBorderTransfer",
        "dpv:hasThirdCountry": term::country(&transfer.country),
        "dpv:hasLegalBasis": term::mechanism(&transfer.mechanism),
        "dct:identifier": transfer.mechanism,
        "schema:url": transfer.copy.as_deref().map(|copy| node.address(copy)),
    })
}

/// What the person was told will not be done: no transfer that was not declared, and no automated decision unless it was
/// described.
fn prohibitions(process: &Process, automated: &str) -> Vec<Value> {
    let transfer = process.transfers.is_empty().then(|| {
        json!({
            "@type": "dpv:Prohibition",
            "dpv:hasProcessing": "dpv:CrossBorderTransfer",
            "dct:description": "no transfer out of the European Economic Area is declared",
        })
    });
    let decision = match automated {
        "none" => json!({
            "@type": "dpv:Prohibition",
            "dpv:hasContext": {"@type": "dpv:AutomatedDecisionMaking"},
        }),
        described => json!({
            "@type": "dpv:Permission",
            "dpv:hasContext": {"@type": "dpv:AutomatedDecisionMaking", "dct:description": described},
        }),
    };
    transfer.into_iter().chain([decision]).collect()
}
