//! Which purposes were ever published here, and by which forms. Refuses nothing: whoever asks refuses what was not.

use std::collections::BTreeSet;

use candor_record::id::PurposeId;
use serde::Deserialize;

use crate::{app::App, http::error::ApiError};

/// Whether all of them were published here, ever: a misspelled one would affect nobody, which is a dangerous answer.
pub async fn are_known(app: &App, purposes: &BTreeSet<PurposeId>) -> Result<bool, ApiError> {
    let mut missing: BTreeSet<&str> = purposes.iter().map(PurposeId::as_str).collect();
    for definition in definitions(app).await? {
        for purpose in &definition.purposes {
            missing.remove(purpose.id.as_str());
        }
    }
    Ok(missing.is_empty())
}

/// The forms that ever had one of these purposes.
pub(super) async fn forms_with(app: &App, purposes: &BTreeSet<PurposeId>) -> Result<BTreeSet<String>, ApiError> {
    let is_asked = |known: &PurposeOfForm| purposes.iter().any(|purpose| purpose.as_str() == known.id);
    let all = definitions(app).await?.into_iter();
    let with = all.filter(|definition| definition.purposes.iter().any(is_asked));
    Ok(with.map(|definition| definition.id).collect())
}

/// As much of a published definition as counts here.
#[derive(Deserialize)]
struct PurposesOfForm {
    id: String,
    purposes: Vec<PurposeOfForm>,
}

#[derive(Deserialize)]
struct PurposeOfForm {
    id: String,
}

/// Every definition that was ever published here.
async fn definitions(app: &App) -> Result<Vec<PurposesOfForm>, ApiError> {
    let texts = app.store.definitions().await?;
    let read = texts.iter().map(|text| serde_json::from_str(text));
    read.collect::<Result<_, _>>().map_err(|_| ApiError::Internal)
}
