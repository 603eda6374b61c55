//! What the flows keep sealed: with what a target is spoken to, and by what it knows a person.
//! Refuses to open for one target or person what was sealed for another.

use uuid::Uuid;

use super::adapter::Settings;
use crate::{
    app::App,
    http::error::ApiError,
    store::flows::{SharedRow, TargetRow},
    values::{Bound, Sealed, ValueError},
};

pub(super) fn seal(app: &App, target: Uuid, settings: &Settings) -> Result<Sealed, ValueError> {
    let plain = serde_json::to_vec(settings).expect("texts are JSON");
    app.values.seal_bytes(app.random.as_ref(), Bound::Target(target), plain)
}

pub(super) fn unseal(app: &App, target: &TargetRow) -> Result<Settings, ValueError> {
    let plain = app.values.unseal_bytes(Bound::Target(target.id), &target.settings)?;
    serde_json::from_slice(&plain).map_err(|_| ValueError::Unreadable)
}

/// `remote`: as the adapter said in [`super::adapter::Outcome::Done`].
pub(super) fn seal_remote(app: &App, subject: Uuid, remote: &str) -> Result<Sealed, ValueError> {
    let bound = Bound::Remote(subject);
    app.values
        .seal_bytes(app.random.as_ref(), bound, remote.as_bytes().to_vec())
}

pub(super) fn unseal_remote(app: &App, shared: &SharedRow) -> Result<Option<String>, ApiError> {
    let Some(sealed) = &shared.remote else {
        return Ok(None);
    };
    let plain = app.values.unseal_bytes(Bound::Remote(shared.subject), sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| ApiError::Internal)
}
