//! Why a contact is allowed or is not: a stable word for programs, a sentence for people.

/// The reason of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    Given,
    Renewed,
    /// The two bases that an objection ends.
    Informed,
    Unknown,
    NotShown,
    NotGiven,
    Pending,
    Held,
    Objected,
    Withdrawn,
    Expired,
    Paused,
    /// The validity has ended, and the definition says `keep`.
    Lapsed,
    Erased,
    Suppressed,
    /// The person asked for the data to be kept and nothing else (Art. 18 GDPR).
    Restricted,
    /// The basis is no permission to contact.
    Service,
    Retention,
    Channel,
    Number,
    /// Somebody else who has that number refused.
    Shared,
    Refusal,
    Attempts,
    Frequency,
    Hours,
}

impl Reason {
    pub const ALL: [Self; 25] = [
        Self::Given,
        Self::Renewed,
        Self::Informed,
        Self::Unknown,
        Self::NotShown,
        Self::NotGiven,
        Self::Pending,
        Self::Held,
        Self::Objected,
        Self::Withdrawn,
        Self::Expired,
        Self::Paused,
        Self::Lapsed,
        Self::Erased,
        Self::Suppressed,
        Self::Restricted,
        Self::Service,
        Self::Retention,
        Self::Channel,
        Self::Number,
        Self::Shared,
        Self::Refusal,
        Self::Attempts,
        Self::Frequency,
        Self::Hours,
    ];

    /// Whether the contact is permitted, only not yet.
    pub fn defers(self) -> bool {
        matches!(self, Self::Refusal | Self::Attempts | Self::Frequency | Self::Hours)
    }

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Renewed => "renewed",
            Self::Informed => "informed",
            Self::Unknown => "unknown",
            Self::NotShown => "not-shown",
            Self::NotGiven => "not-given",
            Self::Pending => "pending",
            Self::Held => "held",
            Self::Objected => "objected",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Paused => "paused",
            Self::Lapsed => "lapsed",
            Self::Erased => "erased",
            Self::Suppressed => "suppressed",
            Self::Restricted => "restricted",
            Self::Service => "service",
            Self::Retention => "retention",
            Self::Channel => "channel",
            Self::Number => "number",
            Self::Shared => "shared",
            Self::Refusal => "refusal",
            Self::Attempts => "attempts",
            Self::Frequency => "frequency",
            Self::Hours => "hours",
        }
    }

    /// The sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Given => "The person gave this consent, and it holds.",
            Self::Renewed => "The person renewed this consent, and it holds.",
            Self::Informed => "The person was told, and did not object.",
            Self::Unknown => "Nothing is on record of this address for this purpose.",
            Self::NotShown => "The person was never shown this purpose.",
            Self::NotGiven => "The person did not give this consent.",
            Self::Pending => "The person has not confirmed yet that the mailbox is theirs.",
            Self::Held => "The person has not confirmed yet in the published words.",
            Self::Objected => "The person objected to this purpose, or to this kind of message on this channel.",
            Self::Withdrawn => "The person withdrew this consent.",
            Self::Expired => "The consent has expired and was not renewed.",
            Self::Paused => "The consent has ended; nobody is contacted until the person renews it.",
            Self::Lapsed => "The consent is kept, but its validity has ended: the person must renew it first.",
            Self::Erased => "The data was erased.",
            Self::Suppressed => "The person asked to be forgotten on this channel, and has not signed up again.",
            Self::Restricted => "The processing is restricted: the data is kept, and nothing else is done with it.",
            Self::Service => "This purpose is the service that the person asked for; it permits no other contact.",
            Self::Retention => "The time for which the data may be kept is over.",
            Self::Channel => "This purpose uses another channel.",
            Self::Number => "The person did not give this number for this purpose.",
            Self::Shared => "Somebody else who gave this number refused this kind of call.",
            Self::Refusal => "The person refused calls a short time ago.",
            Self::Attempts => "The person was called as often as the law allows in this time.",
            Self::Frequency => "The promised frequency would be exceeded.",
            Self::Hours => "Calls are not allowed at this hour or on this day.",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_reason_is_documented_and_says_something_of_its_own() {
        let document = include_str!("../../../../docs/permissions.md");
        let sentences: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.sentence()).collect();
        assert_eq!(sentences.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            let word = format!("`{}`", reason.as_str());
            assert!(document.contains(&word), "docs/permissions.md lacks {word}");
            assert!(reason.sentence().ends_with('.'), "{reason:?}");
        }
    }
}
