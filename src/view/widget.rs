//! The component: shows the session's state, and hands the focus on. It decides nothing.
//!
//! A struct and not a function: its hooks would be a tenth of the bundle, and the state lives in the session anyway,
//! where late answers can find it.

use std::rc::Rc;

use web_sys::HtmlElement;
use yew::prelude::*;

use crate::form::effects::Session;
use crate::form::state::Phase;
use crate::view::id::Ids;
use crate::view::receipt::{Receipt, receipt};
use crate::view::sheet::{Sheet, sheet};

#[derive(Debug, Properties, Clone)]
pub struct WidgetProps {
    pub session: Rc<Session>,
    pub prefix: AttrValue,
}

impl PartialEq for WidgetProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
    }
}

#[derive(Debug)]
pub struct Widget {
    ids: Ids,
    summary: NodeRef,
    heading: NodeRef,
    /// How often the summary has had the focus.
    refusals: u32,
    showed_receipt: bool,
    /// Whether the focus was in the form before it changed.
    had_focus: bool,
}

impl Component for Widget {
    type Message = ();
    type Properties = WidgetProps;

    fn create(context: &Context<Self>) -> Self {
        let session = &context.props().session;
        session.attach(context.link().clone());
        Self {
            ids: Ids::new(context.props().prefix.as_str().to_owned()),
            summary: NodeRef::default(),
            heading: NodeRef::default(),
            refusals: 0,
            showed_receipt: false,
            had_focus: false,
        }
    }

    fn update(&mut self, context: &Context<Self>, (): ()) -> bool {
        self.had_focus = context.props().session.has_focus();
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let session = &context.props().session;
        let state = session.state();
        let form = &state.form;
        let heading_level = session.options().heading_level;
        if let Phase::Sent(outcome) = &state.phase {
            return receipt(&Receipt {
                form,
                outcome,
                heading_level,
                heading: self.heading.clone(),
            });
        }
        sheet(&Sheet {
            form,
            state: &state,
            ids: &self.ids,
            heading_level,
            action: session.options().action.clone().into(),
            is_printed: false,
            issued: None,
            summary: self.summary.clone(),
            heading: self.heading.clone(),
        })
    }

    fn rendered(&mut self, context: &Context<Self>, is_first: bool) {
        let session = &context.props().session;
        let state = session.state();
        let is_receipt = matches!(state.phase, Phase::Sent(_));
        if is_receipt && !self.showed_receipt {
            focus(&self.heading);
        } else if state.refusals > self.refusals {
            focus(&self.summary);
        } else if self.had_focus && !session.has_focus() {
            // What had it is gone. A keyboard or a screen reader would start again at the top of the page.
            focus(&self.heading);
        }
        self.showed_receipt = is_receipt;
        self.refusals = state.refusals;
        if is_first {
            session.announce();
        }
    }
}

fn focus(node: &NodeRef) {
    if let Some(element) = node.cast::<HtmlElement>() {
        let _focus_is_a_courtesy = element.focus();
    }
}
