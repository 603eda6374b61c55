//! What the loader hands over: the form, where to send, and what the visitor had already done.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use crate::compiled::{CompiledForm, ReadError};
use crate::js::{get, global, set, spelled};
use crate::json::Json;
use crate::payload::{ADDED, ADDED_TO_PROCESS, PLACE, Pieces, SPELLED_PLACE};

/// Everything that one mounted form is given.
#[derive(Debug, Clone)]
pub struct Options {
    pub form: Rc<CompiledForm>,
    /// The record's constant part.
    pub constant: Pieces,
    /// Absolute; absent where the page alone gets the submission.
    pub endpoint: Option<String>,
    /// Where the form posts if the widget should die under it.
    pub action: String,
    pub heading_level: u8,
    /// Values typed before the widget was there, or taken from the address; by field id.
    pub values: Vec<(String, String)>,
    /// Boxes ticked before the widget was there; with whether the loader saw the visitor do it.
    pub ticks: Vec<(String, bool)>,
}

impl Options {
    /// Reads the loader's object.
    ///
    /// # Errors
    /// When the compiled form cannot be read.
    pub fn read(options: &JsValue) -> Result<Self, ReadError> {
        let source = options.member("compiled").ok_or(ReadError::Missing("compiled"))?;
        let members = |name| {
            options
                .member(name)
                .map(|object: JsValue| object.members())
                .unwrap_or_default()
        };
        let mut form = CompiledForm::read(&source)?;
        form.gpc = get(&global("navigator"), "globalPrivacyControl").is_true();
        Ok(Self {
            form: Rc::new(form),
            endpoint: options.text_member("endpoint").filter(|address| !address.is_empty()),
            action: options.text_member("action").unwrap_or_default(),
            heading_level: options
                .member("headingLevel")
                .and_then(|level| level.size())
                .map_or(2, |level| level as u8),
            values: members("values")
                .into_iter()
                .filter_map(|(id, value)| Some((id, value.text()?)))
                .collect(),
            ticks: members("ticks")
                .into_iter()
                .map(|(id, trusted)| (id, trusted.is_true()))
                .collect(),
            constant: pieces(&get(&source, "record")),
        })
    }
}

/// The object is the loader's own, and takes the places. Done once, when the form is mounted: the visitor waits for
/// what is done at submit.
fn pieces(record: &JsValue) -> Pieces {
    for name in ADDED {
        set(record, name, &PLACE.into());
    }
    for process in record.element_members("processes") {
        for name in ADDED_TO_PROCESS {
            set(&process, name, &PLACE.into());
        }
    }
    let pieces = JsValue::from(spelled(record).split(SPELLED_PLACE));
    pieces.elements().iter().filter_map(Json::text).collect()
}
