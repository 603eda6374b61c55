//! What was typed into one form, as inputs that correct it.
//! Refuses an input for an e-mail address: another one is another person.

use uuid::Uuid;

use super::{receipt, service};
use crate::{
    act::correct,
    app::App,
    catalog::Words,
    dates::date,
    ingest::fields,
    person::{Person, PersonSubmission},
    published::Field,
};

/// What was typed into one form.
#[derive(Debug)]
pub struct Typed {
    pub chain: Uuid,
    pub service: String,
    pub date: String,
    pub language: String,
    pub receipt: String,
    /// Labels and values that cannot be corrected here.
    pub fixed: Vec<(String, String)>,
    pub inputs: Vec<Input>,
}

#[derive(Debug)]
pub struct Input {
    pub dom_id: String,
    pub name: String,
    pub label: String,
    pub kind: InputKind,
    pub value: String,
    pub required: bool,
    /// What a browser may fill in (WCAG 2.2, 1.3.5).
    pub autocomplete: &'static str,
    pub error: Option<String>,
}

#[derive(Debug)]
pub enum InputKind {
    Line(&'static str),
    Area,
    /// Values with their labels.
    Select(Vec<(String, String)>),
}

/// What came back with flaws.
#[derive(Debug, Default)]
pub struct Again {
    pub chain: Option<Uuid>,
    pub values: Vec<(String, String)>,
    pub errors: Vec<(String, String)>,
}

impl Typed {
    pub(super) fn new(
        app: &App,
        person: &Person,
        words: Words,
        number: usize,
        lead: &PersonSubmission,
        again: &Again,
    ) -> Self {
        let chain = lead.stored.record.id;
        let comes_back = again.chain == Some(chain);
        let label = |field: &Field| {
            lead.form
                .displayed(&format!("field.{}", field.id))
                .unwrap_or_else(|| field.id.clone())
        };
        let now = |field: &Field| correct::value(lead, &field.id).unwrap_or_default();
        let (open, fixed): (Vec<&Field>, Vec<&Field>) = correct::asked(person, lead, app.clock.now())
            .into_iter()
            .partition(|field| correct::is_open(field));
        let input = |field: &Field| {
            let find = |list: &[(String, String)]| {
                let found = list.iter().find(|(id, _)| comes_back && *id == field.id);
                found.map(|(_, text)| text.clone())
            };
            Input {
                dom_id: format!("v{number}-{}", field.id),
                name: format!("value.{}", field.id),
                label: label(field),
                kind: InputKind::of(field),
                value: find(&again.values).unwrap_or_else(|| now(field)),
                required: correct::is_required(person, lead, field),
                autocomplete: fields::kind(field).traits().autocomplete,
                error: find(&again.errors),
            }
        };
        Self {
            chain,
            service: service(person, chain),
            date: date(words, lead.stored.record.received),
            language: lead.form.row.language.clone(),
            receipt: receipt(app, chain),
            inputs: open.into_iter().map(input).collect(),
            fixed: fixed
                .into_iter()
                .map(|field| (label(field), now(field)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        }
    }
}

impl InputKind {
    fn of(field: &Field) -> Self {
        match field.kind.as_str() {
            "long-text" => Self::Area,
            "phone" => Self::Line("tel"),
            "url" => Self::Line("url"),
            _ if !field.options.is_empty() => {
                let options = field.options.iter();
                Self::Select(options.map(|it| (it.value.clone(), it.label.clone())).collect())
            }
            _ => Self::Line("text"),
        }
    }
}
