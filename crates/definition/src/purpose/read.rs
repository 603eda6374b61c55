//! Reads one purpose and refuses what its basis forbids.

use candor_record::id::{PartyId, PurposeId};
use candor_record::term::{Basis, Channel, Kind, RetentionStart, dpv};

use super::{
    Consent, ConsentStrength, Ground, Interest, InterestBasis, Purpose, Reach, Service, ServiceBasis, Storage,
    VoluntaryKind,
};
use crate::category::Category;
use crate::diagnostic::{Place, Report};
use crate::language::Languages;
use crate::mechanism::TransferDraft;
use crate::period::Period;
use crate::place::Country;
use crate::read::{At, Object};
use crate::text::Text;
use crate::{id, rule};

/// A purpose as far as it could be read: what the rules between parts need.
#[derive(Debug)]
pub(crate) struct PurposeDraft {
    pub(crate) id: Option<PurposeId>,
    pub(crate) id_place: Place,
    pub(crate) basis: Option<Basis>,
    pub(crate) channel: Option<Channel>,
    pub(crate) statement: Option<(Text, Place)>,
    pub(crate) shares: bool,
    pub(crate) recipients: Option<Vec<(String, Place)>>,
    pub(crate) recipients_place: Place,
    pub(crate) transfers: Vec<TransferDraft>,
    pub(crate) locations: Vec<(Country, Place)>,
    // Everything but the recipients, which are checked against the parties before they become ids.
    complete: Option<Purpose>,
}

const MEMBERS: [&str; 16] = [
    "id",
    "basis",
    "kind",
    "category",
    "channel",
    "statement",
    "details",
    "operations",
    "recipients",
    "transfers",
    "storage",
    "validity",
    "frequency",
    "interest",
    "assessment",
    "objection",
];

/// Operations by which data reaches somebody else: `Share` and its kin under DPV's `Disclose`.
const SHARING: [&str; 5] = [
    "Share",
    "Disclose",
    "DiscloseByTransmission",
    "Disseminate",
    "MakeAvailable",
];

impl PurposeDraft {
    pub(crate) fn read(report: &mut Report<'_>, languages: Option<&Languages>, at: At<'_>) -> Option<Self> {
        let object = Object::open_except(report, at, &MEMBERS, "required")?;
        let texts = |report: &mut Report<'_>, at: Option<At<'_>>| Text::read(report, languages?, &at?);

        let id_at = object.required(report, "id");
        let id_place = id_at.as_ref().map_or_else(|| object.place(), At::place);
        let id = id_at.and_then(|at| id::read(report, &at, rule::PURPOSE_ID));
        let basis = object
            .required(report, "basis")
            .and_then(|at| at.choice(report, Basis::ALL, Basis::as_str));
        let kind = object
            .required(report, "kind")
            .and_then(|at| at.choice(report, Kind::ALL, Kind::as_str));
        let category = object
            .required(report, "category")
            .and_then(|at| Category::read(report, &at));
        let channel = object
            .required(report, "channel")
            .and_then(|at| at.choice(report, Channel::ALL, Channel::as_str));
        let help = "say what is done, by whom and how, in words for the visitor";
        let statement_at = object.required_by(report, "statement", rule::PURPOSE_STATEMENT, help);
        let statement_place = object
            .optional("statement")
            .map_or_else(|| object.place(), |at| at.place());
        let statement = texts(report, statement_at);
        let details = texts(report, object.optional("details"));
        let operations = object
            .required(report, "operations")
            .and_then(|at| read_operations(report, &at));
        let recipients_at = object.required(report, "recipients");
        let recipients_place = recipients_at.as_ref().map_or_else(|| object.place(), At::place);
        let recipients = recipients_at.and_then(|at| read_ids(report, &at));
        let transfers = object
            .optional("transfers")
            .and_then(|at| at.entries_or_none(report))
            .unwrap_or_default();
        let transfers: Vec<_> = transfers
            .into_iter()
            .filter_map(|at| TransferDraft::read(report, at))
            .collect();
        let validity = object.optional("validity").and_then(|at| Period::read(report, &at));
        let help = "add where, how long and from when, for example \
                    {\"locations\": [\"FR\"], \"retention\": \"P3Y\", \"from\": \"last-contact\"}";
        let (storage, locations) = object
            .required_by(report, "storage", rule::PURPOSE_STORAGE, help)
            .map_or((None, Vec::new()), |at| read_storage(report, at, validity.as_ref()));
        let frequency = object.optional("frequency").and_then(|at| Period::read(report, &at));
        let interest = texts(report, object.optional("interest"));
        let objection = texts(report, object.optional("objection"));
        let assessment = object
            .optional("assessment")
            .and_then(|at| at.string(report))
            .map(str::to_owned);

        refuse_required(report, &object, basis, kind);
        if let Some(basis) = basis {
            refuse_foreign_members(report, &object, basis);
            refuse_missing_members(report, &object, basis, kind);
        }

        let ground = basis.zip(kind).and_then(|(basis, kind)| {
            ground(
                basis,
                kind,
                Parts {
                    validity,
                    interest,
                    objection,
                    assessment,
                },
            )
        });
        let good_transfers: Option<Vec<_>> = transfers.iter().map(|draft| draft.transfer.clone()).collect();
        let complete = (|| {
            Some(Purpose {
                id: id.clone()?,
                ground: ground?,
                category: category?,
                channel: channel?,
                statement: statement.clone()?,
                details,
                operations: operations.clone()?,
                recipients: Vec::new(),
                transfers: good_transfers?,
                storage: storage?,
                frequency,
            })
        })();
        let shares = operations
            .iter()
            .flatten()
            .any(|operation| SHARING.contains(&operation.as_str()));
        let statement = statement.map(|text| (text, statement_place));
        Some(PurposeDraft {
            id,
            id_place,
            basis,
            channel,
            statement,
            shares,
            recipients,
            recipients_place,
            transfers,
            locations,
            complete,
        })
    }

