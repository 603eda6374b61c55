//! What Candor itself does with personal data, a row each for every controller (or group of joint controllers):
//! proof of consent, suppression list, access log, requests of the people concerned, the mails that confirm and reconfirm.
//! Refuses to name a host or a mail server's operator: no definition knows them, so a note asks for them.

use super::{
    definition::Definition,
    from_definition::{Reading, is_controller},
    say,
    types::{Activity, Datum, LegalBasis, Measure, Party, Retention},
};
use crate::catalog::Words;

/// Where a definition does not say (spec/definition.md, `proof`).
const PROOF_RETENTION: &str = "P5Y";
/// Where a definition does not say (`published.rs`).
const CONFIRMATION_EXPIRY: &str = "P7D";
const ACCESS_LOG_RETENTION: &str = "P1Y";
/// The sweep deletes by it (`sweep.rs`).
const REQUESTS_RETENTION: &str = "P3Y";

/// Every security measure. All of them hold for what a form collects; Candor's own rows name theirs.
pub(super) const MEASURES: [&str; 7] = [
    "encryption",
    "transport",
    "roles",
    "access-log",
    "deletion",
    "signatures",
    "keyed-hashes",
];

/// One of the rows: what is the same for every controller.
struct Own {
    id: &'static str,
    category: &'static str,
    channel: &'static str,
    basis: &'static str,
    articles: &'static [&'static str],
    /// Label's key, DPV type.
    data: &'static [(&'static str, &'static str)],
    operations: &'static [&'static str],
    measures: &'static [&'static str],
}

const PROOF: Own = Own {
    id: "proof",
    category: "CustomerClaimsManagement",
    channel: "none",
    basis: "legitimate-interest",
    articles: &["GDPR 6(1)(f)", "GDPR 5(2)", "GDPR 7(1)", "GDPR 17(3)(e)"],
    data: &[
        ("register_data_record", "PrivacyPreference"),
        ("register_data_digests", "PseudonymisedData"),
    ],
    operations: &["Record", "Store", "Pseudonymise"],
    measures: &["signatures", "transport", "roles", "access-log", "deletion"],
};

const SUPPRESSION: Own = Own {
    id: "suppression",
    category: "LegalCompliance",
    channel: "none",
    basis: "legal-obligation",
    articles: &["GDPR 6(1)(c)", "GDPR 17", "GDPR 21(3)"],
    data: &[
        ("register_data_hash", "PseudonymisedData"),
        ("register_data_refusal", "PrivacyPreference"),
    ],
    operations: &["Store", "Match", "Pseudonymise"],
    measures: &["keyed-hashes", "roles", "deletion"],
};

const ACCESS_LOG: Own = Own {
    id: "access-log",
    category: "EnforceSecurity",
    channel: "none",
    basis: "legal-obligation",
    articles: &["GDPR 6(1)(c)", "GDPR 5(2)", "GDPR 32"],
    data: &[
        ("register_data_operator", "Identifier"),
        ("register_data_access", "AuthenticationHistory"),
        ("register_data_person", "PseudonymisedData"),
    ],
    operations: &["Record", "Store"],
    measures: &["roles", "transport", "deletion"],
};

const REQUESTS: Own = Own {
    id: "requests",
    category: "LegalCompliance",
    channel: "none",
    basis: "legal-obligation",
    articles: &["GDPR 6(1)(c)", "GDPR 5(2)", "GDPR 12(3)"],
    data: &[
        ("register_data_request", "Communication"),
        ("register_data_person", "PseudonymisedData"),
    ],
    operations: &["Record", "Store"],
    measures: &["roles", "transport", "deletion"],
};

const MAIL: Own = Own {
    id: "confirmation-mail",
    category: "Verification",
    channel: "email",
    basis: "legal-obligation",
    articles: &["GDPR 6(1)(c)", "GDPR 5(1)(d)", "GDPR 7(1)"],
    data: &[
        ("register_data_mailbox", "EmailAddress"),
        ("register_data_choices", "PrivacyPreference"),
        ("register_data_mail_times", "Communication"),
    ],
    operations: &["Use", "Transmit", "Record"],
    measures: &["encryption", "transport", "keyed-hashes", "deletion"],
};

pub(super) fn measures(words: Words) -> Vec<Measure> {
    let measure = |id: &&'static str| Measure {
        id,
        name: say::term(words, "measure_name", id),
        words: say::term(words, "measure", id),
    };
    MEASURES.iter().map(measure).collect()
}

/// The forms of the same controllers.
struct Group<'a> {
    id: String,
    forms: Vec<&'a Reading>,
}

pub(super) fn activities(words: Words, readings: &[Reading]) -> Vec<Activity> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for reading in readings {
        let id = controllers_id(&reading.definition);
        match groups.iter_mut().find(|group| group.id == id) {
            Some(group) => group.forms.push(reading),
            None => groups.push(Group {
                id,
                forms: vec![reading],
            }),
        }
    }
    groups.iter().flat_map(|group| group.activities(words)).collect()
}

