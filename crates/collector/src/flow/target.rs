//! Targets: added, rotated, closed. Each is bound to one purpose and one party of the definitions in force, with the date of
//! its contract. Refuses a target without a party, a party that is no recipient of the purpose, a purpose that permits no
//! contact, and the controller itself: its own system is run by a processor, which is the party then.

use std::collections::{BTreeMap, BTreeSet};

use candor_definition::{Definition, Party, Purpose};
use candor_record::{id::PartyId, term::PartyRole};
use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    adapter::{self, OVERLAP, Secret, Secrets, Settings},
    sealed::{seal, unseal},
};
use crate::{
    access::is_service,
    app::App,
    clock::day,
    http::error::{ApiError, Fault},
    store::flows::TargetRow,
};

/// A name is a line of a listing.
const MAX_NAME_CHARACTERS: usize = 80;
/// Bytes of a secret that is made here.
const SECRET_LEN: usize = 32;

/// What whoever adds a target says.
#[derive(Debug, Clone, Default)]
pub struct New {
    pub kind: String,
    pub name: String,
    pub purpose: String,
    pub party: Option<String>,
    /// Where it is missing: as the party's `agreement` in the definition says.
    pub contract: Option<Date>,
    pub audited: Option<Date>,
    pub url: Option<String>,
    pub options: Map<String, Value>,
    pub secrets: BTreeMap<String, String>,
}

/// A target that was added, or whose secret was replaced; with the secret that was made, which is shown this once.
#[derive(Debug)]
pub struct Made {
    pub row: TargetRow,
    pub secret: Option<Secret>,
}

/// Adds a target; everybody who is on record is looked at.
///
/// # Errors
/// [`ApiError::Unacceptable`] with each reason and its place.
pub async fn add(app: &App, new: New) -> Result<Made, ApiError> {
    let mut faults = Vec::new();
    let name = new.name.trim();
    if name.chars().count() > MAX_NAME_CHARACTERS || name.contains(char::is_control) {
        let detail = format!("one line of at most {MAX_NAME_CHARACTERS} characters");
        faults.push(Fault::new("/name", "format", detail));
    }
    let bound = bind(app, &new, &mut faults).await?;
    let made = settings(app, &new, &mut faults);
    let (Some(bound), Some((settings, secret)), true) = (bound, made, faults.is_empty()) else {
        return Err(ApiError::Unacceptable(faults));
    };
    let id = app.random.uuid();
    let row = TargetRow {
        id,
        kind: new.kind,
        name: name.to_owned(),
        purpose: new.purpose,
        party: bound.party,
        party_names: bound.names,
        contract: bound.contract,
        audited: new.audited,
        settings: seal(app, id, &settings)?,
        created: app.clock.now(),
        disabled: None,
        closed: None,
        removed: None,
    };
    app.store.add_target(&row).await?;
    app.flows.wake();
    tracing::info!(target = %row.id, kind = row.kind, purpose = row.purpose, party = row.party, "target added");
    Ok(Made { row, secret })
}

/// The party behind a target.
struct BoundParty {
    party: String,
    names: Vec<String>,
    contract: Date,
}

async fn bind(app: &App, new: &New, faults: &mut Vec<Fault>) -> Result<Option<BoundParty>, ApiError> {
    let mut refuse = |pointer: &str, code: &str, detail: String| {
        faults.push(Fault::new(pointer, code, detail));
        Ok(None)
    };
    let in_force = app.store.in_force(app.clock.now()).await?;
    let definitions = in_force.iter();
    let definitions: Vec<Definition> = definitions
        .filter_map(|row| candor_definition::parse(row.definition.as_bytes()).ok())
        .collect();
    let with_purpose = || {
        definitions
            .iter()
            .filter_map(|it| Some((it, it.purpose(&new.purpose)?)))
    };
    let Some((_, purpose)) = with_purpose().next() else {
        return refuse("/purpose", "unknown", "no published form has this purpose".to_owned());
    };
    if is_service(purpose.basis()) {
        let detail = "what the person asked for permits nothing else: name a purpose based on consent, soft opt-in or legitimate interest";
        return refuse("/purpose", "service", detail.to_owned());
    }
    let Some(wanted) = new.party.as_deref().filter(|party| !party.is_empty()) else {
        let detail = format!(
            "a target belongs to a party that the form names: one of {}",
            recipients(with_purpose())
        );
        return refuse("/party", "required", detail);
    };
    let Ok(id) = wanted.parse::<PartyId>() else {
        return refuse("/party", "format", "not the id of a party".to_owned());
    };
    let named: Vec<(&Definition, &Party)> = with_purpose()
        .filter(|(_, purpose)| purpose.recipients.contains(&id))
        .filter_map(|(definition, _)| Some((definition, definition.party(&id)?)))
        .collect();
    let Some((_, party)) = named.first() else {
        let detail = format!(
            "not a recipient of `{}` in a published form; they are {}",
            new.purpose,
            recipients(with_purpose())
        );
        return refuse("/party", "unknown", detail);
    };
    if !matches!(
        party.role,
        PartyRole::Processor | PartyRole::Recipient | PartyRole::JointController
    ) {
        let detail = "a controller does not pass data to itself: name the processor that runs the system";
        return refuse("/party", "role", detail.to_owned());
    }
    let today = day(app.clock.now());
    let agreement = named.iter().filter_map(|(_, party)| party.agreement).max();
    let Some(contract) = new.contract.or(agreement) else {
        let detail = "the date of the contract with this party; the definition has no `agreement` of it";
        return refuse("/contract", "required", detail.to_owned());
    };
    if contract > today {
        return refuse("/contract", "future", "a contract that does not hold yet".to_owned());
    }
    if new.audited.is_some_and(|audited| audited > today) {
        return refuse("/audited", "future", "an audit that has not been made".to_owned());
    }
    let mut names: BTreeSet<String> = BTreeSet::new();
    for (definition, party) in &named {
        let here = definition.languages().map(|language| party.name.in_language(language));
        let here: BTreeSet<String> = here.map(str::to_owned).collect();
        if !names.is_empty() && names.is_disjoint(&here) {
            let detail = format!(
                "the forms call different parties `{id}`: {} and {}; give one of them another id",
                spelled(&names),
                spelled(&here)
            );
            return refuse("/party", "ambiguous", detail);
        }
        names.extend(here);
    }
    Ok(Some(BoundParty {
        party: id.to_string(),
        names: names.into_iter().collect(),
        contract,
    }))
}

