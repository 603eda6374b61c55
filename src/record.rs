//! The consent record (record.md §3): the constant part from the compiled form, the visitor's part from what happened.
//!
//! No personal value stands in the payload: it carries salted digests, and the values travel beside it.

use js_sys::{Array, Date};
use wasm_bindgen::JsValue;

use crate::compiled::CompiledForm;
use crate::consent::{Answer, Shown, Value, permits};
use crate::crypto::{self, DeviceKey};
use crate::js::{copy, get, object, set, sorted_members, stringify, strings};
use crate::{VERSION, base64url, window};

/// One submission: made once, sent as often as the network wants it, always under the same id.
#[derive(Debug)]
pub struct Submission {
    pub id: String,
    subject: JsValue,
    disclosures: JsValue,
    /// Everything of the payload but the times.
    draft: JsValue,
    /// What the page may read, by purpose and in all.
    pub fields: JsValue,
}

/// A signed submission.
#[derive(Debug)]
pub struct Signed {
    pub envelope: JsValue,
    pub payload: String,
    /// The request's body, the same bytes at each try.
    pub body: String,
    pub disclosures: JsValue,
}

/// What the visitor saw and did.
#[derive(Debug)]
pub struct Acts<'a> {
    pub shown: &'a [Shown],
    pub answers: &'a [Answer],
    pub values: &'a [Value],
}

impl Submission {
    /// Drafts the record. `constant` is the compiled form's part of it, with sorted members.
    pub async fn draft(form: &CompiledForm, constant: &JsValue, acts: &Acts<'_>) -> Result<Self, JsValue> {
        let id = crypto::uuid()?;
        let disclosures = acts
            .values
            .iter()
            .map(|value| {
                let triple = strings([crypto::salt()?.as_str(), &form.fields[value.field].id, &value.value]);
                Ok(base64url::encode(stringify(&triple).as_bytes()))
            })
            .collect::<Result<Vec<_>, JsValue>>()?;
        let mut digests = Vec::with_capacity(disclosures.len());
        for disclosure in &disclosures {
            digests.push(base64url::encode(&crypto::sha256(disclosure.as_bytes()).await?));
        }
        let subject = object(&[
            (
                "_sd",
                Array::from(&strings(digests.iter().map(String::as_str))).sort().into(),
            ),
            ("id", crypto::uuid()?.into()),
        ]);
        Ok(Self {
            draft: draft(constant, acts)?,
            fields: fields(form, acts),
            disclosures: strings(disclosures.iter().map(String::as_str)),
            subject,
            id,
        })
    }

    /// Completes the record with its times, in milliseconds, and signs it.
    pub async fn sign(&self, key: DeviceKey, shown_at: f64, created: f64) -> Result<Signed, JsValue> {
        let record = copy(&self.draft);
        set(&record, "id", &self.id.as_str().into());
        set(&record, "chain", &self.id.as_str().into());
        set(&record, "subject", &self.subject);
        set(&record, "shownAt", &timestamp(shown_at));
        set(&record, "created", &timestamp(created));
        // RFC 8785 without a walk through the whole record at each submission: the constant part was sorted when the
        // form was mounted, and what is added here is written in order.
        let payload = base64url::encode(stringify(&sorted_members(&record)).as_bytes());
        let envelope = key.sign(&payload).await?;
        let body = object(&[("record", envelope.clone()), ("disclosures", self.disclosures.clone())]);
        Ok(Signed {
            payload,
            body: stringify(&body),
            envelope,
            disclosures: self.disclosures.clone(),
        })
    }
}

fn draft(constant: &JsValue, acts: &Acts<'_>) -> Result<JsValue, JsValue> {
    let record = copy(constant);
    let shown = acts.shown.iter().map(|text| {
        object(&[
            ("ref", text.reference.as_str().into()),
            ("text", text.text.as_str().into()),
        ])
    });
    set(&record, "shown", &shown.collect::<Array>());
    let processes = Array::from(&get(constant, "processes"));
    let processes = processes.iter().zip(acts.answers).map(|(process, answer)| {
        let process = copy(&process);
        set(&process, "status", &answer.status.as_str().into());
        set(
            &process,
            "indication",
            &object(&[
                ("control", answer.control.as_str().into()),
                ("initial", false.into()),
                ("trusted", answer.trusted.into()),
            ]),
        );
        sorted_members(&process)
    });
    set(&record, "processes", &processes.collect::<Array>());
    let gpc = get(&window().navigator(), "globalPrivacyControl").as_bool() == Some(true);
    set(&record, "signals", &object(&[("gpc", gpc.into())]));
    set(
        &record,
        "capture",
        &object(&[
            ("method", "widget".into()),
            ("observed", true.into()),
            ("origin", window().location().origin()?.into()),
            ("widget", VERSION.into()),
        ]),
    );
    Ok(record)
}

/// `{"all": {…}, "byPurpose": {purpose: {…}}}`: for each purpose only what the visitor's choice lets it have.
fn fields(form: &CompiledForm, acts: &Acts<'_>) -> JsValue {
    let pick = |wanted: &dyn Fn(&[String]) -> bool| {
        let picked = object(&[]);
        for value in acts.values {
            let field = &form.fields[value.field];
            if wanted(&field.purposes) {
                set(&picked, &field.id, &value.value.as_str().into());
            }
        }
        picked
    };
    let by_purpose = object(&[]);
    for purpose in form
        .purposes
        .iter()
        .filter(|purpose| permits(form, acts.answers, &purpose.id))
    {
        set(
            &by_purpose,
            &purpose.id,
            &pick(&|purposes| purposes.contains(&purpose.id)),
        );
    }
    object(&[("all", pick(&|_| true)), ("byPurpose", by_purpose)])
}

fn timestamp(milliseconds: f64) -> JsValue {
    Date::new(&milliseconds.into()).to_iso_string().into()
}
