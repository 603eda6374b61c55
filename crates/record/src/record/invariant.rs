//! What must hold between the members of a record: §4 *Invariants*, and the sentences of §3 and §5 like them.
//!
//! One function per group, called in the order of the specification; the first that fails names itself. Whether the
//! record says what the definition says is another question: [`crate::expected`].

use std::{collections::HashSet, hash::Hash};

use super::{
    Capture, FollowUp, Form, Party, Process, Record, Subject, Submission,
    part::{self, CONFORMS_TO, FORMAT, SD_ALGORITHM},
};
use crate::{
    digest::Sha256Digest,
    id::PartyId,
    term::{Actor, Basis, Control, EventKind, Method, PartyRole, Status, dpv},
};

mod error;
mod shown;

pub use error::InvariantError;

use shown::{check_informed, check_references, check_shown, has};

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