fn spelled(names: &BTreeSet<String>) -> String {
    names.iter().map(String::as_str).collect::<Vec<_>>().join(" / ")
}

/// The ids of those to whom the purpose may flow, for a sentence.
fn recipients<'a>(purposes: impl Iterator<Item = (&'a Definition, &'a Purpose)>) -> String {
    let mut ids: Vec<String> = purposes
        .flat_map(|(definition, purpose)| purpose.recipients.iter().filter_map(|id| definition.party(id)))
        .filter(|party| party.role != PartyRole::Controller)
        .map(|party| format!("`{}`", party.id))
        .collect();
    ids.sort_unstable();
    ids.dedup();
    match ids.is_empty() {
        true => "none: the definition names no recipient beside the controller".to_owned(),
        false => ids.join(", "),
    }
}

/// Settings as they are sealed, and the secret that was made for them.
fn settings(app: &App, new: &New, faults: &mut Vec<Fault>) -> Option<(Settings, Option<Secret>)> {
    let Some(adapter) = adapter::find(&new.kind) else {
        let kinds: Vec<_> = adapter::kinds().map(|kind| format!("`{kind}`")).collect();
        faults.push(Fault::new(
            "/kind",
            "term",
            format!("a kind is one of {}", kinds.join(", ")),
        ));
        return None;
    };
    let url = new.url.as_deref().or(adapter.default_url()).unwrap_or_default();
    if let Err(error) = app.client.check(url) {
        faults.push(Fault::new("/url", "address", error.to_string()));
    }
    let mut secrets: Vec<Secret> = new.secrets.iter().map(|(name, value)| current(name, value)).collect();
    let made = adapter.makes_secret().filter(|name| !new.secrets.contains_key(*name));
    let made = made.map(|name| current(name, &generated(app)));
    secrets.extend(made.clone());
    let settings = Settings {
        url: url.to_owned(),
        options: new.options.clone(),
        secrets: Secrets(secrets),
    };
    check(adapter, &settings, faults);
    Some((settings, made))
}

fn check(adapter: &dyn adapter::Adapter, settings: &Settings, faults: &mut Vec<Fault>) {
    let found = adapter.check(settings).err().unwrap_or_default().into_iter();
    faults.extend(found.map(|fault| Fault::new(fault.pointer, "setting", fault.detail)));
}

fn current(name: &str, value: &str) -> Secret {
    Secret {
        name: name.to_owned(),
        value: value.to_owned(),
        until: None,
    }
}

fn generated(app: &App) -> String {
    let mut bytes = [0; SECRET_LEN];
    app.random.fill(&mut bytes);
    adapter::spell_secret(&bytes)
}