    /// The purpose, once its recipients were found among the parties.
    pub(crate) fn finish(self, recipients: Vec<PartyId>) -> Option<Purpose> {
        self.complete.map(|purpose| Purpose { recipients, ..purpose })
    }

    pub(crate) fn is_consent(&self) -> bool {
        self.basis.is_some_and(Basis::is_consent)
    }
}

struct Parts {
    validity: Option<Period>,
    interest: Option<Text>,
    objection: Option<Text>,
    assessment: Option<String>,
}

/// The ground with what it demands; `None` where something is missing, which was reported before.
fn ground(basis: Basis, kind: Kind, parts: Parts) -> Option<Ground> {
    let consent = |strength| {
        let kind = match kind {
            Kind::Mandatory => return None,
            Kind::Informational => VoluntaryKind::Informational,
            Kind::Promotional => VoluntaryKind::Promotional,
        };
        Some(Ground::Consent(Consent {
            strength,
            kind,
            validity: parts.validity.clone()?,
        }))
    };
    let interest = |basis| {
        let reach = match kind {
            Kind::Promotional => Reach::Promotion {
                objection: parts.objection.clone()?,
            },
            Kind::Mandatory | Kind::Informational => Reach::Other {
                kind,
                objection: parts.objection.clone(),
            },
        };
        let (interest, assessment) = (parts.interest.clone()?, parts.assessment.clone());
        Some(Ground::Interest(Interest {
            basis,
            reach,
            interest,
            assessment,
        }))
    };
    let service = |basis| Some(Ground::Service(Service { basis, kind }));
    match basis {
        Basis::Consent => consent(ConsentStrength::Ordinary),
        Basis::ExplicitConsent => consent(ConsentStrength::Explicit),
        Basis::LegitimateInterest => interest(InterestBasis::LegitimateInterest),
        Basis::SoftOptIn => interest(InterestBasis::SoftOptIn),
        Basis::PreContract => service(ServiceBasis::PreContract),
        Basis::Contract => service(ServiceBasis::Contract),
        Basis::LegalObligation => service(ServiceBasis::LegalObligation),
    }
}

/// A consent that somebody has to give is none.
fn refuse_required(report: &mut Report<'_>, object: &Object<'_>, basis: Option<Basis>, kind: Option<Kind>) {
    let is_consent = basis.is_some_and(Basis::is_consent);
    if object.has("required") {
        let place = object.name_place("required");
        let is_true = object
            .optional("required")
            .is_some_and(|at| at.node.as_bool() != Some(false));
        if is_consent && is_true {
            let help = "take it out: the form must work with every box left unticked";
            report.refuse(
                rule::CONSENT_REQUIRED,
                &place,
                "a purpose based on consent cannot be required",
                help,
            );
        } else {
            let message = "`required` is not a member of a purpose";
            report.refuse(
                rule::MEMBER_UNKNOWN,
                &place,
                message,
                "take it out; `kind` says what a purpose is",
            );
        }
    }
    if is_consent && kind == Some(Kind::Mandatory) {
        let place = object.optional("kind").map_or_else(|| object.place(), |at| at.place());
        let message = "a purpose based on consent cannot be mandatory";
        let help =
            "write `informational` or `promotional`; what the service needs has the basis `contract` or `pre-contract`";
        report.refuse(rule::CONSENT_REQUIRED, &place, message, help);
    }
}

