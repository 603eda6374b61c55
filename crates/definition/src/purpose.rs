//! What data is used for, and on which ground; the control that a visitor sees follows from the ground.
//!
//! A consent that is mandatory, promotion without a way to object, or a consent that lasts for ever have no value of
//! these types. Read [`Ground`] first.

use candor_record::id::{PartyId, PurposeId};
use candor_record::term::{Basis, Channel, Kind, RetentionStart};

use crate::category::Category;
use crate::mechanism::Transfer;
use crate::period::Period;
use crate::place::Country;
use crate::text::Text;

mod read;

pub(crate) use read::{PurposeDraft, read_ids};

/// One purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Purpose {
    /// Its id.
    pub id: PurposeId,
    /// Why it is lawful, with what that ground demands.
    pub ground: Ground,
    /// What it is, in DPV's words.
    pub category: Category,
    /// How the person is reached.
    pub channel: Channel,
    /// What the visitor reads; the label of the checkbox where there is one.
    pub statement: Text,
    /// More words under the statement.
    pub details: Option<Text>,
    /// What is done with the data: DPV terms.
    pub operations: Vec<String>,
    /// Who gets it; at least one of them is a controller.
    pub recipients: Vec<PartyId>,
    /// How it leaves the European Economic Area.
    pub transfers: Vec<Transfer>,
    /// Where and how long it is kept.
    pub storage: Storage,
    /// The promise how often the person is contacted at most.
    pub frequency: Option<Period>,
}

/// Why a purpose is lawful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ground {
    /// The person says yes, by one unticked checkbox (or by the button, where there is nothing else).
    Consent(Consent),
    /// The controller has an interest, and the person may object by an unticked checkbox.
    Interest(Interest),
    /// What the person asked for, or the law demands: nothing to choose.
    Service(Service),
}

/// A consent, ordinary or explicit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Ordinary or explicit.
    pub strength: ConsentStrength,
    /// Never mandatory.
    pub kind: VoluntaryKind,
    /// How long it holds before the person is asked again.
    pub validity: Period,
}

/// "Explicit" is a term of GDPR Art. 9, 22 and 49.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentStrength {
    /// Unambiguous, Art. 6(1)(a).
    Ordinary,
    /// Explicit, Art. 9(2)(a), 22(2)(c) and 49(1)(a).
    Explicit,
}

/// What a purpose can be that nobody has to accept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoluntaryKind {
    /// It informs.
    Informational,
    /// It promotes.
    Promotional,
}

/// A legitimate interest, or the soft opt-in of the ePrivacy directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Which of the two.
    pub basis: InterestBasis,
    /// What it serves, and the words of the box to object.
    pub reach: Reach,
    /// The interest in words (GDPR Art. 13(1)(d)).
    pub interest: Text,
    /// Reference of the balancing test.
    pub assessment: Option<String>,
}

/// The two grounds that an objection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InterestBasis {
    /// GDPR Art. 6(1)(f).
    LegitimateInterest,
    /// ePrivacy Art. 13(2).
    SoftOptIn,
}

/// Promotion always brings its own words to object; elsewhere the catalog has some.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Promotion: the objection is absolute (GDPR Art. 21(2)-(3)).
    Promotion {
        /// Label of the box.
        objection: Text,
    },
    /// Anything else.
    Other {
        /// What the purpose is.
        kind: Kind,
        /// Label of the box, where the owner wrote one.
        objection: Option<Text>,
    },
}

/// A purpose without a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Which ground.
    pub basis: ServiceBasis,
    /// What the purpose is.
    pub kind: Kind,
}

/// The grounds that leave nothing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceBasis {
    /// Steps before a contract, GDPR Art. 6(1)(b).
    PreContract,
    /// A contract, GDPR Art. 6(1)(b).
    Contract,
    /// A duty by law, GDPR Art. 6(1)(c).
    LegalObligation,
}

/// Where and how long data is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// Countries.
    pub locations: Vec<Country>,
    /// The longest it can be; not shorter than the validity of a consent.
    pub retention: Period,
    /// From when it counts.
    pub from: RetentionStart,
}

/// A purpose that a gate may serve: one that is not a choice of the visitor.
///
/// A consent has no such value, so an ebook can never be its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatePurpose(PurposeId);

impl GatePurpose {
    /// The purpose as a gate's, unless it is a consent.
    pub fn of(purpose: &Purpose) -> Option<Self> {
        match purpose.ground {
            Ground::Consent(_) => None,
            Ground::Interest(_) | Ground::Service(_) => Some(GatePurpose(purpose.id.clone())),
        }
    }

    /// The purpose.
    pub fn id(&self) -> &PurposeId {
        &self.0
    }
}

impl Purpose {
    /// The basis as records spell it.
    pub fn basis(&self) -> Basis {
        match &self.ground {
            Ground::Consent(Consent {
                strength: ConsentStrength::Ordinary,
                ..
            }) => Basis::Consent,
            Ground::Consent(Consent {
                strength: ConsentStrength::Explicit,
                ..
            }) => Basis::ExplicitConsent,
            Ground::Interest(Interest {
                basis: InterestBasis::LegitimateInterest,
                ..
            }) => Basis::LegitimateInterest,
            Ground::Interest(Interest {
                basis: InterestBasis::SoftOptIn,
                ..
            }) => Basis::SoftOptIn,
            Ground::Service(Service {
                basis: ServiceBasis::PreContract,
                ..
            }) => Basis::PreContract,
            Ground::Service(Service {
                basis: ServiceBasis::Contract,
                ..
            }) => Basis::Contract,
            Ground::Service(Service {
                basis: ServiceBasis::LegalObligation,
                ..
            }) => Basis::LegalObligation,
        }
    }

    /// Mandatory, informational or promotional.
    pub fn kind(&self) -> Kind {
        match &self.ground {
            Ground::Consent(Consent {
                kind: VoluntaryKind::Informational,
                ..
            }) => Kind::Informational,
            Ground::Consent(Consent {
                kind: VoluntaryKind::Promotional,
                ..
            }) => Kind::Promotional,
            Ground::Interest(Interest {
                reach: Reach::Promotion { .. },
                ..
            }) => Kind::Promotional,
            Ground::Interest(Interest {
                reach: Reach::Other { kind, .. },
                ..
            }) => *kind,
            Ground::Service(Service { kind, .. }) => *kind,
        }
    }

    /// How long a consent holds.
    pub fn validity(&self) -> Option<&Period> {
        match &self.ground {
            Ground::Consent(consent) => Some(&consent.validity),
            Ground::Interest(_) | Ground::Service(_) => None,
        }
    }

    /// The interest in words.
    pub fn interest(&self) -> Option<&Text> {
        match &self.ground {
            Ground::Interest(interest) => Some(&interest.interest),
            Ground::Consent(_) | Ground::Service(_) => None,
        }
    }

    /// The owner's words of the box to object.
    pub fn objection(&self) -> Option<&Text> {
        let Ground::Interest(interest) = &self.ground else {
            return None;
        };
        match &interest.reach {
            Reach::Promotion { objection } => Some(objection),
            Reach::Other { objection, .. } => objection.as_ref(),
        }
    }

    /// Whether data is passed on to others for their own ends.
    pub fn shares(&self) -> bool {
        self.operations.iter().any(|operation| operation == "Share")
    }

    /// Whether the visitor says yes to it.
    pub fn is_consent(&self) -> bool {
        matches!(self.ground, Ground::Consent(_))
    }
}
