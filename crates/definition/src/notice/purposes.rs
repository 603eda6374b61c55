//! Each purpose with its legal basis, the data that it needs, and how often the person hears of it.

use super::{Block, Words};
use crate::compile::{Form, retention};
use crate::purpose::Purpose;

pub(super) fn all(form: &Form<'_>) -> Vec<Block> {
    form.definition
        .purposes()
        .iter()
        .map(|purpose| one(form, purpose))
        .collect()
}

fn one(form: &Form<'_>, purpose: &Purpose) -> Block {
    let basis = purpose.basis().as_str();
    let article = article(basis);
    let basis = format!("{} ({article})", form.tell(&format!("basis.{basis}"), &[]));
    let fields = form.definition.fields_of(&purpose.id);
    let data: Vec<Words> = fields
        .map(|it| Words::plain(it.label.in_language(form.language)))
        .collect();
    let mut rows = vec![(form.tell("basis", &[]), vec![Words::plain(basis)])];
    if let Some(details) = &purpose.details {
        rows[0].1.push(Words::plain(details.in_language(form.language)));
    }
    if !data.is_empty() {
        rows.push((form.tell("data", &[]), data));
    }
    if let Some(frequency) = &purpose.frequency {
        let period = retention::words(form, frequency);
        rows.push((form.tell("frequency", &[]), vec![Words::plain(period)]));
    }
    if let Some(validity) = purpose.validity() {
        let period = retention::words(form, validity);
        rows.push((form.tell("validity", &[]), vec![Words::plain(period)]));
    }
    Block::Entry {
        title: purpose.statement.in_language(form.language).to_owned(),
        rows,
    }
}

/// Where a basis stands: in the GDPR, and for the soft opt-in in Directive 2002/58/EC too.
fn article(basis: &str) -> &'static str {
    match basis {
        "consent" => "6(1)(a)",
        "explicit-consent" => "6(1)(a), 9(2)(a), 49(1)(a)",
        "soft-opt-in" => "6(1)(f); 2002/58/EC 13(2)",
        "legitimate-interest" => "6(1)(f)",
        "legal-obligation" => "6(1)(c)",
        _ => "6(1)(b)",
    }
}
