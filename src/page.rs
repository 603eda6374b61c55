//! Reads the page: what stands in the controls, how the boxes look, and which texts a person could see.
//!
//! The page is not ours: another script, a translator or the browser may have changed it. So at submit the form asks
//! the page itself, and the record says what was there (record.md §5).

use candor_record::term::Control;
use wasm_bindgen::prelude::*;
use web_sys::{Element, HtmlInputElement};

use crate::compiled::{CompiledForm, FieldKind};
use crate::consent::Shown;
use crate::js::{get, object};

#[wasm_bindgen]
extern "C" {
    /// An element that may know whether it is visible (not before Safari 17.4).
    type Visible;
    #[wasm_bindgen(method, catch, structural, js_name = checkVisibility)]
    fn check_visibility(this: &Visible, options: &JsValue) -> Result<bool, JsValue>;

    /// `String.prototype.normalize`, without the Unicode tables in the wasm.
    #[wasm_bindgen(extends = js_sys::JsString)]
    type Words;
    #[wasm_bindgen(method, structural)]
    fn normalize(this: &Words, form: &str) -> String;
}

/// The texts of the list that are on the screen, in the order of the list.
pub fn shown(container: &Element, form: &CompiledForm) -> Vec<Shown> {
    let options = object(&[("opacityProperty", true.into()), ("visibilityProperty", true.into())]);
    let marked = marked(container);
    let texts = form.texts.iter();
    texts
        .filter_map(|text| {
            let (_, element) = marked.iter().find(|(reference, _)| *reference == text.reference)?;
            let words = if is_visible(element, &options) {
                plain(element)
            } else {
                String::new()
            };
            (!words.is_empty()).then(|| Shown {
                reference: text.reference.clone(),
                text: words,
            })
        })
        .collect()
}

/// Every element that says which text it shows, asked for once: the visitor waits for this.
fn marked(container: &Element) -> Vec<(String, Element)> {
    let Ok(found) = container.query_selector_all("[data-candor-ref]") else {
        return Vec::new();
    };
    let elements = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into::<Element>().ok());
    elements
        .filter_map(|element| Some((element.get_attribute("data-candor-ref")?, element)))
        .collect()
}

/// What each field holds; `None` where it is not on the page.
pub fn values(container: &Element, form: &CompiledForm) -> Vec<Option<String>> {
    form.fields
        .iter()
        .map(|field| match field.kind {
            FieldKind::Radio => container
                .query_selector(&["[name=\"", &field.id, "\"]:checked"].concat())
                .ok()?
                .map(|it| value(&it)),
            _ => find(container, "name", &field.id).map(|control| value(&control)),
        })
        .collect()
}

/// How each box looks; `None` for a purpose without one.
pub fn boxes(container: &Element, form: &CompiledForm) -> Vec<Option<bool>> {
    form.purposes
        .iter()
        .map(|purpose| {
            let prefix = match purpose.control {
                Control::Checkbox => "purpose.",
                Control::ObjectionCheckbox => "objection.",
                Control::None | Control::Submit => return None,
            };
            let element = find(container, "name", &[prefix, &purpose.id].concat())?;
            Some(element.unchecked_ref::<HtmlInputElement>().checked())
        })
        .collect()
}

/// The value of a control of any kind.
pub fn value(control: &Element) -> String {
    get(control, "value").as_string().unwrap_or_default()
}

/// Ids and references hold letters, digits, dots, hyphens and underscores: nothing that a selector could mistake.
fn find(container: &Element, attribute: &str, value: &str) -> Option<Element> {
    container
        .query_selector(&["[", attribute, "=\"", value, "\"]"].concat())
        .ok()?
}

fn is_visible(element: &Element, options: &JsValue) -> bool {
    // It also says no where there is no box; the boxes are counted only where a browser lacks it.
    let visible = element.unchecked_ref::<Visible>().check_visibility(options);
    visible.unwrap_or_else(|_| element.get_client_rects().length() > 0)
}

fn plain(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    let words: Vec<_> = text.split_whitespace().collect();
    JsValue::from(words.join(" "))
        .unchecked_into::<Words>()
        .normalize("NFC")
}
