//! What the form itself records of a person, whatever its purposes: proof, suppression list, confirmation mail, access log,
//! requests. The same processing as the rows that the collector's register has of itself; its times are the collector's.
//!
//! Silent where no collector does it.

use super::{Block, Words};
use crate::compile::{Form, retention};
use crate::field::FieldType;
use crate::period::Period;
use crate::purpose::Purpose;

/// How long an entry of the access log is kept, and the answer to a request: the collector's sweep deletes by them.
const ACCESS_LOG: &str = "P1Y";
const REQUESTS: &str = "P3Y";
/// How long a link to confirm lives where the definition does not say.
const CONFIRMATION: &str = "P7D";

pub(super) fn all(form: &Form<'_>) -> Vec<Block> {
    if !form.has_collector() {
        return Vec::new();
    }
    let definition = form.definition;
    let said = |text: &str| {
        Period::parse(text)
            .map(|period| retention::words(form, &period))
            .unwrap_or_default()
    };
    let proof = retention::words(form, definition.proof_retention());
    let proof = form.tell("own.proof.kept", &[("period", &proof)]);
    let suppression = form.tell("own.suppression.kept", &[]);
    let mut rows = vec![
        row(
            form,
            "proof",
            ("legitimate-interest", "6(1)(f), 5(2), 7(1), 17(3)(e)"),
            proof,
        ),
        row(
            form,
            "suppression",
            ("legal-obligation", "6(1)(c), 7(3), 21(3)"),
            suppression,
        ),
        row(
            form,
            "access",
            ("legal-obligation", "6(1)(c), 5(2), 32"),
            said(ACCESS_LOG),
        ),
        row(form, "requests", ("legal-obligation", "6(1)(c), 12(3)"), said(REQUESTS)),
    ];
    let has_mailbox = definition
        .fields()
        .iter()
        .any(|field| field.field_type() == FieldType::Email);
    if has_mailbox && definition.purposes().iter().any(Purpose::is_consent) {
        let expires = definition.confirmation().expires();
        let period = expires.map_or_else(|| said(CONFIRMATION), |period| retention::words(form, period));
        rows.insert(
            2,
            row(form, "mail", ("legal-obligation", "6(1)(c), 5(1)(d), 7(1)"), period),
        );
    }
    rows.push(Block::Paragraph(Words::plain(form.tell("own.address", &[]))));
    rows
}

fn row(form: &Form<'_>, id: &str, (basis, articles): (&str, &str), kept: String) -> Block {
    let basis = format!("{} ({articles})", form.tell(&format!("basis.{basis}"), &[]));
    Block::Entry {
        title: form.tell(&format!("own.{id}"), &[]),
        rows: vec![
            (form.tell("basis", &[]), vec![Words::plain(basis)]),
            (form.tell("kept", &[]), vec![Words::plain(kept)]),
        ],
    }
}
