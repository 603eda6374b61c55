//! Restriction of processing (Art. 18 GDPR): the data are kept and nothing else. No contact, no export, no sweep; every receiver
//! hears of it (Art. 19). Refuses to end by itself: whoever lifts it has told the person before (Art. 18(3)).

use uuid::Uuid;

use crate::{
    app::App,
    http::error::ApiError,
    store::{ATTEMPTS, Appended, PersonChange, Restrict},
};

/// Begins or lifts it; nothing changes where it is so already.
pub async fn restrict(app: &App, person: Uuid, what: Restrict) -> Result<(), ApiError> {
    for _ in 0..ATTEMPTS {
        let change = PersonChange {
            restrict: Some(what),
            ..PersonChange::of(person, app.clock.now())
        };
        if app.commit(&change).await? == Appended::New {
            return Ok(());
        }
        if app.store.person(person).await?.is_none() {
            return Err(ApiError::NotFound);
        }
    }
    Err(ApiError::Unavailable)
}
