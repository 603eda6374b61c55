//! Plain JavaScript objects, strings and errors, in few words. No decision is taken here.

use std::pin::Pin;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What a promise came to.
pub type Settled = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Calls a method that promises something. One place for all of WebCrypto and fetch: a typed import for each costs a
/// visitor more than the calls themselves.
pub fn promised(object: &JsValue, method: &str, values: &[JsValue]) -> Settled {
    let function: Function = get(object, method).unchecked_into();
    let called = function.apply(object, &values.iter().collect());
    Box::pin(async move { JsFuture::from(Promise::resolve(&called?)).await })
}

/// An object with these members.
pub fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        set(&object, name, value);
    }
    object.into()
}

/// Sets a member. A plain object never refuses one.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _plain_objects_take_any_member = Reflect::set(object, &name.into(), value);
}

/// A member, `undefined` where there is none.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// An array of strings.
pub fn strings<'a>(texts: impl IntoIterator<Item = &'a str>) -> JsValue {
    texts.into_iter().map(JsValue::from_str).collect::<Array>().into()
}

/// A copy of the object itself, not of what it holds.
pub fn copy(object: &JsValue) -> JsValue {
    let target = Object::new();
    match object.dyn_ref::<Object>() {
        Some(source) => Object::assign(&target, source).into(),
        None => target.into(),
    }
}

/// RFC 8785: members sorted by UTF-16 units at every depth, then `JSON.stringify`.
///
/// An object with members that look like integers would keep its own order; neither a record nor a header has any.
pub fn canonical(value: &JsValue) -> String {
    stringify(&sorted(value))
}

/// `JSON.stringify`, which has a text for everything that was read from JSON.
pub fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).map(String::from).unwrap_or_default()
}

/// The same value with its members sorted at every depth.
pub fn sorted(value: &JsValue) -> JsValue {
    if Array::is_array(value) {
        return Array::from(value)
            .iter()
            .map(|element| sorted(&element))
            .collect::<Array>()
            .into();
    }
    if !value.is_object() {
        return value.clone();
    }
    with_sorted_members(value, sorted)
}

/// The same object with its own members sorted; what they hold is sorted already.
pub fn sorted_members(value: &JsValue) -> JsValue {
    with_sorted_members(value, JsValue::clone)
}

fn with_sorted_members(value: &JsValue, held: fn(&JsValue) -> JsValue) -> JsValue {
    let target = Object::new();
    for name in Object::keys(value.unchecked_ref::<Object>()).sort().iter() {
        let member = Reflect::get(value, &name).unwrap_or_default();
        let _plain_objects_take_any_member = Reflect::set(&target, &name, &held(&member));
    }
    target.into()
}
