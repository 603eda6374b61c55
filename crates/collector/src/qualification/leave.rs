//! Whether somebody may be weighed now, and what is then known of them.
//! Refuses whoever does not allow the profiling purpose, fields that do not serve it, and whatever a stranger could have
//! brought: anybody can type an address into a form.

use candor_record::{id::PurposeId, state::Standing, term::Status};
use jiff::Timestamp;

use super::{
    rules::{About, EventKind, Rules},
    score::Facts,
};
use crate::{
    app::App,
    http::error::ApiError,
    ingest::values::disclosed,
    mailbox::Mailbox,
    permission::{Asked, Reason, of_person},
    person::{Person, PersonSubmission},
    store::contacts::ContactKind,
};

/// Whether somebody may be weighed now.
#[derive(Debug)]
pub(super) enum Leave<'p> {
    Given(Given<'p>),
    /// Everything rests (Art. 18): nothing is weighed, and nothing that was found goes.
    Restricted,
    None,
}

/// By what somebody may be weighed.
#[derive(Debug)]
pub(super) struct Given<'p> {
    pub(super) person: &'p Person,
    /// The submission in effect for the purpose.
    pub(super) lead: &'p PersonSubmission,
    /// When that took effect.
    since: Timestamp,
    /// Until when, if nothing else happens.
    pub(super) until: Option<Timestamp>,
}

/// Leave is given where the permission logic allows the purpose, and the very words that the person read said that they would be
/// profiled, and left them a choice.
pub(super) async fn leave<'p>(
    app: &App,
    person: &'p Person,
    purpose: &PurposeId,
    at: Timestamp,
) -> Result<Leave<'p>, ApiError> {
    let Some((lead, standing)) = person.in_effect(purpose) else {
        return Ok(Leave::None);
    };
    if !profiles(lead, purpose) || !leaves_a_choice(standing) {
        return Ok(Leave::None);
    }
    let asked = Asked {
        purpose,
        channel: standing.channel,
        at,
        frequency: false,
    };
    let answer = of_person(app, person, &asked, None, false).await?;
    Ok(match answer.reason {
        _ if answer.allowed => Leave::Given(Given {
            person,
            lead,
            since: standing.since.as_jiff(),
            until: answer.until,
        }),
        Reason::Restricted => Leave::Restricted,
        _ => Leave::None,
    })
}

fn profiles(lead: &PersonSubmission, purpose: &PurposeId) -> bool {
    let process = lead.form.process(purpose.as_str());
    let operations = process.and_then(|process| process["operations"].as_array());
    operations.is_some_and(|terms| terms.iter().any(|term| term == "Profiling"))
}

fn leaves_a_choice(standing: &Standing) -> bool {
    standing.basis.is_consent() || standing.basis.has_objection()
}

/// Kinds of fields that rules never look at, whatever form they come from: what `overreach.rs` refuses of the forms in force.
const NEVER: [&str; 6] = ["name", "given-name", "family-name", "text", "long-text", "age"];

/// What the rules may know of somebody who gave leave.
pub(super) async fn facts(app: &App, given: &Given<'_>, rules: &Rules) -> Result<Facts, ApiError> {
    let Given { person, lead, .. } = given;
    let purpose = &rules.purpose;
    let mut facts = Facts::default();
    for (id, value) in disclosed(&lead.values.disclosures) {
        let field = lead.form.fields.iter().find(|field| field.id == id);
        let Some(field) = field.filter(|field| field.serves(purpose.as_str()) && !NEVER.contains(&field.kind.as_str()))
        else {
            continue;
        };
        if field.kind == "email"
            && let Ok(mailbox) = Mailbox::parse(&value)
        {
            facts.mailboxes.insert(id.clone(), mailbox.as_str().to_owned());
        }
        facts.values.insert(id, value);
    }
    if rules.rules.iter().any(|rule| matches!(rule.about, About::Event { .. })) {
        for contact in app.store.contacts_of(person.row.id, given.since).await? {
            let kind = match contact.kind {
                ContactKind::Click => EventKind::Click,
                ContactKind::Reply => EventKind::Reply,
                ContactKind::CallReceived => EventKind::CallReceived,
                ContactKind::Sent | ContactKind::Call => continue,
            };
            facts.events.push((kind, contact.at));
        }
        let sent = person.submissions.iter().filter(|sent| is_theirs(given, sent, purpose));
        facts
            .events
            .extend(sent.map(|sent| (EventKind::Submission, sent.collected())));
    }
    Ok(facts)
}

/// Whether a submission allowed the purpose, not before the one in effect, and is the person's own: it took effect, or was
/// confirmed from the mailbox.
fn is_theirs(given: &Given<'_>, sent: &PersonSubmission, purpose: &PurposeId) -> bool {
    let Given { person, lead, .. } = given;
    let Some(first) = person.first(sent.stored.record.id) else {
        return false;
    };
    let allows = first
        .processes
        .iter()
        .any(|process| process.purpose == *purpose && matches!(process.status, Status::Given | Status::Informed));
    allows
        && sent.collected() >= lead.collected()
        && (person.is_proved(sent) || person.state.in_effect(&first.chain, purpose))
}
