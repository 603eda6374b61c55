//! The full list of texts, in the reading order of spec/record.md §5.

use candor_record::id::PurposeId;
use candor_record::term::Control;
use serde_json::{Value, json};

use super::{Form, recipients, retention, sentences};
use crate::field::Field;
use crate::purpose::Purpose;
use crate::text::{Text, normalise};

/// One text that can be shown.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) reference: String,
    pub(super) text: String,
    when: Option<PurposeId>,
}

impl Entry {
    pub(super) fn to_json(&self) -> Value {
        let mut json = json!({ "ref": self.reference, "text": self.text });
        super::put(
            &mut json,
            "when",
            self.when.as_ref().map(|purpose| json!({ "purpose": purpose.as_str() })),
        );
        json
    }
}

/// Every text of the form; a ref with nothing to say is absent.
pub(super) fn list(form: &Form<'_>) -> Vec<Entry> {
    let definition = form.definition;
    let mut list = List {
        form,
        entries: Vec::new(),
    };
    list.text("title", Some(definition.title()));
    list.text("intro", definition.intro());
    for field in definition.fields().iter().filter(|field| field.when.is_none()) {
        list.field(field);
    }
    for purpose in definition.purposes().iter().filter(|purpose| !is_choice(form, purpose)) {
        list.purpose(purpose);
    }
    if definition.purposes().iter().any(|purpose| is_choice(form, purpose)) {
        list.sentence("choices", sentences::choices(form));
        list.sentence("choices.note", sentences::note(form));
    }
    for purpose in definition.purposes().iter().filter(|purpose| is_choice(form, purpose)) {
        list.purpose(purpose);
        for field in definition
            .fields()
            .iter()
            .filter(|field| field.when.as_ref() == Some(&purpose.id))
        {
            list.field(field);
        }
    }
    list.sentence("controller", sentences::controller(form));
    list.sentence("recipients", recipients::sentence(form));
    list.sentence("retention", retention::sentence(form));
    list.sentence("rights", sentences::rights(form));
    list.sentence("complaint", sentences::complaint(form));
    list.sentence("withdrawal", sentences::withdrawal(form));
    list.sentence("policy", form.say("policy", &[]));
    list.text("submit", Some(&definition.submit().label));
    list.entries
}

/// Whether the visitor has a box for it.
pub(super) fn is_choice(form: &Form<'_>, purpose: &Purpose) -> bool {
    matches!(
        form.definition.control(purpose),
        Control::Checkbox | Control::ObjectionCheckbox
    )
}

struct List<'d> {
    form: &'d Form<'d>,
    entries: Vec<Entry>,
}

impl List<'_> {
    fn text(&mut self, reference: &str, text: Option<&Text>) {
        let text = text.map(|text| text.in_language(self.form.language).to_owned());
        self.sentence(reference, text.unwrap_or_default());
    }

    /// Generated sentences are normalised like written ones: the page is read back and compared.
    fn sentence(&mut self, reference: &str, text: String) {
        let text = normalise(&text);
        if !text.is_empty() {
            self.entries.push(Entry {
                reference: reference.to_owned(),
                text,
                when: None,
            });
        }
    }

    fn field(&mut self, field: &Field) {
        // A hidden field shows nothing, so nothing of it was read.
        if field.is_hidden() {
            return;
        }
        let first = self.entries.len();
        self.text(&format!("field.{}", field.id), Some(&field.label));
        self.text(&format!("field.{}.hint", field.id), field.hint.as_ref());
        for entry in &mut self.entries[first..] {
            entry.when.clone_from(&field.when);
        }
    }

    fn purpose(&mut self, purpose: &Purpose) {
        self.text(&format!("purpose.{}", purpose.id), Some(&purpose.statement));
        self.text(&format!("purpose.{}.details", purpose.id), purpose.details.as_ref());
        self.text(&format!("purpose.{}.interest", purpose.id), purpose.interest());
        if self.form.definition.control(purpose) == Control::ObjectionCheckbox {
            let own = purpose
                .objection()
                .map(|text| text.in_language(self.form.language).to_owned());
            let words = own.unwrap_or_else(|| self.form.say("objection", &[]));
            self.sentence(&format!("purpose.{}.objection", purpose.id), words);
        }
    }
}
