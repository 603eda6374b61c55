//! The form without script: the same views, with nothing that listens.

use std::rc::Rc;

use yew::prelude::*;

use crate::compiled::CompiledForm;
use crate::form::field::FieldError;
use crate::form::state::FormState;
use crate::view::id::Ids;
use crate::view::sheet::{Sheet, sheet};

#[derive(Properties, PartialEq)]
pub(crate) struct PrintedProps {
    state: Rc<FormState>,
    action: AttrValue,
    heading_level: u8,
    issued: Option<AttrValue>,
}

impl PrintedProps {
    pub(crate) fn new(
        form: CompiledForm,
        action: String,
        values: Vec<(String, String)>,
        errors: Vec<(String, String)>,
        heading_level: u8,
    ) -> Self {
        let place = |id: &str| form.fields.iter().position(|field| field.id == id);
        let values: Vec<_> = values
            .into_iter()
            .filter_map(|(id, value)| Some((place(&id)?, value)))
            .collect();
        let errors = errors
            .into_iter()
            .filter_map(|(id, message)| {
                Some(FieldError {
                    field: place(&id)?,
                    message,
                })
            })
            .collect();
        let mut state = FormState::new(Rc::new(form));
        for (field, value) in values {
            state.values[field] = value;
        }
        state.errors = errors;
        Self {
            state: state.into(),
            action: action.into(),
            heading_level,
            issued: None,
        }
    }

    pub(crate) fn issued(self, issued: Option<String>) -> Self {
        Self {
            issued: issued.map(AttrValue::from),
            ..self
        }
    }
}

#[component]
pub(crate) fn Printed(props: &PrintedProps) -> Html {
    let state = &*props.state;
    sheet(&Sheet {
        form: &state.form,
        state,
        ids: &Ids::new(["candor-", &state.form.id].concat()),
        heading_level: props.heading_level,
        action: props.action.clone(),
        is_printed: true,
        issued: props.issued.as_deref(),
        summary: NodeRef::default(),
        heading: NodeRef::default(),
    })
}
