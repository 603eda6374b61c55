//! The invariants by name.

use std::fmt;

use crate::record::FORMAT;

/// An invariant that does not hold. The member at fault is named, what stands in it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvariantError {
    /// `format`, `conformsTo` or `_sd_alg` is another.
    Constant(&'static str),
    /// A text is empty, or no address, country, language, article or term where it should be one.
    Text(&'static str),
    /// An id, a ref, a digest or a field stands twice.
    Repeated(&'static str),
    /// `_sd` holds something that is no digest.
    SdDigest,
    /// `_sd` is not sorted.
    SdOrder,
    /// A first record whose chain is not its own id, or a later one whose chain or predecessor is itself.
    Chain,
    /// The profile is not made of country and audience.
    Profile,
    /// There is no controller among the parties.
    NoController,
    /// Neither address nor page for withdrawal.
    NoWithdrawal,
    /// A basis is consent, and the rights do not hold `A7-3`.
    NoRightToWithdraw,
    /// There is no purpose.
    NoPurpose,
    /// A recipient is not among the parties.
    UnknownRecipient,
    /// A status that the basis or the event does not allow.
    Status,
    /// A control that the basis does not allow.
    Control,
    /// A control that started ticked.
    InitiallyTicked,
    /// `trusted` stands where nothing was observed, or is missing where something was.
    Trusted,
    /// `shownAt` stands where nothing was observed, or is missing where something was.
    ShownAt,
    /// Something is said to be observed that had no page to observe it.
    Observed,
    /// A consent without validity, or a validity without consent.
    Validity,
    /// An interest without a basis that rests on one.
    Interest,
    /// A ref that §5 does not have, or that names no purpose or field of this record.
    Reference,
    /// Fixed refs not in reading order.
    ReadingOrder,
    /// A text that is not as it is read back: NFC, trimmed, single spaces.
    NotReadBack,
    /// Given without its statement on the screen.
    StatementNotShown,
    /// Given without controller, policy or withdrawal on the screen.
    Uninformed(&'static str),
    /// Informed without statement and objection on the screen.
    ObjectionNotShown,
    /// An actor who cannot do that.
    Actor,
    /// `policy` and `shown` are missing where something is given, or stand where nothing is.
    Notice,
}

impl fmt::Display for InvariantError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        use InvariantError::*;
        formatter.write_str(match self {
            Constant(member) => return write!(formatter, "{member} is not the one of {FORMAT}"),
            Text(member) => return write!(formatter, "{member} is not what it should be"),
            Repeated(what) => return write!(formatter, "{what} stands twice"),
            Uninformed(reference) => return write!(formatter, "a consent is given, but {reference} was not shown"),
            SdDigest => "subject._sd holds something that is no digest",
            SdOrder => "subject._sd is not sorted",
            Chain => "id, chain and replaces do not fit the event",
            Profile => "jurisdiction.profile is not made of country and audience",
            NoController => "no controller among the parties",
            NoWithdrawal => "neither address nor page for withdrawal",
            NoRightToWithdraw => "a basis is consent, and rights lacks A7-3",
            NoPurpose => "there is no purpose",
            UnknownRecipient => "a recipient is not among the parties",
            Status => "a status that basis or event does not allow",
            Control => "a control that the basis does not allow",
            InitiallyTicked => "a control started ticked",
            Trusted => "indication.trusted is not present exactly where observed",
            ShownAt => "shownAt is not present exactly where observed",
            Observed => "observed, but by a method that observes nothing",
            Validity => "validity is not present exactly for consent",
            Interest => "interest stands for a basis that rests on none",
            Reference => "shown holds a ref that has no meaning in this record",
            ReadingOrder => "shown is not in reading order",
            NotReadBack => "shown holds a text that is not normalised",
            StatementNotShown => "a consent is given, but its statement was not shown",
            ObjectionNotShown => "informed, but statement and objection were not both shown",
            Actor => "an actor who cannot do that",
            Notice => "policy and shown are not present exactly where something is given",
        })
    }
}

impl std::error::Error for InvariantError {}
