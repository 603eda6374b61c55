//! What a policy has to say and no definition knows. Its readers are the owner and a lawyer: French, or else English.
//! Refuses a gap that the definition fills.

use candor_definition::{AutomatedDecisions, Definition, FieldType, InterestBasis, Party, Purpose};
use candor_record::term::{Audience, PartyRole};

/// In French or else in English.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    is_french: bool,
}

/// The same in both languages.
type Said = (&'static str, &'static str);

pub(super) const WARNING: Said = (
    "Draft made from the form definitions, for a lawyer to finish: complete or strike each marked gap. Candor gives no legal advice.",
    "Projet établi à partir des définitions de formulaires, à finir par un juriste : complétez ou rayez chaque passage marqué. Candor ne donne pas de conseil juridique.",
);

pub(super) const MARK: Said = ("TO COMPLETE", "À COMPLÉTER");

impl Words {
    pub(super) fn of(language: &str) -> Self {
        let is_french = language.split('-').next() == Some("fr");
        Self { is_french }
    }

    pub(super) fn say(self, (english, french): Said) -> &'static str {
        if self.is_french { french } else { english }
    }
}

/// The gaps of a section, for one definition.
pub(super) fn of(words: Words, section: &str, definition: &Definition) -> Vec<String> {
    let mut gaps = Vec::new();
    let mut ask = |said: Said, about: &str| {
        let question = words.say(said);
        gaps.push(if about.is_empty() {
            question.to_owned()
        } else {
            format!("{question} ({about})")
        });
    };
    let name = |party: &Party| {
        let language = definition.languages().next().expect("a definition has a language");
        party.name.in_language(language).to_owned()
    };
    let parties = || definition.parties().iter();
    match section {
        "who" => {
            for party in parties().filter(|it| it.is_controller()) {
                ask(LEGAL_FORM, &name(party));
                if party.address.is_none() {
                    ask(ADDRESS, &name(party));
                }
                let is_represented = parties().any(|it| it.role == PartyRole::Representative);
                if party.country.is_outside_eea() && !is_represented {
                    ask(REPRESENTATIVE, &name(party));
                }
            }
            if parties().any(|it| it.role == PartyRole::JointController) {
                ask(ARRANGEMENT, "");
            }
        }
        "dpo" if parties().all(|it| it.role != PartyRole::Dpo) => ask(DPO, ""),
        "purposes" => ask(OTHER_PROCESSING, ""),
        "interests" => {
            for purpose in definition.purposes().iter().filter(|it| lacks_assessment(it)) {
                ask(ASSESSMENT, purpose.id.as_str());
            }
        }
        "recipients" => {
            ask(HOSTING, "");
            for party in parties().filter(|it| it.role == PartyRole::Processor && it.agreement.is_none()) {
                ask(AGREEMENT, &name(party));
            }
        }
        "transfers" => {
            for transfer in definition.purposes().iter().flat_map(|it| &it.transfers) {
                if transfer.copy.is_none() {
                    ask(COPY, transfer.country.code());
                }
            }
            ask(TRANSFERS, "");
        }
        "retention" => ask(RETENTION, ""),
        "rights" => ask(IDENTITY, ""),
        "automated" if !matches!(definition.automated_decisions(), AutomatedDecisions::None) => ask(LOGIC, ""),
        "required" => {
            let declares_age = definition.fields().iter().any(|it| it.field_type() == FieldType::Age);
            if definition.audience() == Audience::B2c && !declares_age {
                ask(CHILDREN, "");
            }
        }
        "own" => ask(SECURITY, ""),
        "version" => {
            ask(DATE, "");
            ask(NATIONAL, definition.jurisdiction().code());
        }
        _ => {}
    }
    gaps
}

fn lacks_assessment(purpose: &Purpose) -> bool {
    match &purpose.ground {
        candor_definition::Ground::Interest(interest) => {
            interest.assessment.is_none() && interest.basis == InterestBasis::LegitimateInterest
        }
        _ => false,
    }
}

const LEGAL_FORM: Said = (
    "Legal form, capital, register number and who answers for the publication",
    "Forme juridique, capital, numéro d’immatriculation et directeur de la publication",
);
const ADDRESS: Said = ("Postal address of the controller", "Adresse postale du responsable");
const REPRESENTATIVE: Said = (
    "The controller is outside the European Economic Area: name the representative in the Union (Art. 27), or say why none is needed",
    "Le responsable est hors de l’Espace économique européen : nommez le représentant dans l’Union (art. 27), ou dites pourquoi il n’en faut pas",
);
const ARRANGEMENT: Said = (
    "The essence of the arrangement between the joint controllers (Art. 26(2))",
    "Les grandes lignes de l’accord entre responsables conjoints (art. 26(2))",
);
const DPO: Said = (
    "Is a data protection officer required (Art. 37)? Name them with their contact, or strike this",
    "Un délégué à la protection des données est‑il requis (art. 37) ? Nommez‑le avec son contact, ou rayez",
);
const OTHER_PROCESSING: Said = (
    "What the forms do not know: customers, suppliers, job applications, cookies and audience measurement, social networks, each with purpose, basis, data, recipients and time",
    "Ce que les formulaires ignorent : clients, fournisseurs, candidatures, cookies et mesure d’audience, réseaux sociaux, chacun avec finalité, base, données, destinataires et durée",
);
const ASSESSMENT: Said = (
    "The balancing test behind this legitimate interest, and how to obtain it",
    "La mise en balance derrière cet intérêt légitime, et comment l’obtenir",
);
const HOSTING: Said = (
    "Who hosts the site and the forms, and who runs the mail server",
    "Qui héberge le site et les formulaires, et qui exploite le serveur de courrier",
);
const AGREEMENT: Said = (
    "The date of the processing contract (Art. 28)",
    "La date du contrat de sous‑traitance (art. 28)",
);
const COPY: Said = (
    "Where a copy of the safeguards can be obtained (Art. 13(1)(f))",
    "Où obtenir une copie des garanties (art. 13(1)(f))",
);
const TRANSFERS: Said = (
    "Whether a provider, or one of its own, accesses data from outside the European Economic Area",
    "Si un prestataire, ou l’un des siens, accède aux données depuis l’extérieur de l’Espace économique européen",
);
const RETENTION: Said = (
    "Why these periods, and what is archived longer by law (accounts, disputes)",
    "Pourquoi ces durées, et ce qui est archivé plus longtemps par obligation (comptabilité, litiges)",
);
const IDENTITY: Said = (
    "How identity is verified when a right is exercised (Art. 12(6)), and the postal way",
    "Comment l’identité est vérifiée lors d’une demande (art. 12(6)), et la voie postale",
);
const LOGIC: Said = (
    "The logic involved, the significance and the consequences of the automated decision (Art. 13(2)(f), 22)",
    "La logique, l’importance et les conséquences de la décision automatisée (art. 13(2)(f), 22)",
);
const CHILDREN: Said = (
    "Whether children are addressed, and how the holder of parental responsibility agrees (Art. 8)",
    "Si des mineurs sont visés, et comment le titulaire de l’autorité parentale donne son accord (art. 8)",
);
const SECURITY: Said = (
    "Organisational security measures beside those of Candor (Art. 32)",
    "Mesures de sécurité organisationnelles, en plus de celles de Candor (art. 32)",
);
const DATE: Said = (
    "Date of this policy, and how people are told of changes",
    "Date de cette politique, et manière d’annoncer les changements",
);
const NATIONAL: Said = (
    "What national law adds in the country addressed",
    "Ce que le droit national du pays visé ajoute",
);
