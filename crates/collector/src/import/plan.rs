//! Form, mapping and columns put together: what is known of a file before its first line is judged.
//! Refuses columns that the file does not have. Read next: `import/judge.rs`.

use std::sync::Arc;

use super::{
    Order,
    judge::cell,
    mapping::{Acted, Claim, Mapping, MappingError, SourceControl},
    meta,
    proof::Proof,
    rows::{Format, Row},
};
use crate::{
    config::origin_of,
    mailbox::Mailbox,
    published::{Field, PublishedForm},
};

/// What is known of a file before its first line.
#[derive(Debug)]
pub struct Plan {
    pub form: Arc<PublishedForm>,
    pub source: String,
    pub origin: Option<String>,
    pub(super) id: Option<String>,
    pub(super) acted: Option<Acted>,
    /// Columns of a field, the first that has something counts.
    pub(super) fields: Vec<(String, Vec<String>)>,
    pub(super) asked: Vec<Asked>,
    pub(super) proofs: Vec<Proof>,
}

/// How a purpose was answered.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) purpose: String,
    pub(super) nature: Nature,
    /// Named by the mapping, or there is a column of its name.
    pub(super) claim: Option<(Claim, String)>,
    pub(super) control: Option<SourceControl>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Consent,
    Objection,
    Service,
}

impl Plan {
    /// Puts form, mapping and columns together.
    ///
    /// # Errors
    /// The mapping names what the form or the file does not have.
    pub fn new(order: &Order, head: Option<&[String]>) -> Result<Self, MappingError> {
        let (form, mapping) = (&order.form, &order.mapping);
        mapping.check(form)?;
        let is_meta = order.format == Format::Meta;
        let default = |column: &str| is_meta.then(|| column.to_owned());
        let acted = mapping.acted.clone().or_else(|| is_meta.then(meta::acted));
        let id = mapping.id.clone().or_else(|| default(meta::ID_COLUMN));
        let asked: Vec<Asked> = form
            .controls
            .iter()
            .map(|control| asked(order, head, &control.purpose))
            .collect();
        let mut proofs = Vec::new();
        for shown in &mapping.shown {
            proofs.push(Proof::told(form, shown)?);
        }
        if let Some(source) = &order.meta {
            let box_of = |purpose: &str| {
                let claim = mapping.purposes.get(purpose);
                claim
                    .and_then(|claim| claim.checkbox.clone())
                    .unwrap_or_else(|| purpose.to_owned())
            };
            proofs.push(Proof::of_meta(form, source, box_of));
        }
        let fields = form
            .fields
            .iter()
            .map(|field| (field.id.clone(), columns(order, head, field)));
        let plan = Self {
            form: Arc::clone(form),
            source: source(order),
            origin: mapping
                .origin
                .clone()
                .or_else(|| default(meta::ORIGIN))
                .or_else(|| own_origin(form)),
            id,
            acted,
            fields: fields.collect(),
            asked,
            proofs,
        };
        plan.check(mapping, head)?;
        Ok(plan)
    }

    /// A column that the mapping names has to be there: a misspelled one would silently be empty.
    fn check(&self, mapping: &Mapping, head: Option<&[String]>) -> Result<(), MappingError> {
        let Some(head) = head else { return Ok(()) };
        let claims = mapping
            .purposes
            .iter()
            .filter_map(|(id, claim)| Some((format!("/purposes/{id}/column"), claim.column.as_ref()?)));
        let fields = mapping
            .fields
            .iter()
            .map(|(id, column)| (format!("/fields/{id}"), column));
        let named = mapping.id.iter().map(|column| ("/id".to_owned(), column));
        let acted = mapping
            .acted
            .iter()
            .map(|acted| ("/acted/column".to_owned(), &acted.column));
        let missing = claims
            .chain(fields)
            .chain(named)
            .chain(acted)
            .find(|(_, column)| !head.contains(column));
        match missing {
            None => Ok(()),
            Some((place, column)) => {
                let reason = format!("the file has no column `{column}`");
                Err(MappingError::new(
                    place,
                    reason,
                    "spell it as the file's first line does",
                ))
            }
        }
    }

