//! A submission that is made here, because no device signed one: a plain POST, a consent given anew on the person's page.
//! Refuses to store what does not verify: it is sealed by the controller and verified like any other.

use std::{collections::BTreeMap, fmt};

use candor_record::{
    digest::Sha256Digest,
    disclosure::Disclosure,
    id::FieldId,
    record::Record,
    sign::seal,
    verify::{Evidence, RingVerifier, VerifiedRecord, verify},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::record_time;
use crate::{
    app::App,
    clock::Random,
    http::error::ApiError,
    published::{PublishedForm, Text},
};

/// What the person did, on a page of this server.
pub struct Draft<'a> {
    pub form: &'a PublishedForm,
    /// `html`, `manage` or `import`.
    pub method: &'static str,
    /// Where the same act is always the same record; otherwise an id made for the occasion.
    pub id: Option<Uuid>,
    /// How consents were given, where it was not by the form's own control.
    pub given_by: Option<&'static str>,
    pub origin: &'a str,
    /// `Sec-GPC: 1`.
    pub gpc: bool,
    /// By purpose; one that is missing was not shown.
    pub statuses: &'a BTreeMap<String, &'static str>,
    pub shown: Vec<&'a Text>,
    pub values: &'a [(String, String)],
}

/// Sealed and verified, and not stored yet.
pub struct Made {
    pub verified: VerifiedRecord,
    pub receipt: String,
    pub disclosures: Vec<String>,
}

impl fmt::Debug for Draft<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Draft(personal)")
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Made(personal)")
    }
}

impl Draft<'_> {
    pub fn make(&self, app: &App) -> Result<Made, ApiError> {
        let disclosures = disclose(app.random.as_ref(), self.values);
        let record = self.payload(app, &disclosures);
        let record = Record::from_json_bytes(record.to_string().as_bytes()).map_err(|error| {
            tracing::error!(%error, "a submission made here does not make a record");
            ApiError::Internal
        })?;
        let keys = app.keys.current();
        let receipt = seal(&record, record_time(app.clock.now()), &keys.signer)
            .map_err(|_| ApiError::Internal)?
            .to_json()
            .to_string();
        let evidence = Evidence {
            keys: Some(&keys.published),
            expected: Some(&self.form.expected),
            disclosures: Some(&disclosures),
            received: None,
        };
        let verdict = verify(receipt.as_bytes(), &evidence, &RingVerifier);
        let failed = verdict.checks.iter().find(|check| check.ok == Some(false));
        if let Some(check) = failed {
            tracing::error!(step = check.step, detail = %check.detail, "a record made here does not verify");
            return Err(ApiError::Internal);
        }
        Ok(Made {
            verified: verdict.record.ok_or(ApiError::Internal)?,
            receipt,
            disclosures,
        })
    }

    /// The form's constant part with what the person did.
    fn payload(&self, app: &App, disclosures: &[String]) -> Value {
        let mut record = self.form.json["record"].clone();
        let id = self.id.unwrap_or_else(|| app.random.uuid()).to_string();
        record["id"] = json!(id);
        record["chain"] = json!(id);
        record["created"] = json!(record_time(app.clock.now()).to_string());
        record["subject"] = json!({"id": app.random.uuid().to_string(), "_sd": digests(disclosures)});
        record["signals"] = json!({"gpc": self.gpc});
        record["capture"] =
            json!({"method": self.method, "observed": false, "origin": self.origin, "widget": candor_form::VERSION});
        let shown = self.shown.iter();
        record["shown"] = shown
            .map(|text| json!({"ref": text.reference, "text": text.text}))
            .collect();
        for process in record["processes"].as_array_mut().into_iter().flatten() {
            let purpose = process["purpose"].as_str().unwrap_or_default().to_owned();
            let status = self.statuses.get(&purpose).copied().unwrap_or("not-shown");
            let given_by = self.given_by.filter(|_| status == "given");
            let control = given_by.unwrap_or_else(|| self.form.control(&purpose));
            process["status"] = json!(status);
            process["indication"] = json!({"control": control, "initial": false});
        }
        record
    }
}

/// `subject._sd`: in order, so that the order of the fields does not show.
pub fn digests(disclosures: &[String]) -> Vec<String> {
    let mut digests: Vec<String> = disclosures
        .iter()
        .map(|text| Sha256Digest::of(text.as_bytes()).to_b64u())
        .collect();
    digests.sort();
    digests
}

/// Each value with a salt of its own.
pub fn disclose(random: &dyn Random, values: &[(String, String)]) -> Vec<String> {
    let disclosure = |(field, value): &(String, String)| {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let field = field.parse::<FieldId>().ok()?;
        Some(Disclosure::new(salt, field, value).as_str().to_owned())
    };
    values.iter().filter_map(disclosure).collect()
}
