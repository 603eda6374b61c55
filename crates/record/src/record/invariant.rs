//! What must hold between the members of a record: §4 *Invariants*, and the sentences of §3 and §5 like them.
//!
//! One function per group, called in the order of the specification; the first that fails names itself. Whether the
//! record says what the definition says is another question: [`crate::expected`].

use std::{collections::HashSet, fmt, hash::Hash};

use super::{
    Capture, FollowUp, Form, Party, Process, Record, ShownText, Subject, Submission,
    part::{self, CONFORMS_TO, FORMAT, SD_ALGORITHM},
};
use crate::{
    digest::Sha256Digest,
    id::PartyId,
    term::{Actor, Basis, Control, EventKind, Method, PartyRole, Status, dpv},
};

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

type Checked = Result<(), InvariantError>;

pub(super) fn check(record: &Record) -> Checked {
    match record {
        Record::Submission(submission) => check_submission(submission),
        Record::FollowUp(follow_up) => check_follow_up(follow_up),
    }
}

fn check_submission(record: &Submission) -> Checked {
    check_constants(&record.format, &record.conforms_to, &record.sd_alg)?;
    ensure(
        record.event == EventKind::Submission && record.chain.as_str() == record.id.as_str(),
        InvariantError::Chain,
    )?;
    // Only the person can send a form; records from elsewhere are taken over by the controller.
    let taken_over = record.capture.method == Method::Import;
    ensure(record.actor == Actor::Subject || taken_over, InvariantError::Actor)?;
    check_common(&record.language, &record.form, &record.subject, &record.capture)?;
    let profile = format!(
        "{}-{}",
        record.jurisdiction.country.to_ascii_lowercase(),
        record.audience
    );
    ensure(
        part::is_country(&record.jurisdiction.country),
        InvariantError::Text("jurisdiction.country"),
    )?;
    ensure(record.jurisdiction.profile == profile, InvariantError::Profile)?;
    check_parties(&record.parties)?;
    check_policy(&record.policy)?;
    check_rest(record)?;
    ensure(
        record.shown_at.is_some() == record.capture.observed,
        InvariantError::ShownAt,
    )?;
    ensure(!record.processes.is_empty(), InvariantError::NoPurpose)?;
    ensure_unique("a purpose", record.processes.iter().map(|process| &process.purpose))?;
    check_shown(&record.shown)?;
    check_references(record)?;
    record
        .processes
        .iter()
        .try_for_each(|process| check_process(record, process))
}