    /// The mailbox of a line, in its compared form.
    pub fn address(&self, row: &Row) -> Option<String> {
        let cells = row.cells.as_ref().ok()?;
        let field = self.form.fields.iter().find(|field| field.kind == "email")?;
        let (_, columns) = self.fields.iter().find(|(id, _)| *id == field.id)?;
        Some(Mailbox::parse(cell(cells, columns)).ok()?.as_str().to_owned())
    }
}

/// The collector's origin at which the form was published: the page by which people take a choice back is there.
fn own_origin(form: &PublishedForm) -> Option<String> {
    let withdrawal = form.json["record"]["withdrawal"]["url"].as_str()?;
    withdrawal.contains("://").then(|| origin_of(withdrawal).to_owned())
}

/// In words: what the mapping says, or what is known without it.
fn source(order: &Order) -> String {
    let meta = order.meta.as_ref().map(|form| form.id.as_str());
    match (&order.mapping.source, order.format, meta) {
        (Some(source), ..) => source.clone(),
        (None, Format::Meta, Some(form)) => format!("Meta Lead Ads, form {form}"),
        (None, Format::Meta, None) => "Meta Lead Ads".to_owned(),
        (None, Format::Csv, _) => "a list (CSV)".to_owned(),
    }
}

fn asked(order: &Order, head: Option<&[String]>, purpose: &str) -> Asked {
    let process = order.form.process(purpose);
    let nature = match process.and_then(|process| process["basis"].as_str()) {
        Some("consent" | "explicit-consent") => Nature::Consent,
        Some("legitimate-interest" | "soft-opt-in") => Nature::Objection,
        _ => Nature::Service,
    };
    let told = order.mapping.purposes.get(purpose);
    let by_name = head.and_then(|head| head.iter().find(|name| name.eq_ignore_ascii_case(purpose)));
    let key = told.and_then(|claim| claim.checkbox.as_deref());
    // In the Graph API's answer each box is a column; a service needs none, where the mapping says that all asked for it.
    let at_box = head.is_none().then(|| match nature {
        Nature::Service => key.map(meta::box_column),
        _ => Some(meta::box_column(key.unwrap_or(purpose))),
    });
    let column = told
        .and_then(|claim| claim.column.clone())
        .or_else(|| by_name.cloned())
        .or_else(|| at_box.flatten());
    let claim = match (told, column) {
        (Some(claim), column) => Some((claim.clone(), column.unwrap_or_default())),
        (None, column) => column.map(|column| (Claim::default(), column)),
    };
    let at_meta = order
        .meta
        .as_ref()
        .and_then(|form| form.checkbox(key.unwrap_or(purpose)))
        .map(meta::Checkbox::control);
    Asked {
        purpose: purpose.to_owned(),
        nature,
        claim,
        // What Meta itself says of its box counts more than what anybody says of it.
        control: at_meta.or_else(|| told.and_then(|claim| claim.control)),
    }
}

/// The columns of a field: the mapping's, else of its name or label, else of Meta's standard question.
fn columns(order: &Order, head: Option<&[String]>, field: &Field) -> Vec<String> {
    if let Some(column) = order.mapping.fields.get(&field.id) {
        return vec![column.clone()];
    }
    let label = order.form.text(&format!("field.{}", field.id)).unwrap_or_default();
    let is_named = |name: &&String| name.eq_ignore_ascii_case(&field.id) || name.to_lowercase() == label.to_lowercase();
    let mut found: Vec<String> = head.into_iter().flatten().filter(is_named).take(1).cloned().collect();
    if head.is_none() {
        found.push(field.id.clone());
    }
    if order.format == Format::Meta && found.len() < 2 {
        found.extend(
            meta::standard_columns(&field.kind)
                .iter()
                .map(|name| (*name).to_owned()),
        );
    }
    found
}
