//! What a judged line does: the suppression list is asked, the record is made, sealed and verified like any other that is
//! made here, and stored in one transaction under an id that the same act always has.
//! Refuses an address that must not be taken up again, channel by channel, and an act of which the data were erased. No
//! letter leaves unless it was ordered, and then only to ask for the confirmation of a consent.

use std::collections::BTreeSet;

use candor_record::{
    state::{Event, PersonState},
    term::Channel,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    judge::Judged,
    plan::Plan,
    report::{Code, Line, Note, Outcome},
};
use crate::{
    app::App,
    http::error::ApiError,
    index::{AddressKey, AddressKind},
    ingest::{OnceOnly, assemble, insert, made::Draft, record_time, values::e164},
    links::LinkKind,
    mailbox::Mailbox,
    person::{Person, chain_uuid},
    store::{
        Inserted, MailKind, NewLead, NewLetter,
        imports::{Imported, NewImported},
    },
};

/// The same for every line.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    pub import: Uuid,
    pub dry_run: bool,
    pub ask: bool,
}

/// A UUID of version 4 from a keyed hash: as good as random to everybody without the key, and the same for the same act.
pub fn id_of(keyed_hash: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&keyed_hash[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// Takes a line over, and says what became of it.
pub async fn take(
    app: &App,
    plan: &Plan,
    settings: Settings,
    mut judged: Judged,
    now: Timestamp,
) -> Result<Line, ApiError> {
    let form = plan.form.row.form.as_str();
    let fingerprint = |name, parts: &[String]| {
        let parts = [name, form].into_iter().chain(parts.iter().map(String::as_str));
        id_of(&app.index.fingerprint(parts))
    };
    let id = fingerprint("imported", &judged.identity);
    let act = fingerprint("act", &judged.act);
    if let Some(line) = earlier(app, settings, &judged, (id, act), now).await? {
        return Ok(line);
    }
    let suppressed = suppressed(app, plan, &judged).await?;
    if !suppressed.is_empty() {
        judged.drop_purposes(
            &suppressed,
            Code::Suppressed,
            "this address must not be taken up again on that channel",
        );
        if let Err(line) = judged.complete(plan) {
            return Ok(*line);
        }
    }
    let values = judged.values(plan);
    let made = Draft {
        form: &plan.form,
        method: "import",
        id: Some(id),
        given_by: judged.given_by,
        origin: plan.origin.as_deref().unwrap_or_else(|| app.own_origin()),
        gpc: false,
        statuses: &judged.statuses,
        shown: judged.shown(plan),
        values: &values,
    }
    .make(app)?;
    let assembled = assemble(
        app,
        &plan.form,
        &made.verified,
        made.receipt,
        made.disclosures,
        OnceOnly::default(),
    )?;
    let (mut new, values) = assembled;
    // The person asked for nothing just now: nothing is sent, and nothing waits to be fetched.
    new.mail = None;
    new.links.retain(|link| link.kind != LinkKind::Download);
    // As it was before this: whoever is new has nothing on record.
    let known = match &new.lead.mailbox_key {
        Some(key) => app.store.person_by_mailbox(key).await?.map(|row| row.id),
        None => None,
    };
    if !settings.dry_run {
        let imported = Imported {
            import: settings.import,
            acted: judged.acted,
        };
        let imported = NewImported { imported, act };
        match insert(app, &mut new, &values, Some(imported)).await? {
            Inserted::New => {}
            Inserted::Same(_) => return unchanged(app, settings, &judged, id, now).await,
            Inserted::Other | Inserted::Spent => return Ok(gone(judged)),
        }
        ask(app, settings, &judged, id, now).await?;
    }
    let mut waits = held_back(&new.lead);
    if !new.lead.pending
        && let Some(person) = known
        && let Some(person) = Person::open(app, person).await?
    {
        let state = match settings.dry_run {
            false => person.state.clone(),
            // As it would be.
            true => person.state_after(Event {
                record: made.verified.record(),
                received: record_time(now),
                index: u64::MAX,
                double_opt_in: plan.form.double_opt_in(),
                held: &[],
                acted: Some(record_time(judged.acted)),
            }),
        };
        waits.extend(on_record(&state, id, &new.lead.held));
    }
    let outcome = if waits.is_empty() {
        Outcome::Taken
    } else {
        Outcome::Held
    };
    judged.notes.extend(waits);
    Ok(Line {
        line: judged.line,
        outcome,
        record: (!settings.dry_run).then_some(id),
        notes: judged.notes,
    })
}

/// What waits for the person by itself: words that are not all proved, or the confirmation that the form asks for.
fn held_back(lead: &NewLead) -> Vec<Note> {
    if lead.pending && lead.held.is_empty() {
        let detail = "the form asks for a confirmation from the mailbox, which an import is not";
        return vec![Note::new(Code::Confirmation, detail)];
    }
    let detail = "not all of its words are proved: the person confirms it in the published ones";
    let held: BTreeSet<&String> = lead.held.iter().collect();
    held.into_iter()
        .map(|purpose| Note::of(purpose, Code::Words, detail))
        .collect()
}

/// What waits because of what the mailbox has on record.
fn on_record(state: &PersonState, id: Uuid, held: &[String]) -> Vec<Note> {
    let detail = "something is on record of this mailbox already: only the person changes it";
    let waiting = state.waiting().filter(|waiting| chain_uuid(&waiting.chain) == Some(id));
    let waiting = waiting.map(|waiting| waiting.purpose.as_str());
    waiting
        .filter(|purpose| !held.iter().any(|held| held == purpose))
        .map(|purpose| Note::of(purpose, Code::OnRecord, detail))
        .collect()
}

/// The line of an act that is on record, or was.
async fn earlier(
    app: &App,
    settings: Settings,
    judged: &Judged,
    (id, act): (Uuid, Uuid),
    now: Timestamp,
) -> Result<Option<Line>, ApiError> {
    if app.store.submission(id).await?.is_some() {
        return unchanged(app, settings, judged, id, now).await.map(Some);
    }
    let Some(record) = app.store.imported_act(act).await? else {
        return Ok(None);
    };
    let is_erased = app.store.submission(record).await?.is_none();
    Ok(is_erased.then(|| gone(judged.clone())))
}

async fn unchanged(app: &App, settings: Settings, judged: &Judged, id: Uuid, now: Timestamp) -> Result<Line, ApiError> {
    if !settings.dry_run {
        ask(app, settings, judged, id, now).await?;
    }
    Ok(Line {
        line: judged.line,
        outcome: Outcome::Unchanged,
        record: Some(id),
        notes: vec![Note::new(Code::Before, "the same act was taken over before")],
    })
}

fn gone(judged: Judged) -> Line {
    let detail = "it was taken over before, and its data were erased since";
    Line::refused(judged.line, vec![Note::new(Code::Erased, detail)])
}

/// Purposes whose channel reaches an address that must not be taken up again.
async fn suppressed(app: &App, plan: &Plan, judged: &Judged) -> Result<BTreeSet<String>, ApiError> {
    let values = judged.values(plan);
    let of_kind = |kind: &'static str| {
        let fields = plan.form.fields.iter().filter(move |field| field.kind == kind);
        fields.filter_map(|field| {
            values
                .iter()
                .find(|(id, _)| *id == field.id)
                .map(|(_, value)| value.as_str())
        })
    };
    let mut keys: Vec<(AddressKey, AddressKind)> = Vec::new();
    keys.extend(
        of_kind("email").filter_map(|text| Some((app.index.mailbox(&Mailbox::parse(text).ok()?), AddressKind::Email))),
    );
    keys.extend(
        of_kind("phone")
            .filter_map(|text| Some((app.index.phone(&e164(plan.form.country(), text)?), AddressKind::Phone))),
    );
    let mut channels = BTreeSet::new();
    for (key, kind) in &keys {
        let found = app.store.suppressions(key, *kind).await?;
        channels.extend(found.into_iter().map(|entry| entry.key.channel));
    }
    let is_suppressed = |purpose: &String| {
        let channel = plan
            .form
            .process(purpose)
            .and_then(|process| process["channel"].as_str());
        channel.is_some_and(|channel| channel != Channel::None.as_str() && channels.contains(channel))
    };
    let active = judged
        .statuses
        .iter()
        .filter(|(_, status)| matches!(**status, "given" | "informed"));
    Ok(active
        .map(|(purpose, _)| purpose.clone())
        .filter(is_suppressed)
        .collect())
}

/// Queues the request for a confirmation, once: whoever gave a consent is asked whether it was them, and nobody else is
/// written to. Whether anything waits is seen when the letter is written (`mail/request.rs`).
async fn ask(app: &App, settings: Settings, judged: &Judged, id: Uuid, now: Timestamp) -> Result<(), ApiError> {
    let gave = judged.statuses.values().any(|status| *status == "given");
    if !settings.ask || !gave {
        return Ok(());
    }
    let Some(submission) = app.store.submission(id).await? else {
        return Ok(());
    };
    let letter = NewLetter {
        kind: MailKind::Confirmation,
        person: submission.lead.person,
        record: Some(id),
        purposes: Vec::new(),
        dedupe: Some(format!("import {id}")),
    };
    if app.store.queue(&letter, now, None).await? {
        app.outbox.notify_one();
    }
    Ok(())
}
