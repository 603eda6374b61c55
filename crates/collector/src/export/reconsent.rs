//! Whom to ask again, or to tell: people whose answer rests on an earlier version of a form, where what changed since is
//! material to it. Nobody is written to here: it is a list, and each person in it is a line of the access log.
//! Refuses a form that was never published. What counts as material: `candor_definition::change`.

use std::{collections::HashMap, sync::Arc};

use candor_definition::change::{Change, Class, changes};
use candor_record::{id::PurposeId, state::Standing};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    operator::Operator,
    person::{Person, PersonSubmission, chain_uuid},
    spreadsheet::line,
    store::operators::Access,
};

/// People read at once.
pub const PAGE: u32 = 200;

const ACTION: &str = "export-reconsent";

/// The columns of the CSV.
const COLUMNS: [&str; 9] = [
    "person", "email", "record", "purpose", "basis", "remedy", "language", "version", "changes",
];

/// What is compared, and on whose behalf.
#[derive(Debug)]
pub struct Export {
    form: String,
    /// The versions as they came into force; the last one is in force.
    history: Vec<String>,
    /// Place in the history before which everybody was asked already.
    since: usize,
    operator: Operator,
    reason: String,
    known: HashMap<String, Arc<Vec<Change>>>,
}

/// Why there is no such list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Form,
    Version,
}

/// A person whose answer no longer covers what is done.
pub struct Listed {
    person: Uuid,
    email: Option<String>,
    record: Uuid,
    purpose: PurposeId,
    basis: &'static str,
    remedy: &'static str,
    language: String,
    version: String,
    changes: Vec<Change>,
}

impl std::fmt::Debug for Listed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Listed(personal)")
    }
}

/// A part of the list, and after whom the next one begins.
#[derive(Debug)]
pub struct Page {
    pub listed: Vec<Listed>,
    pub next: Option<Uuid>,
}

impl Export {
    /// Begins the list, which is a line of the access log.
    pub async fn begin(
        app: &App,
        operator: Operator,
        form: &str,
        since: Option<&str>,
        reason: &str,
    ) -> Result<Result<Self, Unknown>, ApiError> {
        let history = app.store.history(form).await?;
        if history.is_empty() {
            return Ok(Err(Unknown::Form));
        }
        let place = |wanted: &str| history.iter().rposition(|version| version == wanted);
        let Some(since) = since.map_or(Some(0), place) else {
            return Ok(Err(Unknown::Version));
        };
        let reason = format!("{form}: {reason}");
        app.log_access(&operator, ACTION, None, &reason).await?;
        Ok(Ok(Self {
            form: form.to_owned(),
            history,
            since,
            operator,
            reason,
            known: HashMap::new(),
        }))
    }

    /// Everything that changed between the version that people were asked by last and the one in force.
    pub async fn all_changes(&mut self, app: &App) -> Result<Arc<Vec<Change>>, ApiError> {
        let first = self.history[self.since].clone();
        self.changes(app, &first).await
    }

    /// The listed among the next people; whoever is in it is written down first.
    pub async fn page(&mut self, app: &App, after: Uuid) -> Result<Page, ApiError> {
        let people = app.store.people_after(after, PAGE).await?;
        let next = people
            .last()
            .copied()
            .filter(|_| u32::try_from(people.len()) == Ok(PAGE));
        let mut listed = Vec::new();
        // Without those who were erased since the list was read.
        for person in Person::several(app, &people).await? {
            self.list(app, &person, &mut listed).await?;
        }
        let now = app.clock.now();
        let accesses: Vec<Access> = listed.iter().map(|listed| self.access(listed, now)).collect();
        app.store.log_accesses(&accesses).await?;
        Ok(Page { listed, next })
    }

    fn access(&self, listed: &Listed, at: Timestamp) -> Access {
        Access {
            at,
            actor: self.operator.id.to_string(),
            role: self.operator.role,
            action: ACTION.to_owned(),
            person: Some(listed.person),
            reason: self.reason.clone(),
        }
    }

