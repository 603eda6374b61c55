//! What the form does to the browser: the visitor's events in, actions out, and the beginning of a submission.
//!
//! One `Session` lives as long as the form is on the page. Late answers find it ended and are dropped. The reducer knows
//! nothing of this; next: `sending`, the submission itself.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use candor_record::term::Control;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};
use yew::html::Scope;

use crate::consent::Answer;
use crate::element::events;
use crate::form::action::Action;
use crate::form::field::FieldError;
use crate::form::sending;
use crate::form::state::{FormState, Phase, Verification};
use crate::js::{call, get};
use crate::options::Options;
use crate::page::Untouched;
use crate::text::cut;
use crate::view::widget::Widget;
use crate::{consent, page};

/// One form on the page.
pub struct Session {
    options: Options,
    pub(crate) container: HtmlElement,
    untouched: Vec<Untouched>,
    pub(crate) host: HtmlElement,
    state: RefCell<Rc<FormState>>,
    /// The component, while it is on the page.
    link: RefCell<Option<Scope<Widget>>>,
    /// Set while a submission is on its way: a second click sends nothing.
    busy: Cell<bool>,
    /// A label that a script clicks makes the browser click its box, and that click claims to be the visitor's.
    scripted_label: Cell<bool>,
    /// What the last submission said, for its receipt.
    pub(crate) answers: RefCell<Vec<Answer>>,
    /// The browser's part of it: `www/send.js`.
    sender: RefCell<JsValue>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Session")
    }
}

impl Session {
    pub fn new(container: HtmlElement, host: HtmlElement, options: Options) -> Self {
        Self {
            state: RefCell::new(Rc::new(first_state(&options))),
            untouched: page::untouched(&options.form),
            link: RefCell::default(),
            options,
            container,
            host,
            busy: Cell::default(),
            scripted_label: Cell::default(),
            answers: RefCell::default(),
            sender: RefCell::default(),
        }
    }

    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Sends by this from now on.
    pub fn connect(&self, sender: JsValue) {
        *self.sender.borrow_mut() = sender;
    }

    /// Shows the state from now on, and tells of its changes.
    pub fn attach(&self, link: Scope<Widget>) {
        *self.link.borrow_mut() = Some(link);
    }

    pub fn state(&self) -> Rc<FormState> {
        self.state.borrow().clone()
    }

    /// Tells the page that the form is there.
    pub fn announce(&self) {
        events::ready(&self.host);
    }

    pub fn on_input(self: &Rc<Self>, event: &Event) {
        let Some(control) = target(event) else { return };
        let name = control.get_attribute("name").unwrap_or_default();
        let Some(field) = self.options.form.fields.iter().position(|field| field.id == name) else {
            return;
        };
        self.dispatch(Action::Type {
            field,
            value: page::value(&control),
        });
        self.ask("prepare");
        events::field_changed(&self.host, &name);
    }

    /// What was pressed. The only way to a tick: `change` and `input` claim to be trusted after a scripted `click()`; `click` does not.
    pub fn on_click(self: &Rc<Self>, event: &Event) {
        if matches!(self.state().phase, Phase::Sent(_)) {
            return self.on_receipt_click(event);
        }
        let Some(element) = target(event) else { return };
        if closest(&element, "[type=\"submit\"]").is_some() {
            // A page that cancelled the click before it came here wants no submission.
            if get(event, "defaultPrevented").is_truthy() {
                return;
            }
            event.prevent_default();
            return self.submit(event.is_trusted());
        }
        if let Some(link) = closest(&element, "a[href^=\"#\"]") {
            event.prevent_default();
            return self.focus_on(&link);
        }
        if closest(&element, ".candor-again").is_some() {
            return self.ask("wake");
        }
        if closest(&element, "label").is_some() {
            self.note_label(event.is_trusted());
            return;
        }
        let Some(tick) = element
            .dyn_ref::<HtmlInputElement>()
            .filter(|input| input.type_() == "checkbox")
        else {
            return;
        };
        let Some(purpose) = self.purpose_of(&tick.name()) else {
            return;
        };
        if self.busy.get() {
            return event.prevent_default();
        }
        let trusted = event.is_trusted() && !self.scripted_label.get();
        self.dispatch(Action::Click {
            purpose,
            ticked: tick.checked(),
            trusted,
        });
        self.ask("prepare");
        events::purpose_changed(&self.host, &self.options.form.purposes[purpose].id);
    }

    /// A submit that no button made: by a script, or our own, which tells the browser of the address (`www/send.js`).
    pub fn on_submit(self: &Rc<Self>, event: &Event) {
        event.prevent_default();
        // What a page has for all its forms would post the values by itself, without the record.
        event.stop_propagation();
        self.submit(false);
    }

