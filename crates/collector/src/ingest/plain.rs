//! A submission without JavaScript: the same form as a plain POST, recorded with `method: "html"`, signed by the controller alone.
//! Refuses to guess: what was served is recorded as served, not as observed; the same body within ten minutes is one submission.

use std::{collections::BTreeMap, sync::Arc};

use jiff::SignedDuration;

use super::{OnceOnly, Stored, assemble, fields, made::Draft, store};
use crate::{
    app::App,
    http::error::ApiError,
    published::{Field, PublishedForm},
    robots::Spent,
    store::Once,
};

/// A reload of the answer, or a second press: one submission.
const SAME_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// What came in, read against the published form.
#[derive(Debug)]
pub struct PlainPost {
    pub form: Arc<PublishedForm>,
    pub values: Vec<(String, String)>,
    statuses: BTreeMap<String, &'static str>,
}

/// The outcome of reading a plain post.
#[derive(Debug)]
pub enum Reading {
    Complete(PlainPost),
    /// To be shown again, with what was typed and the messages.
    Flawed {
        values: Vec<(String, String)>,
        errors: Vec<(String, String)>,
    },
}

/// Reads members by the compiled form; members that it does not know are dropped. With `gpc` what shares data was not
/// offered by the hosted page; where another page did, an untouched box says nothing.
pub fn read(form: &Arc<PublishedForm>, members: &[(String, String)], gpc: bool) -> Reading {
    let ticked = |name: String| members.iter().any(|(member, value)| *member == name && value == "yes");
    let status = |purpose: &str| match form.control(purpose) {
        "checkbox" if ticked(format!("purpose.{purpose}")) => "given",
        "objection-checkbox" if ticked(format!("objection.{purpose}")) => "objected",
        "checkbox" | "objection-checkbox" if gpc && form.is_shared_by_choice(purpose) => "not-shown",
        "checkbox" => "not-given",
        "submit" => "given",
        _ => "informed",
    };
    let statuses: BTreeMap<String, &'static str> = form
        .controls
        .iter()
        .map(|control| (control.purpose.clone(), status(&control.purpose)))
        .collect();
    let by_name: fields::Statuses<'_> = statuses
        .iter()
        .map(|(purpose, status)| (purpose.as_str(), *status))
        .collect();
    let value = |field: &Field| {
        members
            .iter()
            .find(|(name, _)| *name == field.id)
            .map_or_else(String::new, |(_, value)| fields::bare(field, value))
    };
    let typed: Vec<(String, String)> = form
        .fields
        .iter()
        .map(|field| (field.id.clone(), value(field)))
        .collect();
    let flaws = fields::flaws(form, &by_name, &typed);
    if !flaws.is_empty() {
        let errors = flaws
            .into_iter()
            .map(|(field, flaw)| (field.id.clone(), message(form, field, flaw)))
            .collect();
        return Reading::Flawed { values: typed, errors };
    }
    let wanted = |id: &str| {
        form.fields
            .iter()
            .any(|field| field.id == id && fields::is_wanted(field, &by_name))
    };
    let values = typed
        .into_iter()
        .filter(|(id, value)| !value.is_empty() && wanted(id))
        .collect();
    Reading::Complete(PlainPost {
        form: Arc::clone(form),
        values,
        statuses,
    })
}

/// The form's own words for a flaw.
pub fn message(form: &PublishedForm, field: &Field, flaw: fields::Flaw) -> String {
    // The answer itself says why.
    if flaw == fields::Flaw::Refused {
        let mut refusals = field.options.iter().filter_map(|option| option.refusal.clone());
        return refusals.next().unwrap_or_default();
    }
    let label = form.text(&format!("field.{}", field.id)).unwrap_or(&field.id);
    let max = if let fields::Flaw::TooLong(max) = flaw {
        max.to_string()
    } else {
        String::new()
    };
    let words = form.message(flaw.key(fields::kind(field)));
    words.replace("{label}", label).replace("{max}", &max)
}

/// What the browser said beside the form.
#[derive(Debug, Clone)]
pub struct Circumstances<'a> {
    pub origin: &'a str,
    /// `Sec-GPC: 1`.
    pub gpc: bool,
    /// The body as it came: the same one again is the same submission.
    pub body: &'a [u8],
    /// The ticket that it used up, where work was asked for.
    pub spent: Option<Spent>,
}

/// Records a plain post: made, sealed and verified here like any other.
pub(crate) async fn submit(app: &App, post: &PlainPost, circumstances: Circumstances<'_>) -> Result<Stored, ApiError> {
    let now = app.clock.now();
    let served = post.form.texts.iter().filter(|text| {
        let chosen = |purpose: &str| post.statuses.get(purpose).is_some_and(|status| *status == "given");
        let purpose = text
            .reference
            .strip_prefix("purpose.")
            .and_then(|rest| rest.split('.').next());
        let is_withheld = purpose.is_some_and(|it| post.statuses.get(it) == Some(&"not-shown"));
        !is_withheld && text.when.as_ref().is_none_or(|when| chosen(&when.purpose))
    });
    let made = Draft {
        form: &post.form,
        method: "html",
        id: None,
        given_by: None,
        origin: circumstances.origin,
        gpc: circumstances.gpc,
        statuses: &post.statuses,
        shown: served.collect(),
        values: &post.values,
    }
    .make(app)?;
    let digest = app
        .keys
        .current()
        .links
        .fingerprint(&[post.form.row.digest.as_bytes(), b"\0", circumstances.body].concat());
    let once = Once {
        digest: digest.as_ref().to_vec(),
        since: now - SAME_WITHIN,
    };
    store(
        app,
        assemble(
            app,
            &post.form,
            &made.verified,
            made.receipt,
            made.disclosures,
            OnceOnly {
                once: Some(once),
                spent: circumstances.spent,
            },
        )?,
    )
    .await
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use candor_form::compiled::FieldKind;

    use super::fields::Flaw;

    /// What a form with one field of that type would say: its words, never the name of a message that it does not bring.
    #[test]
    fn a_form_brings_the_words_for_every_flaw_of_its_fields() {
        let form = include_str!("../../../definition/tests/examples/ebook-rgpd.json");
        for kind in [
            "name",
            "given-name",
            "family-name",
            "email",
            "phone",
            "organization",
            "url",
            "country",
            "postal-code",
            "text",
            "long-text",
            "select",
            "radio",
        ] {
            let mut form: Value = serde_json::from_str(form).expect("JSON");
            let label = json!({"en": "One more", "fr": "Encore un"});
            let purpose = if kind == "phone" { "call" } else { "ebook" };
            let mut field = json!({"id": "only", "type": kind, "label": label, "purposes": [purpose]});
            if matches!(kind, "select" | "radio") {
                field["options"] = json!(["a", "b"]);
            }
            form["fields"].as_array_mut().expect("fields").push(field);
            let definition =
                candor_definition::parse(form.to_string().as_bytes()).unwrap_or_else(|told| panic!("{told:?}"));
            let language = definition.languages().next().expect("a language");
            let compiled = candor_definition::compile(&definition, language, None);
            for flaw in [Flaw::Missing, Flaw::Malformed, Flaw::TooLong(3)] {
                let key = flaw.key(FieldKind::parse(kind).expect("a kind of the form"));
                let words = &compiled.json()["messages"][key];
                assert!(words.is_string(), "{kind} {flaw:?}: no {key}");
            }
        }
    }
}
