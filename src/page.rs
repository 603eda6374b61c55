//! Reads the page: what stands in the controls, how the boxes look, and which texts a person could see.
//!
//! The page is not ours: another script, a translator or the browser may have changed it. So at submit the form asks
//! the page itself, and the record says what was there (record.md §5).

use candor_record::term::Control;
use js_sys::JsString;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement};

use crate::compiled::{CompiledForm, FieldKind};
use crate::consent::Shown;
use crate::js::{get, object};
use crate::payload::spelled;
use crate::view::markup::unbroken;

#[wasm_bindgen]
extern "C" {
    /// An element that may know whether it is visible (not before Safari 17.4), and keeps its text on its own side.
    type Visible;
    #[wasm_bindgen(method, catch, structural, js_name = checkVisibility)]
    fn check_visibility(this: &Visible, options: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, getter, structural, js_name = textContent)]
    fn text_content(this: &Visible) -> JsValue;
}

/// One text of the list while nobody has touched the page: the content of its element, and what the record says of it.
#[derive(Debug)]
pub struct Untouched {
    content: JsValue,
    spelled: String,
}

/// The list while nobody has touched the page. Made when the form is mounted: the visitor waits at submit.
pub fn untouched(form: &CompiledForm) -> Vec<Untouched> {
    let mut list = Vec::new();
    for text in &form.texts {
        list.push(Untouched {
            content: unbroken(&text.text).into(),
            spelled: spelled(&text.reference, &text.text),
        });
    }
    list
}

/// The texts of the list that are on the screen, in the order of the list.
pub fn shown(container: &Element, form: &CompiledForm, untouched: &[Untouched]) -> Vec<Shown> {
    let options = object(&[("opacityProperty", true.into()), ("visibilityProperty", true.into())]);
    let marked = marked(container);
    let mut shown = Vec::new();
    for (text, untouched) in form.texts.iter().zip(untouched) {
        let reference = &text.reference;
        let found = marked.iter().find(|(candidate, _)| candidate == reference);
        let Some((_, element)) = found.filter(|(_, element)| is_visible(element, &options)) else {
            continue;
        };
        // Compared where it is: only a text that somebody changed comes over the border, to be read letter by letter.
        let content = element.unchecked_ref::<Visible>().text_content();
        let spelled = if content == untouched.content {
            untouched.spelled.clone()
        } else {
            let words = plain(&content.as_string().unwrap_or_default());
            if words.is_empty() {
                continue;
            }
            spelled(reference, &words)
        };
        shown.push(Shown {
            reference: reference.clone(),
            spelled,
        });
    }
    shown
}

/// Every element that says which text it shows, asked for once: the visitor waits for this.
fn marked(container: &Element) -> Vec<(String, Element)> {
    let mut marked = Vec::new();
    if let Ok(found) = container.query_selector_all("[data-candor-ref]") {
        for at in 0..found.length() {
            let Some(element) = found.get(at).map(JsCast::unchecked_into::<Element>) else {
                continue;
            };
            if let Some(reference) = element.get_attribute("data-candor-ref") {
                marked.push((reference, element));
            }
        }
    }
    marked
}

/// What each field holds; `None` where it is not on the page.
pub fn values(container: &Element, form: &CompiledForm) -> Vec<Option<String>> {
    let mut values = Vec::new();
    for field in &form.fields {
        let control = match field.kind {
            FieldKind::Radio => find(container, &["[name=\"", &field.id, "\"]:checked"]),
            _ => find(container, &["[name=\"", &field.id, "\"]"]),
        };
        values.push(control.map(|control| value(&control)));
    }
    values
}

/// How each box looks; `None` for a purpose without one.
pub fn boxes(container: &Element, form: &CompiledForm) -> Vec<Option<bool>> {
    let mut boxes = Vec::new();
    for purpose in &form.purposes {
        let prefix = match purpose.control {
            Control::Checkbox => Some("purpose."),
            Control::ObjectionCheckbox => Some("objection."),
            Control::None | Control::Submit => None,
        };
        let tick = prefix.and_then(|prefix| find(container, &["[name=\"", prefix, &purpose.id, "\"]"]));
        boxes.push(tick.map(|tick| tick.unchecked_ref::<HtmlInputElement>().checked()));
    }
    boxes
}

/// The value of a control of any kind.
pub fn value(control: &Element) -> String {
    get(control, "value").as_string().unwrap_or_default()
}

/// Ids and references hold letters, digits, dots, hyphens and underscores: nothing that a selector could mistake.
fn find(container: &Element, selector: &[&str]) -> Option<Element> {
    container.query_selector(&selector.concat()).ok()?
}

fn is_visible(element: &Element, options: &JsValue) -> bool {
    // It also says no where there is no box; the boxes are counted only where a browser lacks it.
    let visible = element.unchecked_ref::<Visible>().check_visibility(options);
    visible.unwrap_or_else(|_| element.get_client_rects().length() > 0)
}

/// As record.md §5 reads a text. The browser normalizes: the Unicode tables stay out of the wasm.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    JsString::from(words.join(" ")).normalize("NFC").into()
}