/// Replaces secrets. One that the collector makes itself signs on beside its successor for a while; others end at once.
///
/// # Errors
/// [`ApiError::Unacceptable`] where nothing is given that could be replaced, or it does not fit.
pub async fn rotate(app: &App, id: Uuid, given: &BTreeMap<String, String>) -> Result<Made, ApiError> {
    let row = living(app, id).await?;
    let adapter = adapter::find(&row.kind).ok_or(ApiError::Internal)?;
    let now = app.clock.now();
    let mut settings = unseal(app, &row)?;
    let made = adapter.makes_secret().filter(|_| given.is_empty());
    let made = made.map(|name| current(name, &generated(app)));
    let fresh: Vec<Secret> = given
        .iter()
        .map(|(name, value)| current(name, value))
        .chain(made.clone())
        .collect();
    if fresh.is_empty() {
        let detail = "say the new ones, by name: this kind of receiver gives them out itself";
        return Err(ApiError::Unacceptable(vec![Fault::new("/secrets", "required", detail)]));
    }
    settings.secrets = rotated(settings.secrets, fresh, adapter.makes_secret(), now);
    let mut faults = Vec::new();
    check(adapter, &settings, &mut faults);
    if !faults.is_empty() {
        return Err(ApiError::Unacceptable(faults));
    }
    let sealed = seal(app, id, &settings)?;
    if !app.store.set_settings(id, &row.settings, &sealed).await? {
        return Err(ApiError::Conflict);
    }
    tracing::info!(target = %id, "secrets of a target replaced");
    Ok(Made { row, secret: made })
}

fn rotated(before: Secrets, fresh: Vec<Secret>, overlapping: Option<&str>, now: Timestamp) -> Secrets {
    let is_replaced = |secret: &Secret| fresh.iter().any(|new| new.name == secret.name);
    let older = before.0.into_iter().filter_map(|mut secret| {
        if secret.until.is_none() && is_replaced(&secret) {
            secret.until = (overlapping == Some(secret.name.as_str())).then(|| now + OVERLAP);
            secret.until?;
        }
        secret.until.is_none_or(|until| until > now).then_some(secret)
    });
    let older: Vec<Secret> = older.collect();
    Secrets(fresh.into_iter().chain(older).collect())
}

/// A target that is not removed.
pub async fn living(app: &App, id: Uuid) -> Result<TargetRow, ApiError> {
    let found = app.store.target(id).await?;
    found.filter(|row| row.removed.is_none()).ok_or(ApiError::NotFound)
}

/// A contract that was renewed, an audit that was made; what is not said stays.
pub async fn set_dates(
    app: &App,
    id: Uuid,
    contract: Option<Date>,
    audited: Option<Date>,
) -> Result<TargetRow, ApiError> {
    let row = living(app, id).await?;
    let today = day(app.clock.now());
    let future = |date: Option<Date>| date.is_some_and(|date| date > today);
    for (pointer, date) in [("/contract", contract), ("/audited", audited)] {
        if future(date) {
            return Err(ApiError::Unacceptable(vec![Fault::new(
                pointer,
                "future",
                "a day that has not come",
            )]));
        }
    }
    let (contract, audited) = (contract.unwrap_or(row.contract), audited.or(row.audited));
    app.store.set_audited(id, contract, audited).await?;
    Ok(TargetRow {
        contract,
        audited,
        ..row
    })
}

/// Enables a target again where it was disabled, and sends dead letters again, or one of them; how many.
pub async fn replay(app: &App, id: Uuid, delivery: Option<&str>) -> Result<u64, ApiError> {
    let row = living(app, id).await?;
    let replayed = app.store.replay(row.id, delivery, app.clock.now()).await?;
    app.flows.wake();
    Ok(replayed)
}

/// Takes no more leads from now on, and hears of endings for as long as it may hold one; `abandon`: nothing at all.
/// Answers of how many people it may hold a lead.
pub async fn close(app: &App, id: Uuid, abandon: bool) -> Result<u64, ApiError> {
    let row = living(app, id).await?;
    app.store.close_target(row.id, app.clock.now(), abandon).await?;
    app.store.remove_closed(app.clock.now()).await?;
    let counted = app.store.targets_counted().await?;
    let held = counted.iter().find(|counted| counted.target.id == id);
    tracing::info!(target = %id, abandon, "target closed");
    Ok(held.map_or(0, |counted| counted.holds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_ours_overlaps_and_one_of_theirs_does_not() {
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        let secret = |name: &str, value: &str, until: Option<Timestamp>| Secret {
            name: name.into(),
            value: value.into(),
            until,
        };
        let before = || Secrets(vec![secret("secret", "b", None), secret("secret", "a", Some(now))]);
        let fresh = |name: &str| vec![secret(name, "c", None)];
        let ours = rotated(before(), fresh("secret"), Some("secret"), now);
        assert_eq!(ours.current("secret"), Some("c"));
        assert_eq!(ours.all("secret", now), ["c", "b"], "and what was over is gone");
        assert_eq!(ours.all("secret", now + OVERLAP), ["c"]);
        let theirs = rotated(before(), fresh("secret"), None, now);
        assert_eq!(theirs.all("secret", now), ["c"]);
        let beside = rotated(before(), fresh("token"), Some("secret"), now);
        assert_eq!(
            (beside.current("token"), beside.current("secret")),
            (Some("c"), Some("b"))
        );
    }
}