fn refuse_foreign_members(report: &mut Report<'_>, object: &Object<'_>, basis: Basis) {
    for (member, rule, belongs, whom) in [
        ("validity", rule::VALIDITY_BASIS, basis.is_consent(), "a consent"),
        (
            "objection",
            rule::OBJECTION_BASIS,
            basis.has_objection(),
            "legitimate interest and soft opt-in",
        ),
        (
            "interest",
            rule::INTEREST_BASIS,
            basis.has_objection(),
            "legitimate interest and soft opt-in",
        ),
        (
            "assessment",
            rule::INTEREST_BASIS,
            basis.has_objection(),
            "legitimate interest and soft opt-in",
        ),
    ] {
        if object.has(member) && !belongs {
            let message = format!("`{member}` belongs to {whom}, and the basis is `{basis}`");
            let help = format!("take `{member}` out, or correct the basis");
            report.refuse(rule, &object.name_place(member), message, help);
        }
    }
}

fn refuse_missing_members(report: &mut Report<'_>, object: &Object<'_>, basis: Basis, kind: Option<Kind>) {
    if basis.is_consent() {
        let help = "say after how long the person is asked again, for example `\"validity\": \"P18M\"`";
        object.required_by(report, "validity", rule::CONSENT_VALIDITY, help);
    }
    if basis.has_objection() {
        let help = "name the interest in words, for example `our legitimate interest in developing our business`";
        object.required_by(report, "interest", rule::INTEREST_MISSING, help);
    }
    if basis.has_objection() && kind == Some(Kind::Promotional) {
        let help = "add the words of the box to object, for example `Do not send me these e-mails.`";
        object.required_by(report, "objection", rule::OBJECTION_MISSING, help);
    }
}

fn read_operations(report: &mut Report<'_>, at: &At<'_>) -> Option<Vec<String>> {
    let ids = read_ids(report, at)?;
    let mut good = true;
    for (operation, place) in &ids {
        if !dpv::is_operation(operation) {
            let message = format!("`{operation}` is not an operation of DPV 2.3");
            let help = "write `Collect`, `Store`, `Use`, `Share`, `Profiling` or another DPV operation";
            report.refuse(rule::ENUMERATION, place, message, help);
            good = false;
        }
    }
    good.then(|| ids.into_iter().map(|(operation, _)| operation).collect())
}

/// Strings of a list that holds at least one, each of them once.
pub(crate) fn read_ids(report: &mut Report<'_>, at: &At<'_>) -> Option<Vec<(String, Place)>> {
    let mut ids: Vec<(String, Place)> = Vec::new();
    let mut good = true;
    for entry in at.entries(report)? {
        let Some(id) = entry.string(report) else {
            good = false;
            continue;
        };
        if ids.iter().any(|(known, _)| known == id) {
            let message = format!("`{id}` stands twice in {}", at.name());
            report.refuse(rule::TWICE, &entry.place(), message, "keep one of the two");
            continue;
        }
        ids.push((id.to_owned(), entry.place()));
    }
    good.then_some(ids)
}

fn read_storage(
    report: &mut Report<'_>,
    at: At<'_>,
    validity: Option<&Period>,
) -> (Option<Storage>, Vec<(Country, Place)>) {
    let Some(object) = Object::open(report, at, &["locations", "retention", "from"]) else {
        return (None, Vec::new());
    };
    let entries = object.required(report, "locations").and_then(|at| at.entries(report));
    let complete = entries.is_some();
    let entries = entries.unwrap_or_default();
    let count = entries.len();
    let locations: Vec<(Country, Place)> = entries
        .into_iter()
        .filter_map(|at| Some((Country::read(report, &at)?, at.place())))
        .collect();
    let retention_at = object.required(report, "retention");
    let retention = retention_at.as_ref().and_then(|at| Period::read(report, at));
    let from = object
        .required(report, "from")
        .and_then(|at| at.choice(report, RetentionStart::ALL, RetentionStart::as_str));
    if let (Some(at), Some(retention), Some(validity)) = (&retention_at, &retention, validity)
        && retention.is_shorter_than(validity)
    {
        let message = format!("the retention {retention} is shorter than the validity {validity}");
        let help = format!("write a retention of `{validity}` or longer, or a shorter validity");
        report.refuse(rule::RETENTION_VALIDITY, &at.place(), message, help);
    }
    let countries: Vec<Country> = locations.iter().map(|(country, _)| *country).collect();
    let storage = (|| {
        let all_read = complete && countries.len() == count;
        all_read.then_some(())?;
        Some(Storage {
            locations: countries,
            retention: retention?,
            from: from?,
        })
    })();
    (storage, locations)
}
