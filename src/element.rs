//! The border to the custom element: what `www/loader` calls, and the events that the page hears.
//!
//! The class itself is JavaScript (Rust cannot subclass HTMLElement), and decides only what must survive a failed wasm.

pub mod events;

use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::{AppHandle, Renderer};

use crate::form::effects::Session;
use crate::options::Options;
use crate::view::widget::{Widget, WidgetProps};

/// A form on the page. The loader keeps it, and drops it when the element leaves the page.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Mounted {
    app: AppHandle<Widget>,
    session: Rc<Session>,
}

/// Numbers the forms of a page, so that no two share an id.
static FORMS: AtomicU32 = AtomicU32::new(1);

/// Shows the form in `container`, with events on `host`.
///
/// # Errors
/// A sentence that names what the compiled form lacks.
#[wasm_bindgen]
pub fn mount(container: HtmlElement, host: HtmlElement, options: &JsValue) -> Result<Mounted, JsError> {
    let options = Options::read(options)?;
    for (token, value) in &options.form.theme {
        let token = token.strip_prefix("--candor-").unwrap_or(token);
        // A value that CSS does not know is ignored by the browser, like in any style sheet.
        let _ignored = container
            .style()
            .set_property(&["--candor-theme-", token].concat(), value);
    }
    let prefix = ["candor-", &FORMS.fetch_add(1, Ordering::Relaxed).to_string()].concat();
    let session = Rc::new(Session::new(container.clone(), host, options));
    let props = WidgetProps {
        session: session.clone(),
        prefix: prefix.into(),
    };
    let app = Renderer::<Widget>::with_root_and_props(container.into(), props).render();
    Ok(Mounted { app, session })
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
