//! The component: wires the reducer, the effects and the views. It decides nothing.

use std::rc::Rc;

use yew::prelude::*;

use crate::form::effects::Session;
use crate::form::state::Phase;
use crate::view::id::Ids;
use crate::view::receipt::{Receipt, receipt};
use crate::view::sheet::{Acts, Sheet, sheet};

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

#[component]
pub fn Widget(props: &WidgetProps) -> Html {
    let session = &props.session;
    let initial = session.clone();
    let state = use_reducer(move || initial.first_state());
    let (summary, heading) = (use_node_ref(), use_node_ref());
    session.attach(&state);

    use_focus(&summary, state.refusals);
    use_focus(&heading, u32::from(matches!(state.phase, Phase::Sent(_))));
    use_effect_with((), {
        let session = session.clone();
        move |()| session.announce()
    });

    let form = state.form.clone();
    let options = session.options();
    if let Phase::Sent(outcome) = &state.phase {
        let on_click = listener(session, Session::on_receipt_click);
        let heading_level = options.heading_level;
        return receipt(&Receipt {
            form: &form,
            outcome,
            heading_level,
            heading,
            on_click,
        });
    }
    let acts = Acts {
        on_submit: listener(session, Session::on_submit),
        on_input: listener(session, Session::on_input),
        on_click: listener(session, Session::on_click),
    };
    sheet(&Sheet {
        form: &form,
        state: &state,
        ids: &Ids::new(props.prefix.to_string()),
        heading_level: options.heading_level,
        action: options.action.clone().into(),
        acts: Some(&acts),
        summary,
    })
}

fn listener(session: &Rc<Session>, act: fn(&Rc<Session>, &Event)) -> Callback<Event> {
    let session = session.clone();
    Callback::from(move |event| act(&session, &event))
}

/// Gives the focus to an element each time the count grows; never at the start.
#[hook]
fn use_focus(node: &NodeRef, count: u32) {
    let node = node.clone();
    use_effect_with(count, move |count| {
        let element = node.cast::<web_sys::HtmlElement>().filter(|_| *count > 0);
        if let Some(element) = element {
            let _focus_is_a_courtesy = element.focus();
        }
    });
}
