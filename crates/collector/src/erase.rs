//! The end of leads: "these chains of this person" becomes one change, with its events, its seals and what must not be
//! taken up again. Refuses to keep as evidence what holds no consent: such a chain goes with its lead (record.md §3).
//! Whoever asks has proved a mailbox, never a telephone number: a number is suppressed only where it was taken up in that
//! chain, and bars only those who have no confirmed consent of their own for it (`permission/of_person.rs`).
//! Who decides which: the person (`act.rs`), an operator, or time (`sweep.rs`). Read next: `store/people.rs`.

use std::{
    collections::{BTreeSet, HashSet},
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use candor_record::{
    id::{ChainId, PurposeId},
    state::{PersonState, State},
    term::{Actor, Channel, EventKind, Status},
};
use uuid::Uuid;

use crate::{
    app::App,
    event::{EventDraft, make},
    http::error::ApiError,
    index::AddressKind,
    mail::file_name,
    mailbox::Mailbox,
    person::{Person, PersonSubmission, chain_uuid},
    requests::{DONE_BY_THE_PERSON, RequestKind},
    store::{Appended, Erasure, Letter, PersonChange, SuppressionKey},
};

/// The reason of an erasure that the person asked for; any other one is the controller's.
pub const ASKED: &str = "erasure";

/// The change that ends these chains. Leads that are not there are left out, and without any the change is empty.
pub fn erasure(app: &App, person: &Person, chains: &[Uuid], by: Actor, reason: &str) -> Result<PersonChange, ApiError> {
    let now = app.clock.now();
    let mut change = PersonChange {
        // A chain without consent gets no event here that could miss its place: what is confirmed meanwhile would go
        // without its evidence.
        seen: Some(person.seen()),
        ..PersonChange::of(person.row.id, now)
    };
    let going: HashSet<Uuid> = chains.iter().copied().collect();
    let leads: Vec<&PersonSubmission> = person
        .submissions
        .iter()
        .filter(|submission| going.contains(&submission.stored.record.id))
        .collect();
    for lead in &leads {
        let chain = lead.stored.record.id;
        let keep_until = holds_consent(person, chain).then(|| lead.form.proof_until(now));
        if keep_until.is_some() {
            let first = person.first(chain).ok_or(ApiError::Internal)?;
            let purposes = first.processes.iter().map(|process| process.purpose.clone());
            change.events.push(make(
                app,
                &EventDraft {
                    first,
                    form: &lead.form,
                    replaces: person.chain(chain).next_back().ok_or(ApiError::Internal)?.stored.id,
                    kind: EventKind::Erasure,
                    actor: by,
                    changes: purposes.map(|purpose| (purpose, Status::Erased)).collect(),
                    digests: None,
                },
            )?);
        }
        change.erase.push(Erasure {
            chain,
            keep_until,
            reason: reason.to_owned(),
        });
    }
    let channels = match reason {
        ASKED => leads.iter().flat_map(|lead| channels_of(person, lead)).collect(),
        _ => refused_channels(&person.state, &going),
    };
    change.suppress = suppressions(app, person, &leads, &channels);
    Ok(change)
}

/// Carries out a change that erases, and then removes the letters of its chains from `DATA/outbox`: an erasure that did not
/// happen has taken nothing. What a crash leaves behind in between goes at the next start (`remove_orphans`). Their names
/// are told by their rows: the folder, which may hold everybody's letters, is not read. `Moved`: read again, decide again.
pub async fn carry_out(app: &App, person: &Person, change: &PersonChange) -> Result<Appended, ApiError> {
    let going: HashSet<Uuid> = change.erase.iter().map(|erasure| erasure.chain).collect();
    let remains = person.chains().iter().any(|chain| !going.contains(chain));
    let mut letters = app.store.letters_of(person.row.id).await?;
    letters.retain(|letter| letter.record.map_or(!remains, |record| going.contains(&record)));
    let outcome = app.commit(change).await?;
    if outcome == Appended::New {
        remove_files(app, &letters)?;
        for erasure in &change.erase {
            tracing::info!(chain = %erasure.chain, reason = erasure.reason, sealed = erasure.keep_until.is_some(), "lead erased");
        }
    }
    Ok(outcome)
}

/// A chain grows between reading and writing only where something else happens at once.
const ATTEMPTS: usize = 5;

/// Erases everything of a person, with the answered request where it was asked for; `false` where there is nobody.
pub async fn erase_person(app: &App, id: Uuid, by: Actor, reason: &str) -> Result<bool, ApiError> {
    for _ in 0..ATTEMPTS {
        let Some(person) = Person::open(app, id).await? else {
            return Ok(false);
        };
        let mut change = erasure(app, &person, &person.chains(), by, reason)?;
        if reason == ASKED {
            // In the same transaction: a request that is open was not fulfilled, and none is left open by a crash.
            let answer = match by {
                Actor::Subject => DONE_BY_THE_PERSON,
                _ => "erased by an operator",
            };
            change.request = Some(app.answered_request(id, RequestKind::Erasure, answer));
        }
        if carry_out(app, &person, &change).await? == Appended::New {
            return Ok(true);
        }
    }
    Err(ApiError::Unavailable)
}

/// Whether a consent was ever given in that chain: the submission's, once it took effect, or a later one.
pub fn holds_consent(person: &Person, chain: Uuid) -> bool {
    let later = || person.chain(chain).filter_map(|event| event.record.as_follow_up());
    let says = |kind, wanted: &dyn Fn(&PurposeId, Status) -> bool| {
        later()
            .filter(|event| event.event == kind)
            .flat_map(|event| &event.processes)
            .any(|change| wanted(&change.purpose, change.status))
    };
    if says(EventKind::Confirmation, &|_, status| status == Status::Given)
        || says(EventKind::Renewal, &|_, status| status == Status::Renewed)
    {
        return true;
    }
    let Some(first) = person.first(chain) else { return false };
    // A confirmation can say less than its submission, and is the last word on it.
    let confirmed_less = |purpose: &PurposeId| {
        says(EventKind::Confirmation, &|changed, status| {
            changed == purpose && status != Status::Given
        })
    };
    first.processes.iter().any(|process| {
        process.status == Status::Given
            && person.state.in_effect(&first.chain, &process.purpose)
            && !confirmed_less(&process.purpose)
    })
}

/// What must not be taken up again of a number that goes while its lead stays.
pub fn refused_numbers(app: &App, state: &PersonState, number: &str) -> Vec<SuppressionKey> {
    let refused = refused_channels(state, &HashSet::new()).into_iter();
    let by_number = refused.filter(|channel| is_by_number(*channel));
    by_number.map(|channel| of_number(app, number, channel)).collect()
}

fn is_by_number(channel: Channel) -> bool {
    matches!(channel, Channel::Phone | Channel::Sms | Channel::Messaging)
}

fn of_number(app: &App, number: &str, channel: Channel) -> SuppressionKey {
    SuppressionKey {
        key: app.index.phone(number),
        kind: AddressKind::Phone,
        channel: channel.as_str().to_owned(),
    }
}

/// The channels of every purpose of a submission.
fn channels_of(person: &Person, lead: &PersonSubmission) -> Vec<Channel> {
    let first = person.first(lead.stored.record.id);
    let processes = first.into_iter().flat_map(|first| &first.processes);
    processes.map(|process| process.channel).collect()
}

/// Channels that the person refused, so that the refusal holds after the data are gone. Where a consent of another chain
/// still lives on that channel there is none: a suppression knows no purposes, and would end that consent too.
fn refused_channels(state: &PersonState, going: &HashSet<Uuid>) -> BTreeSet<Channel> {
    let goes = |chain: &ChainId| chain_uuid(chain).is_some_and(|chain| going.contains(&chain));
    let alive = |channel: Channel| {
        state.purposes().any(|(_, standing)| {
            standing.channel == channel
                && matches!(standing.state, State::Given | State::Renewed)
                && !goes(&standing.chain)
        })
    };
    let barred = state.bars().map(|(class, _)| class.channel);
    barred.filter(|channel| !alive(*channel)).collect()
}

fn suppressions(
    app: &App,
    person: &Person,
    leads: &[&PersonSubmission],
    channels: &BTreeSet<Channel>,
) -> Vec<SuppressionKey> {
    let (mut found, mut known) = (Vec::new(), HashSet::new());
    let pairs = leads
        .iter()
        .flat_map(|lead| channels.iter().map(move |channel| (lead, *channel)));
    for (lead, channel) in pairs.filter(|(lead, channel)| !reaches_number(*channel) || took_up(person, lead, *channel))
    {
        found.extend(
            keys_of(app, lead, channel)
                .into_iter()
                .filter(|entry| known.insert(entry.clone())),
        );
    }
    found
}

/// Whether a telephone number is what that channel reaches.
pub const fn reaches_number(channel: Channel) -> bool {
    matches!(channel, Channel::Phone | Channel::Sms | Channel::Messaging)
}

/// Whether that chain has ever decided about the channel: a purpose of it took effect there, or was refused after that.
/// What was left unticked, or was never confirmed, decides nothing about the number that was typed beside it.
fn took_up(person: &Person, lead: &PersonSubmission, channel: Channel) -> bool {
    let chain = lead.stored.record.id;
    let Some(first) = person.first(chain) else { return false };
    let decided = |status: Status| !matches!(status, Status::NotGiven | Status::NotShown | Status::Erased);
    let later = |purpose: &PurposeId| {
        let events = person.chain(chain).filter_map(|event| event.record.as_follow_up());
        events
            .flat_map(|event| &event.processes)
            .any(|change| change.purpose == *purpose && decided(change.status))
    };
    first.processes.iter().any(|process| {
        process.channel == channel
            && person.state.in_effect(&first.chain, &process.purpose)
            && (decided(process.status) || later(&process.purpose))
    })
}

/// What is reached by a channel, of that lead. A postal address has no compared form.
pub fn keys_of(app: &App, lead: &PersonSubmission, channel: Channel) -> Vec<SuppressionKey> {
    match channel {
        Channel::Email => {
            let mailbox = lead
                .values
                .address
                .as_deref()
                .and_then(|text| Mailbox::parse(text).ok());
            let mailbox = mailbox.map(|mailbox| SuppressionKey {
                key: app.index.mailbox(&mailbox),
                kind: AddressKind::Email,
                channel: channel.as_str().to_owned(),
            });
            mailbox.into_iter().collect()
        }
        Channel::Phone | Channel::Sms | Channel::Messaging => {
            let numbers = lead.values.phones.values();
            numbers.map(|number| of_number(app, number, channel)).collect()
        }
        Channel::Post | Channel::None => Vec::new(),
    }
}

/// Removes a letter that was being written while its lead was erased.
pub async fn remove_if_erased(app: &App, letter: &Letter) -> Result<(), ApiError> {
    let about = letter.record.unwrap_or(letter.person);
    if is_known(app, about).await? {
        return Ok(());
    }
    remove_files(app, std::slice::from_ref(letter))
}

/// Removes what a crash may have left between writing a letter and seeing that its lead was gone.
pub async fn remove_orphans(app: &App) -> Result<(), ApiError> {
    let mut gone = Vec::new();
    for (path, about) in letters(&outbox(app))? {
        let id = about.get(..UUID_LEN).and_then(|id| Uuid::parse_str(id).ok());
        if let Some(id) = id
            && !is_known(app, id).await?
        {
            gone.push(path);
        }
    }
    for path in gone {
        remove_file(&path)?;
    }
    Ok(())
}

/// A UUID with its hyphens.
const UUID_LEN: usize = 36;

/// Whether there is a lead or a person of that id.
async fn is_known(app: &App, id: Uuid) -> Result<bool, ApiError> {
    Ok(app.store.submission(id).await?.is_some() || app.store.person(id).await?.is_some())
}

fn outbox(app: &App) -> PathBuf {
    app.config.data.join("outbox")
}

/// Every file in the folder with what its name says after the row: `{row}-{record or person}.eml`.
fn letters(outbox: &Path) -> Result<Vec<(PathBuf, String)>, ApiError> {
    let entries = match fs::read_dir(outbox) {
        Ok(entries) => entries,
        // A mail server takes the letters.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(stuck(&error)),
    };
    let mut letters = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| stuck(&error))?;
        let name = entry.file_name();
        let about = name.to_str().and_then(|name| name.split_once('-'));
        letters.extend(about.map(|(_, about)| (entry.path(), about.to_owned())));
    }
    Ok(letters)
}

/// The files of these letters, and what a crash left of one that was being written.
fn remove_files(app: &App, letters: &[Letter]) -> Result<(), ApiError> {
    let outbox = outbox(app);
    for letter in letters {
        let path = outbox.join(file_name(letter));
        remove_file(&path.with_extension("new"))?;
        remove_file(&path)?;
    }
    Ok(())
}

fn remove_file(path: &Path) -> Result<(), ApiError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(stuck(&error)),
        _ => Ok(()),
    }
}

fn stuck(error: &std::io::Error) -> ApiError {
    tracing::error!(kind = ?error.kind(), "a letter in the outbox cannot be removed");
    ApiError::Unavailable
}
