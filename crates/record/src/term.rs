//! The closed vocabularies of a record: plain enums that spell themselves.
//!
//! No table, no formatting, no allocation: the widget links them without weight. An unknown spelling is an error
//! everywhere ("enumerations are closed", `spec/record.md` §4). Go on with [`crate::record`].

use std::fmt;

pub mod dpv;

/// A spelling that a closed vocabulary does not have. It keeps the name of the vocabulary, not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownTerm(&'static str);

impl fmt::Display for UnknownTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not one of the {} of candor-record/1", self.0)
    }
}

impl std::error::Error for UnknownTerm {}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident, $plural:literal { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every term, in the order of the specification.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The spelling in a record.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text,)+ }
            }

            /// The term with that spelling.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownTerm;
            fn from_str(text: &str) -> Result<$name, UnknownTerm> {
                $name::parse(text).ok_or(UnknownTerm($plural))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

vocabulary! {
    /// What happened (`event`, §3).
    EventKind, "events" {
        /// The form was sent: the first record of a chain.
        Submission = "submission",
        /// The person pressed the button behind the mailed link.
        Confirmation = "confirmation",
        /// A consent was taken back.
        Withdrawal = "withdrawal",
        /// The person objected.
        Objection = "objection",
        /// The person lifted an objection.
        ObjectionLifted = "objection-lifted",
        /// A consent was given anew before or after its validity ended.
        Renewal = "renewal",
        /// Data were corrected.
        Rectification = "rectification",
        /// A validity ended.
        Expiry = "expiry",
        /// Lead and disclosures were deleted.
        Erasure = "erasure",
    }
}

impl EventKind {
    /// Gives the event something, so that it must say what was read (`policy` and `shown`, §3)?
    pub const fn gives(self) -> bool {
        matches!(
            self,
            EventKind::Confirmation | EventKind::Renewal | EventKind::ObjectionLifted
        )
    }
}

vocabulary! {
    /// Who acted (`actor`, §3).
    Actor, "actors" {
        /// The person.
        Subject = "subject",
        /// The controller.
        Controller = "controller",
    }
}

vocabulary! {
    /// Whom the form addresses (`audience`, §3).
    Audience, "audiences" {
        /// Consumers.
        B2c = "b2c",
        /// People in their work.
        B2b = "b2b",
    }
}

vocabulary! {
    /// The part a party plays (`parties[].role`, §3).
    PartyRole, "party roles" {
        /// Decides why and how.
        Controller = "controller",
        /// Decides together with another (Art. 26).
        JointController = "joint-controller",
        /// Works on instruction (Art. 28).
        Processor = "processor",
        /// Receives data for its own ends.
        Recipient = "recipient",
        /// Represents a controller outside the EU (Art. 27).
        Representative = "representative",
        /// Data protection officer (Art. 37).
        Dpo = "dpo",
        /// Supervisory authority (Art. 77).
        Authority = "authority",
    }
}

vocabulary! {
    /// Why a purpose is lawful (`basis`, §4).
    Basis, "bases" {
        /// Art. 6(1)(a).
        Consent = "consent",
        /// Art. 9(2)(a), 22, 49.
        ExplicitConsent = "explicit-consent",
        /// Art. 13(2) of the ePrivacy directive.
        SoftOptIn = "soft-opt-in",
        /// Art. 6(1)(f).
        LegitimateInterest = "legitimate-interest",
        /// Art. 6(1)(b), steps before a contract.
        PreContract = "pre-contract",
        /// Art. 6(1)(b).
        Contract = "contract",
        /// Art. 6(1)(c).
        LegalObligation = "legal-obligation",
    }
}

impl Basis {
    /// Does the person say yes or nothing?
    pub const fn is_consent(self) -> bool {
        matches!(self, Basis::Consent | Basis::ExplicitConsent)
    }

    /// Does the person have a right to object (the two objection bases of §4)?
    pub const fn has_objection(self) -> bool {
        matches!(self, Basis::SoftOptIn | Basis::LegitimateInterest)
    }

    /// The control that follows from the basis (`spec/definition.md`). A form whose only purpose is one consent may
    /// use [`Control::Submit`] instead, and an objection that is not promotional may have no box.
    pub const fn control(self) -> Control {
        match self {
            Basis::Consent | Basis::ExplicitConsent => Control::Checkbox,
            Basis::SoftOptIn | Basis::LegitimateInterest => Control::ObjectionCheckbox,
            Basis::PreContract | Basis::Contract | Basis::LegalObligation => Control::None,
        }
    }

    /// Can a purpose of this basis ever have that status (§4)?
    pub const fn allows(self, status: Status) -> bool {
        match status {
            Status::NotShown | Status::Erased => true,
            Status::Given | Status::NotGiven | Status::Withdrawn | Status::Renewed | Status::Expired => {
                self.is_consent()
            }
            Status::Informed => !self.is_consent(),
            Status::Objected => self.has_objection(),
        }
    }
}

vocabulary! {
    /// What the person did about a purpose, or what became of it (`status`, §4).
    Status, "statuses" {
        /// Said yes.
        Given = "given",
        /// Did not say yes, which is not a no.
        NotGiven = "not-given",
        /// Never saw it.
        NotShown = "not-shown",
        /// Took the consent back.
        Withdrawn = "withdrawn",
        /// Said yes anew.
        Renewed = "renewed",
        /// The validity ended.
        Expired = "expired",
        /// Was told.
        Informed = "informed",
        /// Said no.
        Objected = "objected",
        /// Lead and disclosures are gone.
        Erased = "erased",
    }
}

impl Status {
    /// May data be disclosed for a purpose with this status (§2, step 10)?
    pub const fn permits_data(self) -> bool {
        !matches!(self, Status::NotGiven | Status::Objected | Status::NotShown)
    }
}

vocabulary! {
    /// How the person is reached (`channel`, §4).
    Channel, "channels" {
        /// E-mail.
        Email = "email",
        /// A call.
        Phone = "phone",
        /// A text message.
        Sms = "sms",
        /// A letter.
        Post = "post",
        /// A messaging service.
        Messaging = "messaging",
        /// Not at all.
        None = "none",
    }
}

vocabulary! {
    /// What a purpose is to the person (`kind`, §4).
    Kind, "kinds" {
        /// Needed for what they ask for.
        Mandatory = "mandatory",
        /// Tells them something.
        Informational = "informational",
        /// Advertises.
        Promotional = "promotional",
    }
}

vocabulary! {
    /// How the person indicated the choice (`indication.control`, §4).
    Control, "controls" {
        /// An unticked box that gives a consent.
        Checkbox = "checkbox",
        /// An unticked box that objects.
        ObjectionCheckbox = "objection-checkbox",
        /// The button itself, in a form of one consent.
        Submit = "submit",
        /// Nothing to choose.
        None = "none",
    }
}

vocabulary! {
    /// How the record came about (`capture.method`, §3).
    Method, "capture methods" {
        /// The widget, in the person's browser.
        Widget = "widget",
        /// The plain form without script.
        Html = "html",
        /// The pages behind mailed links.
        Manage = "manage",
        /// A program.
        Api = "api",
        /// Taken over from elsewhere.
        Import = "import",
    }
}

vocabulary! {
    /// When a retention begins (`storage.from`, §4).
    RetentionStart, "retention starts" {
        /// When the data were collected.
        Collection = "collection",
        /// When the person was last in contact.
        LastContact = "last-contact",
        /// When the consent was withdrawn.
        Withdrawal = "withdrawal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_round_trip_and_are_closed() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(*status));
        }
        for text in ["pending", "held", "Given", "given ", ""] {
            assert_eq!(Status::parse(text), None, "{text}");
        }
        assert_eq!(
            "fax".parse::<Channel>().map_err(|error| error.to_string()),
            Err("not one of the channels of candor-record/1".to_owned())
        );
    }

    #[test]
    fn statuses_follow_the_basis() {
        let rows = [
            (
                Basis::Consent,
                "given not-given not-shown withdrawn renewed expired erased",
            ),
            (
                Basis::ExplicitConsent,
                "given not-given not-shown withdrawn renewed expired erased",
            ),
            (Basis::SoftOptIn, "not-shown informed objected erased"),
            (Basis::LegitimateInterest, "not-shown informed objected erased"),
            (Basis::PreContract, "not-shown informed erased"),
            (Basis::Contract, "not-shown informed erased"),
            (Basis::LegalObligation, "not-shown informed erased"),
        ];
        for (basis, expected) in rows {
            let allowed: Vec<_> = Status::ALL
                .iter()
                .filter(|s| basis.allows(**s))
                .map(|s| s.as_str())
                .collect();
            assert_eq!(allowed.join(" "), expected, "{basis}");
        }
    }
}
