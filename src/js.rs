//! Plain JavaScript objects, strings and errors, in few words. No decision is taken here.

use std::pin::Pin;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::window;

/// What a promise came to.
pub type Settled = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Calls a method that promises something. One place for all of WebCrypto and fetch: a typed import for each costs a
/// visitor more than the calls themselves.
pub fn promised(object: &JsValue, method: &str, values: &[JsValue]) -> Settled {
    let called = call(object, method, values);
    Box::pin(async move { JsFuture::from(Promise::resolve(&called?)).await })
}

/// Calls a method.
pub fn call(object: &JsValue, method: &str, values: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = get(object, method).unchecked_into();
    function.apply(object, &list(values))
}

/// What the browser keeps under this name.
pub fn global(name: &str) -> JsValue {
    get(&window(), name)
}

/// An array of these values.
pub fn list(values: &[JsValue]) -> Array {
    let array = Array::new();
    for value in values {
        array.push(value);
    }
    array
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
        let elements = Array::new();
        for element in Array::from(value) {
            elements.push(&sorted(&element));
        }
        return elements.into();
    }
    if !value.is_object() {
        return value.clone();
    }
    let target = Object::new();
    for name in Object::keys(value.unchecked_ref::<Object>()).sort().iter() {
        let member = Reflect::get(value, &name).unwrap_or_default();
        let _plain_objects_take_any_member = Reflect::set(&target, &name, &sorted(&member));
    }
    target.into()
}