    async fn list(&mut self, app: &App, person: &Person, listed: &mut Vec<Listed>) -> Result<(), ApiError> {
        let mut purposes: Vec<PurposeId> = Vec::new();
        for submission in person.submissions.iter().filter(|it| it.form.row.form == self.form) {
            let first = person.first(submission.stored.record.id);
            let named = first.into_iter().flat_map(|first| &first.processes);
            for purpose in named.map(|process| &process.purpose) {
                if !purposes.contains(purpose) {
                    purposes.push(purpose.clone());
                }
            }
        }
        for purpose in purposes {
            let Some((submission, standing)) = person.in_effect(&purpose) else {
                continue;
            };
            if submission.form.row.form != self.form || standing.state.is_ended() {
                continue;
            }
            if let Some(found) = self.judge(app, person, submission, standing, &purpose).await? {
                listed.push(found);
            }
        }
        Ok(())
    }

    /// The words that count are those of the event that made the state: a renewal was given to newer ones.
    async fn judge(
        &mut self,
        app: &App,
        person: &Person,
        submission: &PersonSubmission,
        standing: &Standing,
        purpose: &PurposeId,
    ) -> Result<Option<Listed>, ApiError> {
        let chain = chain_uuid(&standing.chain).ok_or(ApiError::Internal)?;
        let event = person.chain(chain).find(|event| event.record.id() == &standing.record);
        let version = event.map(|event| event.record.form().version.to_text());
        let version = version.unwrap_or_else(|| submission.stored.lead.version.clone());
        let language = submission.stored.lead.language.clone();
        let concerns = |change: &&Change| {
            change.class == Class::Material
                && change.purposes.contains(purpose.as_str())
                && (change.languages.is_empty() || change.languages.contains(&language))
        };
        let changed = self.changes(app, &version).await?;
        let changes: Vec<Change> = changed.iter().filter(concerns).cloned().collect();
        if changes.is_empty() {
            return Ok(None);
        }
        Ok(Some(Listed {
            person: person.row.id,
            email: submission.values.address.clone(),
            record: submission.stored.record.id,
            purpose: purpose.clone(),
            basis: standing.basis.as_str(),
            // A consent has to be given anew; who did not consent is told, with the right to object (Art. 13(3), 21(4)).
            remedy: if standing.basis.is_consent() { "ask" } else { "inform" },
            language,
            version,
            changes,
        }))
    }

    async fn changes(&mut self, app: &App, version: &str) -> Result<Arc<Vec<Change>>, ApiError> {
        let at = self
            .history
            .iter()
            .rposition(|known| known == version)
            .unwrap_or_default();
        let base = self.history[at.max(self.since)].clone();
        if let Some(known) = self.known.get(&base) {
            return Ok(Arc::clone(known));
        }
        let current = self.history.last().ok_or(ApiError::Internal)?.clone();
        let (old, new) = (
            self.definition(app, &base).await?,
            self.definition(app, &current).await?,
        );
        let found = Arc::new(changes(&old, &new));
        self.known.insert(base, Arc::clone(&found));
        Ok(found)
    }

    async fn definition(&self, app: &App, version: &str) -> Result<Value, ApiError> {
        let text = app
            .store
            .definition(&self.form, version)
            .await?
            .ok_or(ApiError::Internal)?;
        serde_json::from_str(&text).map_err(|_| ApiError::Internal)
    }

    /// The first line of the CSV.
    pub fn csv_head(&self) -> String {
        line(COLUMNS)
    }
}

/// A change as it is told: place, class, reason and sentence.
pub fn told(change: &Change, language: &str) -> Value {
    json!({
        "place": change.place,
        "class": change.class.as_str(),
        "reason": change.reason.as_str(),
        "why": change.reason.sentence(language),
        "purposes": change.purposes,
        "languages": change.languages,
    })
}

impl Listed {
    pub fn csv(&self) -> String {
        let changes = self
            .changes
            .iter()
            .map(|it| format!("{} ({})", it.place, it.reason.as_str()));
        let changes = changes.collect::<Vec<_>>().join("; ");
        let (person, record) = (self.person.to_string(), self.record.to_string());
        line([
            person.as_str(),
            self.email.as_deref().unwrap_or_default(),
            &record,
            self.purpose.as_str(),
            self.basis,
            self.remedy,
            &self.language,
            &self.version,
            &changes,
        ])
    }

    pub fn json(&self, language: &str) -> Value {
        json!({
            "person": self.person,
            "email": self.email,
            "record": self.record,
            "purpose": self.purpose.as_str(),
            "basis": self.basis,
            "remedy": self.remedy,
            "language": self.language,
            "version": self.version,
            "changes": self.changes.iter().map(|change| told(change, language)).collect::<Vec<_>>(),
        })
    }
}