impl Group<'_> {
    fn activities(&self, words: Words) -> Vec<Activity> {
        let proof = |reading: &Reading| {
            let named = reading
                .definition
                .proof
                .as_ref()
                .and_then(|proof| proof.retention.clone());
            named.unwrap_or_else(|| PROOF_RETENTION.to_owned())
        };
        let expiry = |reading: &Reading| {
            let confirmation = reading.definition.confirmation.as_ref();
            let named = confirmation.and_then(|confirmation| confirmation.expires.clone());
            named.unwrap_or_else(|| CONFIRMATION_EXPIRY.to_owned())
        };
        let mut rows = vec![
            self.row(words, &PROOF, self.periods(words, &self.forms, "end", proof)),
            self.row(words, &SUPPRESSION, vec![say::retention(words, None, "lifted")]),
            Activity {
                people: vec![
                    words.get("register_people_read").to_owned(),
                    words.get("register_people_operators").to_owned(),
                ],
                ..self.row(
                    words,
                    &ACCESS_LOG,
                    vec![say::retention(words, Some(ACCESS_LOG_RETENTION), "entry")],
                )
            },
            self.row(
                words,
                &REQUESTS,
                vec![say::retention(words, Some(REQUESTS_RETENTION), "answer")],
            ),
        ];
        let mailing: Vec<&Reading> = self
            .forms
            .iter()
            .copied()
            .filter(|it| writes_mails(&it.definition))
            .collect();
        if !mailing.is_empty() {
            let mut retention = self.periods(words, &mailing, "mailing", expiry);
            retention.push(say::retention(words, None, "lead"));
            rows.push(Activity {
                sources: mailing.iter().map(|reading| reading.source.clone()).collect(),
                ..self.row(words, &MAIL, retention)
            });
        }
        rows
    }

    fn row(&self, words: Words, own: &Own, retention: Vec<Retention>) -> Activity {
        let said = |part: &str| say::term(words, &format!("own_{part}"), own.id);
        Activity {
            id: format!("candor/{}/{}", own.id, self.id),
            purpose: own.id.to_owned(),
            statement: said("statement"),
            details: None,
            category: own.category.to_owned(),
            kind: None,
            channel: own.channel.to_owned(),
            frequency: None,
            basis: LegalBasis {
                articles: own.articles.iter().map(|&article| article.to_owned()).collect(),
                interest: Some(said("reason")),
                ..say::basis(words, own.basis)
            },
            controllers: self.parties(is_controller),
            representatives: self.parties(|party| party.role == "representative"),
            dpos: self.parties(|party| party.role == "dpo"),
            people: self.people(),
            data: own
                .data
                .iter()
                .map(|(label, term)| Datum {
                    field: None,
                    label: words.get(label).to_owned(),
                    term: (*term).to_owned(),
                    required: None,
                })
                .collect(),
            operations: own.operations.iter().map(|&term| term.to_owned()).collect(),
            recipients: Vec::new(),
            receivers: Vec::new(),
            transfers: Vec::new(),
            locations: Vec::new(),
            retention,
            validity: None,
            measures: own.measures.to_vec(),
            notes: vec![
                words
                    .get(if own.id == MAIL.id {
                        "register_note_mail"
                    } else {
                        "register_note_host"
                    })
                    .to_owned(),
            ],
            sources: self.forms.iter().map(|reading| reading.source.clone()).collect(),
        }
    }

    /// Each party once, however many forms name it.
    fn parties(&self, wanted: impl Fn(&super::definition::Party) -> bool + Copy) -> Vec<Party> {
        Party::distinct(self.forms.iter().flat_map(|reading| reading.parties(wanted)))
    }

    /// The visitors of each form, then what they are to the controller.
    fn people(&self) -> Vec<String> {
        let mut people: Vec<String> = self.forms.iter().map(|reading| reading.visitors()).collect();
        for audience in self.forms.iter().map(|reading| reading.audience()) {
            if !people.contains(&audience) {
                people.push(audience);
            }
        }
        people
    }

    /// One retention for each period, with the forms that it holds for.
    fn periods(
        &self,
        words: Words,
        forms: &[&Reading],
        from: &str,
        period: impl Fn(&Reading) -> String,
    ) -> Vec<Retention> {
        let mut found: Vec<Retention> = Vec::new();
        for reading in forms {
            let (period, form) = (period(reading), reading.source.form.clone());
            match found.iter_mut().find(|known| known.period.as_ref() == Some(&period)) {
                Some(known) => known.forms.push(form),
                None => found.push(Retention {
                    forms: vec![form],
                    ..say::retention(words, Some(&period), from)
                }),
            }
        }
        found
    }
}

/// A form that has an address to write to, and something to confirm or to renew.
fn writes_mails(definition: &Definition) -> bool {
    let is_consent = |basis: &str| matches!(basis, "consent" | "explicit-consent");
    definition.fields.iter().any(|field| field.kind == "email")
        && definition.purposes.iter().any(|purpose| is_consent(&purpose.basis))
}

/// The controllers' names in the definition's first language, whatever the reader's: `acme-conseil-sas`.
fn controllers_id(definition: &Definition) -> String {
    let first = definition.languages.first().map_or("", String::as_str);
    let controllers = definition.parties.iter().filter(|party| is_controller(party));
    let mut names: Vec<String> = controllers.map(|party| slug(&party.name.in_language(first))).collect();
    names.sort();
    names.join("+")
}

fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
