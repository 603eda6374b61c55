//! How many people stand where, by purpose: derived from everything on record, counted at most once an hour.
//! Refuses to store a state: what is kept here is numbers, and a restart forgets them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::{app::App, http::error::ApiError, person::Person};

/// Everybody is read for it: not for each request.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// People read at once.
const PAGE: u32 = 200;

/// The numbers of one moment.
#[derive(Debug)]
pub struct Purposes {
    pub at: Timestamp,
    pub people: u64,
    /// By purpose and state.
    pub purposes: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

/// The last count; whoever asks while it is made waits for the same one.
pub type Counted = Mutex<Option<Arc<Purposes>>>;

/// The numbers, of this hour.
pub async fn purposes(app: &App) -> Result<Arc<Purposes>, ApiError> {
    let now = app.clock.now();
    let mut last = app.counted.lock().await;
    if let Some(counted) = last.as_ref().filter(|counted| now.duration_since(counted.at) < FRESH) {
        return Ok(Arc::clone(counted));
    }
    let counted = Arc::new(count(app, now).await?);
    *last = Some(Arc::clone(&counted));
    Ok(counted)
}

async fn count(app: &App, at: Timestamp) -> Result<Purposes, ApiError> {
    let mut counted = Purposes {
        at,
        people: 0,
        purposes: BTreeMap::new(),
    };
    let mut after = Uuid::nil();
    loop {
        let people = app.store.people_after(after, PAGE).await?;
        let Some(last) = people.last() else {
            return Ok(counted);
        };
        after = *last;
        for person in Person::several(app, &people).await? {
            counted.people += 1;
            for (purpose, standing) in person.state.purposes() {
                let states = counted.purposes.entry(purpose.to_string()).or_default();
                *states.entry(standing.state.as_str()).or_default() += 1;
            }
        }
    }
}