    /// Begins a submission, by the visitor's own act or not. Where one is on its way, nothing happens.
    pub fn submit(self: &Rc<Self>, trusted: bool) {
        if self.busy.get() {
            return;
        }
        for (purpose, _) in self.purposes_by(Control::Submit) {
            self.dispatch(Action::Click {
                purpose,
                ticked: false,
                trusted,
            });
        }
        self.observe();
        let state = self.state();
        let problems = state.problems();
        if !problems.is_empty() {
            return self.refuse(problems);
        }
        self.busy.set(true);
        let shown = page::shown(&self.container, &state.form, &self.untouched);
        let answers = consent::answers(&state, &shown);
        let values = consent::values(&state, &answers);
        let draft = sending::draft(self, &shown, &answers, &values);
        *self.answers.borrow_mut() = answers;
        let _a_failure_is_told = call(&self.sender.borrow(), "send", &[draft]);
    }

    /// Checks the receipt, because the visitor asked for it.
    fn on_receipt_click(self: &Rc<Self>, event: &Event) {
        if target(event).and_then(|element| closest(&element, "button")).is_none() {
            return;
        }
        self.dispatch(Action::Verify(Verification::Running));
        self.ask("verify");
    }

    /// What `www/send.js` tells.
    pub fn hear(self: &Rc<Self>, news: &JsValue) {
        sending::hear(self, news);
    }

    /// A submission is over, or else the task in which a script clicked a label.
    pub(crate) fn settle(&self, is_idle: bool) {
        if is_idle {
            self.busy.set(false);
        } else {
            self.scripted_label.set(false);
        }
    }

    pub fn validate(&self) -> bool {
        self.observe();
        let problems = self.state().problems();
        if problems.is_empty() {
            return true;
        }
        self.refuse(problems);
        false
    }

    pub fn reset(&self) {
        if !self.busy.get() {
            self.ask("forget");
            self.dispatch(Action::Reset);
        }
    }

    /// The form leaves the page.
    pub fn end(&self) {
        self.ask("end");
        self.link.take();
    }

    pub fn has_focus(&self) -> bool {
        self.container.matches(":focus-within").unwrap_or_default()
    }

    pub fn state_name(&self) -> &'static str {
        match &self.state().phase {
            Phase::Editing => "editing",
            Phase::Sending(_) => "sending",
            Phase::Failed(_) => "failed",
            Phase::Sent(outcome) if outcome.pending => "pending",
            Phase::Sent(_) => "done",
        }
    }

    pub(crate) fn dispatch(&self, action: Action) {
        let next = FormState::clone(&self.state()).reduce(action);
        *self.state.borrow_mut() = Rc::new(next);
        if let Some(link) = &*self.link.borrow() {
            link.send_message(());
        }
    }

    fn ask(&self, what: &str) {
        let _a_failure_is_told = call(&self.sender.borrow(), what, &[]);
    }

    fn observe(&self) {
        let form = &self.options.form;
        let (values, boxes) = (page::values(&self.container, form), page::boxes(&self.container, form));
        if !self.state().agrees_with(&values, &boxes) {
            self.dispatch(Action::Observe { values, boxes });
        }
    }

    fn refuse(&self, problems: Vec<FieldError>) {
        events::invalid(&self.host, &self.options.form, &problems);
        self.dispatch(Action::Refuse(problems));
    }

    fn purposes_by(&self, control: Control) -> impl Iterator<Item = (usize, &crate::compiled::Purpose)> {
        self.options
            .form
            .purposes
            .iter()
            .enumerate()
            .filter(move |(_, purpose)| purpose.control == control)
    }

    fn purpose_of(&self, name: &str) -> Option<usize> {
        let (_, id) = cut(name, b'.')?;
        self.options.form.purposes.iter().position(|purpose| purpose.id == id)
    }

    fn note_label(self: &Rc<Self>, trusted: bool) {
        self.scripted_label.set(!trusted);
        if trusted {
            return;
        }
        // The box's click follows within this same task; whatever comes later is another act.
        self.ask("later");
    }

    fn focus_on(&self, link: &Element) {
        let target = link.get_attribute("href").unwrap_or_default();
        let control = self.container.query_selector(&target).ok().flatten();
        if let Some(control) = control.as_ref().and_then(|control| control.dyn_ref::<HtmlElement>()) {
            let _focus_is_a_courtesy = control.focus();
        }
    }
}

/// The form with what the visitor did before the widget was there.
fn first_state(options: &Options) -> FormState {
    let mut state = FormState::new(options.form.clone());
    for (id, trusted) in &options.ticks {
        if let Some(purpose) = options.form.purposes.iter().position(|purpose| purpose.id == *id) {
            state = state.reduce(Action::Click {
                purpose,
                ticked: true,
                trusted: *trusted,
            });
        }
    }
    for (id, value) in &options.values {
        if let Some(field) = options.form.fields.iter().position(|field| field.id == *id) {
            state = state.reduce(Action::Type {
                field,
                value: value.clone(),
            });
        }
    }
    state
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

fn closest(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok()?
}
