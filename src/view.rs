//! What a visitor sees. Plain functions from data to `Html`; `widget` alone has hooks.
//!
//! Every text that bears on a decision stands in an element with `data-candor-ref`, in the order of record.md §5, and
//! never inside something closed: `shown` reads exactly these elements back at submit.

pub mod field;
pub mod id;
pub mod markup;
pub mod notice;
pub mod purpose;
pub mod receipt;
pub mod sheet;
pub mod summary;

#[cfg(feature = "ssr")]
pub mod printed;
#[cfg(target_arch = "wasm32")]
pub mod widget;

use crate::compiled::CompiledForm;
use crate::view::markup::{Markup, tag};

/// An element that carries one text of the list, where the form has it.
fn said(form: &CompiledForm, reference: &str, name: &'static str, class: &'static str) -> Option<Markup> {
    form.text(reference)
        .map(|text| tag(name, class).says(reference).text(text))
}
