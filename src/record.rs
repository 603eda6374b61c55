//! One submission: drafted from what the visitor saw and did, then signed as often as a clock wants it.
//!
//! No personal value stands in the payload: it carries salted digests, and the values travel beside it (record.md §3).
//! Everything here is written as text, in `payload`; the browser's own objects are made only for the page.

use js_sys::{Array, Date};
use wasm_bindgen::JsValue;

use crate::base64url;
use crate::compiled::CompiledForm;
use crate::consent::{Answer, Shown, Value, permits};
use crate::crypto::{self, DeviceKey};
use crate::js::{canonical, get, global};
use crate::payload::{self, Draft, Pieces, array, member, object, quoted, string};

/// One submission: made once, sent as often as the network wants it, always under the same id.
#[derive(Debug)]
pub struct Submission {
    draft: Draft,
    /// JSON: the member that lists the disclosures.
    disclosures: String,
    /// JSON: the member for the page, with the values by purpose and in all.
    fields: String,
}

/// A signed submission.
#[derive(Debug)]
pub struct Signed {
    pub payload: String,
    /// The request's body, the same bytes at each try.
    pub body: String,
    /// JSON: what the page is told.
    pub detail: String,
}

/// What the visitor saw and did.
#[derive(Debug)]
pub struct Acts<'a> {
    pub shown: &'a [Shown],
    pub answers: &'a [Answer],
    pub values: &'a [Value],
}

impl Submission {
    /// Drafts the record.
    pub async fn draft(form: &CompiledForm, acts: &Acts<'_>) -> Result<Self, JsValue> {
        let mut disclosures = Vec::new();
        let digesting = Array::new();
        for value in acts.values {
            let field = &form.fields[value.field].id;
            let triple = array(&[quoted(&crypto::salt()?), string(field), string(&value.value)]);
            let disclosure = base64url::encode(triple.as_bytes());
            digesting.push(&crypto::digesting(&disclosure)?);
            disclosures.push(quoted(&disclosure));
        }
        // The browser digests elsewhere; what has to be written is written meanwhile.
        let origin = get(&global("location"), "origin");
        let origin = origin.as_string().unwrap_or_default();
        let mut draft = Draft {
            id: crypto::uuid()?,
            subject: quoted(&crypto::uuid()?),
            shown: payload::shown(acts.shown),
            processes: payload::processes(acts.answers),
            capture: payload::capture(&origin),
            signals: payload::signals(get(&global("navigator"), "globalPrivacyControl").as_bool() == Some(true)),
        };
        let fields = fields(form, acts);
        let digests = canonical(&crypto::digests(digesting).await?.sort());
        draft.subject = ["{\"_sd\":", &digests, ",\"id\":", &draft.subject, "}"].concat();
        Ok(Self {
            draft,
            disclosures: member("disclosures", &array(&disclosures)),
            fields,
        })
    }

    pub fn id(&self) -> &str {
        &self.draft.id
    }

    /// Completes the record with its times, in milliseconds, and signs it.
    pub async fn sign(
        &self,
        constant: &Pieces,
        key: DeviceKey,
        shown_at: f64,
        created: f64,
    ) -> Result<Signed, JsValue> {
        let text = self.draft.payload(constant, &timestamp(shown_at), &timestamp(created));
        let payload = base64url::encode(text.as_bytes());
        let record = member("record", &key.sign(&payload).await?);
        let parts = [record, self.disclosures.clone(), self.fields.clone()];
        Ok(Signed {
            payload,
            body: object(&parts[..2]),
            detail: object(&parts),
        })
    }
}

/// `"fields":{"all": {…}, "byPurpose": {purpose: {…}}}`: for each purpose only what the visitor's choice lets it have.
fn fields(form: &CompiledForm, acts: &Acts<'_>) -> String {
    let pick = |name: &str, wanted: &dyn Fn(&[String]) -> bool| {
        let mut picked = Vec::new();
        for value in acts.values {
            let field = &form.fields[value.field];
            if wanted(&field.purposes) {
                picked.push(member(&field.id, &string(&value.value)));
            }
        }
        member(name, &object(&picked))
    };
    let mut by_purpose = Vec::new();
    for purpose in &form.purposes {
        let id = &purpose.id;
        if permits(form, acts.answers, id) {
            by_purpose.push(pick(id, &|purposes| purposes.contains(id)));
        }
    }
    let by_purpose = member("byPurpose", &object(&by_purpose));
    member("fields", &object(&[pick("all", &|_| true), by_purpose]))
}

fn timestamp(milliseconds: f64) -> String {
    Date::new(&milliseconds.into()).to_iso_string().into()
}
