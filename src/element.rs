//! The border to the custom element: what `www/loader` calls, and the events that the page hears.
//!
//! The class itself is JavaScript (Rust cannot subclass HTMLElement), and decides only what must survive a failed wasm.

pub mod events;

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement};
use yew::{AppHandle, Renderer};

use crate::form::effects::Session;
use crate::js::object;
use crate::options::Options;
use crate::text::digits;
use crate::view::widget::{Widget, WidgetProps};

/// A form on the page. The loader keeps it, and drops it when the element leaves the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mounted {
    app: AppHandle<Widget>,
    session: Rc<Session>,
    _ears: [Ear; 3],
    _hears: Closure<dyn Fn(JsValue)>,
}

#[wasm_bindgen]
extern "C" {
    /// What the browser does with a submission: `www/send.js`.
    #[wasm_bindgen(js_name = candorSender)]
    fn sender(container: &HtmlElement, host: &HtmlElement, options: &JsValue, tell: &JsValue) -> JsValue;
}

/// Numbers the forms of a page, so that no two share an id.
static FORMS: AtomicU32 = AtomicU32::new(1);

/// Shows the form in `container`, with events on `host`.
///
/// # Errors
/// A sentence that names what the compiled form lacks.
#[wasm_bindgen]
pub fn mount(container: HtmlElement, host: HtmlElement, options: &JsValue) -> Result<Mounted, JsError> {
    let options = Options::read(options).map_err(|problem| JsError::new(&problem.sentence()))?;
    for (token, value) in &options.form.theme {
        let token = token.strip_prefix("--candor-").unwrap_or(token);
        // A value that CSS does not know is ignored by the browser, like in any style sheet.
        let _ignored = container
            .style()
            .set_property(&["--candor-theme-", token].concat(), value);
    }
    let prefix = ["candor-", &digits(FORMS.fetch_add(1, Ordering::Relaxed))].concat();
    let sending = object(&[
        ("endpoint", options.endpoint.as_deref().into()),
        ("language", options.form.language.as_str().into()),
        ("redirect", options.form.submit.redirect.as_deref().into()),
    ]);
    let session = Rc::new(Session::new(container.clone(), host.clone(), options));
    let hearing = session.clone();
    let hears = Closure::<dyn Fn(JsValue)>::new(move |news| hearing.hear(&news));
    session.connect(sender(&container, &host, &sending, hears.as_ref()));
    let ear = |name, act| Ear::new(&container, name, &session, act);
    let ears = [
        ear("submit", Session::on_submit),
        ear("input", Session::on_input),
        ear("click", Session::on_click),
    ];
    let props = WidgetProps {
        session: session.clone(),
        prefix: prefix.into(),
    };
    let app = Renderer::<Widget>::with_root_and_props(container.into(), props).render();
    Ok(Mounted {
        app,
        session,
        _ears: ears,
        _hears: hears,
    })
}

/// Listens at the container for every control in it, before anybody inside, until it is dropped. Yew's own listeners
/// are never dropped: each form that left the page would stay in memory, with its nodes.
#[derive(Debug)]
struct Ear {
    container: HtmlElement,
    name: &'static str,
    act: Closure<dyn Fn(Event)>,
}

impl Ear {
    fn new(container: &HtmlElement, name: &'static str, session: &Rc<Session>, act: fn(&Rc<Session>, &Event)) -> Self {
        let session = session.clone();
        let act = Closure::<dyn Fn(Event)>::new(move |event| act(&session, &event));
        let _names_are_known =
            container.add_event_listener_with_callback_and_bool(name, act.as_ref().unchecked_ref(), true);
        Self {
            container: container.clone(),
            name,
            act,
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        let listener = self.act.as_ref().unchecked_ref();
        let _was_there = self
            .container
            .remove_event_listener_with_callback_and_bool(self.name, listener, true);
    }
}

#[wasm_bindgen]
impl Mounted {
    /// Takes the form off the page. What is on its way to the collector still arrives; its answer is dropped.
    pub fn destroy(self) {
        self.session.end();
        self.app.destroy();
    }

    /// Sends the form as if its button had been pressed: by the visitor, before the widget was there (`own_click`), or
    /// by a script, and then a one-purpose consent is held.
    pub fn submit(&self, own_click: bool) {
        self.session.submit(own_click);
    }

    pub fn reset(&self) {
        self.session.reset();
    }

    /// Shows what is wrong; whether nothing is.
    pub fn validate(&self) -> bool {
        self.session.validate()
    }

    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.session.state_name().to_owned()
    }
}