fn check_follow_up(record: &FollowUp) -> Checked {
    check_constants(&record.format, &record.conforms_to, &record.sd_alg)?;
    let own_id = record.id.as_str();
    let linked = record.event != EventKind::Submission && record.replaces.as_str() != own_id;
    ensure(linked && record.chain.as_str() != own_id, InvariantError::Chain)?;
    ensure(may_act(record.actor, record.event), InvariantError::Actor)?;
    check_common(&record.language, &record.form, &record.subject, &record.capture)?;
    // A later event has no `shownAt` (§3), which what is observed must have (§4).
    ensure(!record.capture.observed, InvariantError::Observed)?;
    let changes_data_only = record.event == EventKind::Rectification;
    ensure(
        changes_data_only || !record.processes.is_empty(),
        InvariantError::NoPurpose,
    )?;
    ensure_unique("a purpose", record.processes.iter().map(|change| &change.purpose))?;
    let statuses_fit = record
        .processes
        .iter()
        .all(|change| leads_to(record.event, change.status));
    ensure(statuses_fit, InvariantError::Status)?;
    let says_what_was_read = record.policy.is_some() && record.shown.is_some();
    let says_nothing = record.policy.is_none() && record.shown.is_none();
    ensure(
        if record.event.gives() {
            says_what_was_read
        } else {
            says_nothing
        },
        InvariantError::Notice,
    )?;
    record.policy.iter().try_for_each(check_policy)?;
    let Some(shown) = &record.shown else { return Ok(()) };
    check_shown(shown)?;
    for change in &record.processes {
        let statement = format!("purpose.{}", change.purpose);
        match change.status {
            Status::Given | Status::Renewed => check_informed(shown, &statement)?,
            Status::Informed if record.event == EventKind::ObjectionLifted => {
                ensure(has(shown, &statement), InvariantError::StatementNotShown)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Nobody but the person can give something, and nobody but the controller lets something expire.
fn may_act(actor: Actor, event: EventKind) -> bool {
    match event {
        EventKind::Submission | EventKind::Confirmation | EventKind::Renewal | EventKind::ObjectionLifted => {
            actor == Actor::Subject
        }
        EventKind::Expiry => actor == Actor::Controller,
        EventKind::Withdrawal | EventKind::Objection | EventKind::Rectification | EventKind::Erasure => true,
    }
}

/// Can an event leave a purpose in that status (§6)?
fn leads_to(event: EventKind, status: Status) -> bool {
    match event {
        EventKind::Submission => matches!(
            status,
            Status::Given | Status::NotGiven | Status::NotShown | Status::Informed | Status::Objected
        ),
        EventKind::Confirmation => {
            matches!(
                status,
                Status::Given | Status::NotGiven | Status::Informed | Status::Objected
            )
        }
        EventKind::Withdrawal => status == Status::Withdrawn,
        EventKind::Objection => status == Status::Objected,
        EventKind::ObjectionLifted => status == Status::Informed,
        EventKind::Renewal => status == Status::Renewed,
        EventKind::Rectification => true,
        EventKind::Expiry => status == Status::Expired,
        EventKind::Erasure => status == Status::Erased,
    }
}

fn check_constants(format: &str, conforms_to: &str, sd_alg: &str) -> Checked {
    ensure(format == FORMAT, InvariantError::Constant("format"))?;
    ensure(conforms_to == CONFORMS_TO, InvariantError::Constant("conformsTo"))?;
    ensure(sd_alg == SD_ALGORITHM, InvariantError::Constant("_sd_alg"))
}

fn check_common(language: &str, form: &Form, subject: &Subject, capture: &Capture) -> Checked {
    ensure(part::is_language(language), InvariantError::Text("language"))?;
    ensure(part::is_text(&form.service), InvariantError::Text("form.service"))?;
    let digests = subject.sd.iter().all(|digest| Sha256Digest::from_b64u(digest).is_ok());
    ensure(digests, InvariantError::SdDigest)?;
    ensure(subject.sd.is_sorted(), InvariantError::SdOrder)?;
    ensure_unique("a digest of subject._sd", &subject.sd)?;
    ensure(part::is_origin(&capture.origin), InvariantError::Text("capture.origin"))?;
    ensure(part::is_text(&capture.widget), InvariantError::Text("capture.widget"))?;
    let integrity = capture.integrity.as_deref();
    ensure(
        integrity.is_none_or(part::is_integrity),
        InvariantError::Text("capture.integrity"),
    )?;
    // Without script nothing reads the page back; what was taken over was seen by nobody here.
    let blind = matches!(capture.method, Method::Html | Method::Import);
    ensure(!(capture.observed && blind), InvariantError::Observed)
}

fn check_parties(parties: &[Party]) -> Checked {
    ensure_unique("a party", parties.iter().map(|party| &party.id))?;
    ensure(
        parties.iter().any(|party| party.role == PartyRole::Controller),
        InvariantError::NoController,
    )?;
    for party in parties {
        ensure(part::is_text(&party.name), InvariantError::Text("parties.name"))?;
        ensure(
            part::is_country(&party.country),
            InvariantError::Text("parties.country"),
        )?;
        ensure_optional(&party.address, part::is_text, "parties.address")?;
        ensure_optional(&party.email, part::is_email, "parties.email")?;
        ensure_optional(&party.phone, part::is_text, "parties.phone")?;
        ensure_optional(&party.url, part::is_url_or_path, "parties.url")?;
        ensure_optional(&party.policy, part::is_url_or_path, "parties.policy")?;
        ensure_optional(&party.sector, part::is_text, "parties.sector")?;
    }
    Ok(())
}

fn check_policy(policy: &super::Policy) -> Checked {
    ensure(part::is_url_or_path(&policy.url), InvariantError::Text("policy.url"))?;
    ensure(part::is_text(&policy.version), InvariantError::Text("policy.version"))?;
    ensure_optional(&policy.digest, part::is_text, "policy.digest")
}

fn check_rest(record: &Submission) -> Checked {
    let withdrawal = &record.withdrawal;
    ensure(
        withdrawal.url.is_some() || withdrawal.email.is_some(),
        InvariantError::NoWithdrawal,
    )?;
    ensure_optional(&withdrawal.url, part::is_url_or_path, "withdrawal.url")?;
    ensure_optional(&withdrawal.email, part::is_email, "withdrawal.email")?;
    ensure(
        record.rights.iter().all(|right| part::is_article(right)),
        InvariantError::Text("rights"),
    )?;
    let asks_consent = record.processes.iter().any(|process| process.basis.is_consent());
    let can_withdraw = record.rights.iter().any(|right| right == "A7-3");
    ensure(!asks_consent || can_withdraw, InvariantError::NoRightToWithdraw)?;
    ensure(
        part::is_text(&record.automated_decisions),
        InvariantError::Text("automatedDecisions"),
    )
}

fn check_process(record: &Submission, process: &Process) -> Checked {
    ensure(
        dpv::is_purpose(&process.category),
        InvariantError::Text("processes.category"),
    )?;
    check_indication(record, process)?;
    for data in &process.data {
        ensure(
            dpv::is_personal_data(&data.category),
            InvariantError::Text("processes.data.type"),
        )?;
    }
    ensure_unique("a field of one purpose", process.data.iter().map(|data| &data.field))?;
    let operations = process.operations.iter().all(|operation| dpv::is_operation(operation));
    ensure(operations, InvariantError::Text("processes.operations"))?;
    let known = |recipient: &PartyId| record.parties.iter().any(|party| party.id == *recipient);
    ensure(process.recipients.iter().all(known), InvariantError::UnknownRecipient)?;
    for transfer in &process.transfers {
        ensure(
            part::is_country(&transfer.country),
            InvariantError::Text("processes.transfers.country"),
        )?;
        let mechanism = part::is_transfer_mechanism(&transfer.mechanism);
        ensure(mechanism, InvariantError::Text("processes.transfers.mechanism"))?;
        ensure_optional(&transfer.copy, part::is_url_or_path, "processes.transfers.copy")?;
    }
    let located = process
        .storage
        .locations
        .iter()
        .all(|location| part::is_country(location));
    ensure(located, InvariantError::Text("processes.storage.locations"))?;
    ensure(
        process.validity.is_some() == process.basis.is_consent(),
        InvariantError::Validity,
    )?;
    ensure(
        process.interest.is_none() || process.basis.has_objection(),
        InvariantError::Interest,
    )?;
    ensure_optional(&process.interest, part::is_text, "processes.interest")
}

fn check_indication(record: &Submission, process: &Process) -> Checked {
    let Process {
        basis,
        status,
        indication,
        ..
    } = process;
    ensure(
        basis.allows(*status) && leads_to(EventKind::Submission, *status),
        InvariantError::Status,
    )?;
    ensure(
        control_fits(*basis, indication.control, record.processes.len()),
        InvariantError::Control,
    )?;
    ensure(!indication.initial, InvariantError::InitiallyTicked)?;
    ensure(
        indication.trusted.is_some() == record.capture.observed,
        InvariantError::Trusted,
    )?;
    let statement = format!("purpose.{}", process.purpose);
    match status {
        Status::Given => check_informed(&record.shown, &statement),
        Status::Informed if basis.has_objection() => {
            let both = has(&record.shown, &statement) && has(&record.shown, &format!("{statement}.objection"));
            ensure(both, InvariantError::ObjectionNotShown)
        }
        _ => Ok(()),
    }
}

/// Does the control follow from the basis (`spec/definition.md`, *Controls*)?
///
/// The button itself gives a consent only where that is the form's one purpose; an objection that is not promotional
/// needs no box.
pub(crate) fn control_fits(basis: Basis, control: Control, purposes: usize) -> bool {
    match control {
        Control::Submit => basis.is_consent() && purposes == 1,
        Control::None => !basis.is_consent(),
        control => control == basis.control(),
    }
}

/// Nobody consents uninformed.
fn check_informed(shown: &[ShownText], statement: &str) -> Checked {
    ensure(has(shown, statement), InvariantError::StatementNotShown)?;
    let missing = ["controller", "policy", "withdrawal"]
        .into_iter()
        .find(|reference| !has(shown, reference));
    missing.map_or(Ok(()), |reference| Err(InvariantError::Uninformed(reference)))
}

fn has(shown: &[ShownText], reference: &str) -> bool {
    shown.iter().any(|text| text.reference == reference)
}

/// The refs that stand for themselves, in reading order (§5); fields and purposes stand between the second and third.
const FIXED_REFS: [&str; 12] = [
    "title",
    "intro",
    "choices",
    "choices.note",
    "controller",
    "recipients",
    "retention",
    "rights",
    "complaint",
    "withdrawal",
    "policy",
    "submit",
];

fn check_shown(shown: &[ShownText]) -> Checked {
    ensure_unique("a ref of shown", shown.iter().map(|text| &text.reference))?;
    ensure(
        shown.iter().all(|text| part::is_read_back(&text.text)),
        InvariantError::NotReadBack,
    )?;
    let known = |text: &ShownText| fixed_rank(&text.reference).is_some() || variable_ref(&text.reference).is_some();
    ensure(shown.iter().all(known), InvariantError::Reference)?;
    ensure(
        shown.iter().filter_map(|text| fixed_rank(&text.reference)).is_sorted(),
        InvariantError::ReadingOrder,
    )
}

fn fixed_rank(reference: &str) -> Option<usize> {
    FIXED_REFS.iter().position(|fixed| *fixed == reference)
}

enum VariableRef<'a> {
    Field(&'a str),
    Purpose(&'a str),
}

fn variable_ref(reference: &str) -> Option<VariableRef<'_>> {
    let mut parts = reference.split('.');
    let (group, id, suffix) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() || id.is_empty() {
        return None;
    }
    match (group, suffix) {
        ("field", None | Some("hint")) => Some(VariableRef::Field(id)),
        ("purpose", None | Some("details" | "interest" | "objection")) => Some(VariableRef::Purpose(id)),
        _ => None,
    }
}

/// Every ref of a purpose or field names one of this record.
fn check_references(record: &Submission) -> Checked {
    let known = |text: &ShownText| match variable_ref(&text.reference) {
        None => true,
        Some(VariableRef::Purpose(id)) => record.processes.iter().any(|process| process.purpose.as_str() == id),
        Some(VariableRef::Field(id)) => record
            .processes
            .iter()
            .flat_map(|process| &process.data)
            .any(|data| data.field.as_str() == id),
    };
    ensure(record.shown.iter().all(known), InvariantError::Reference)
}

fn ensure(holds: bool, error: InvariantError) -> Checked {
    if holds { Ok(()) } else { Err(error) }
}

fn ensure_optional(text: &Option<String>, holds: fn(&str) -> bool, member: &'static str) -> Checked {
    ensure(text.as_deref().is_none_or(holds), InvariantError::Text(member))
}

fn ensure_unique<T: Eq + Hash>(what: &'static str, items: impl IntoIterator<Item = T>) -> Checked {
    let mut seen = HashSet::new();
    ensure(
        items.into_iter().all(|item| seen.insert(item)),
        InvariantError::Repeated(what),
    )
}
