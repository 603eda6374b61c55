//! From the record's own terms to those of DPV 2.3; `None` where the vocabulary has none, so that none is made up.

use crate::term::{Basis, PartyRole};

/// Rights that DPV's extension for the GDPR names.
const RIGHTS: &str = "A7-3 A13 A14 A15 A16 A17 A18 A19 A20 A21 A22 A22-3-a A22-3-b A22-3-c A77 A78 A79";

/// What of chapter V it names.
const MECHANISMS: &str = "\
A45-3 A46-2-a A46-2-b A46-2-c A46-2-d A46-2-e A46-2-f A46-3-a A46-3-b \
A49-1-a A49-1-b A49-1-c A49-1-d A49-1-e A49-1-f A49-1-g A49-2 \
";

/// Types of data that stand in DPV itself; all others are those of its extension PD.
const CORE_DATA: &str = "\
CollectedPersonalData ContextuallyAnonymisedData DerivedPersonalData GeneratedPersonalData IdentifyingPersonalData \
PersonalData PseudonymisedData \
";

/// Special categories (GDPR Art. 9(1)), by their terms of PD.
const SPECIAL_DATA: &str = "\
Biometric BloodType DNACode Disability DrugTestResult EthnicOrigin Ethnicity FacialPrint FamilyHealthHistory Fetish \
Fingerprint Genetic Health HealthHistory HealthRecord IndividualHealthHistory MedicalHealth MentalHealth \
PhilosophicalBelief PhysicalHealth PoliticalAffiliation PoliticalOpinion Prescription Race Religion ReligiousBelief \
Retina Sexual SexualHistory SexualPreference TradeUnionMembership \
";

/// Data about crimes (GDPR Art. 10), which are sensitive without being of a special category.
const SENSITIVE_DATA: &str = "Criminal CriminalCharge CriminalConviction CriminalOffence CriminalPardon Vulnerability";

/// The 27 member states: their law is the Union's too.
const EU: &str = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

fn has(terms: &str, term: &str) -> bool {
    terms.split_ascii_whitespace().any(|known| known == term)
}

pub(super) fn right(article: &str) -> Option<String> {
    has(RIGHTS, article).then(|| format!("eu-gdpr:{article}"))
}

pub(super) fn mechanism(article: &str) -> Option<String> {
    has(MECHANISMS, article).then(|| format!("eu-gdpr:{article}"))
}

pub(super) fn data(category: &str) -> String {
    let prefix = if has(CORE_DATA, category) { "dpv" } else { "pd" };
    format!("{prefix}:{category}")
}

/// `dpv:PersonalData`, or the narrower class of it that the law protects more.
pub(super) fn data_class(category: &str) -> &'static str {
    if is_special(category) {
        "dpv:SpecialCategoryPersonalData"
    } else if has(SENSITIVE_DATA, category) {
        "dpv:SensitivePersonalData"
    } else {
        "dpv:PersonalData"
    }
}

/// Is this of a special category (GDPR Art. 9(1))?
pub(in crate::export) fn is_special(category: &str) -> bool {
    has(SPECIAL_DATA, category)
}

pub(super) fn country(code: &str) -> String {
    format!("loc:{code}")
}

pub(super) fn jurisdiction(code: &str) -> Vec<String> {
    let union = has(EU, code).then(|| country("EU"));
    [country(code)].into_iter().chain(union).collect()
}

/// The article of the GDPR, and where it is a consent, the kind of it (27560, `event_type`).
///
/// A soft opt-in is an exception of the ePrivacy directive to its own rule, not a basis of the GDPR: that is the interest
/// of the controller.
pub(super) fn bases(basis: Basis) -> &'static [&'static str] {
    match basis {
        Basis::Consent => &["eu-gdpr:A6-1-a", "dpv:ExpressedConsent"],
        Basis::ExplicitConsent => &["eu-gdpr:A6-1-a-explicit-consent", "dpv:ExplicitlyExpressedConsent"],
        Basis::SoftOptIn | Basis::LegitimateInterest => {
            &["eu-gdpr:A6-1-f-controller", "dpv:LegitimateInterestOfController"]
        }
        Basis::PreContract => &["eu-gdpr:A6-1-b-enter-into-contract"],
        Basis::Contract => &["eu-gdpr:A6-1-b-contract-performance"],
        Basis::LegalObligation => &["eu-gdpr:A6-1-c"],
    }
}

/// What a party is, and where it differs, the type that 27560 asks for beside the role (`party_type`).
pub(super) fn roles(role: PartyRole) -> &'static [&'static str] {
    match role {
        PartyRole::Controller => &["dpv:DataController"],
        // `dpv:JointDataController`, which the Guide names, is no term of DPV 2.3; `JointDataControllers` is the group.
        PartyRole::JointController => &["dpv:DataController", "dpv:JointDataControllers"],
        PartyRole::Processor => &["dpv:DataProcessor"],
        PartyRole::Recipient => &["dpv:ThirdParty"],
        PartyRole::Representative => &["dpv:Representative"],
        PartyRole::Dpo => &["dpv:DataProtectionOfficer"],
        PartyRole::Authority => &["dpv:DataProtectionAuthority"],
    }
}
