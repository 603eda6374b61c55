//! Plain JavaScript objects, strings and errors, in few words. No decision is taken here.

use std::pin::Pin;

use js_sys::{Array, Function, JSON, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{payload, window};

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

/// The text of what was read from JSON, in its one spelling (RFC 8785).
///
/// Written here: `JSON.stringify` obeys a `toJSON` that the page gave to all arrays or objects, as an old Prototype.js
/// does, and a record must not. An object with members that look like integers would keep its own order; neither a
/// record nor a header has any.
pub fn canonical(value: &JsValue) -> String {
    if Array::is_array(value) {
        let mut elements = Vec::new();
        for element in Array::from(value) {
            elements.push(canonical(&element));
        }
        return payload::array(&elements);
    }
    if value.is_object() {
        let mut members = Vec::new();
        for name in Object::keys(value.unchecked_ref::<Object>()).sort().iter() {
            let member = Reflect::get(value, &name).unwrap_or_default();
            members.push(payload::member(
                &name.as_string().unwrap_or_default(),
                &canonical(&member),
            ));
        }
        return payload::object(&members);
    }
    // Numbers, `true`, `false` and `null` have no method that anybody would call.
    let spelled = || JSON::stringify(value).map(String::from).unwrap_or_default();
    value.as_string().map_or_else(spelled, |text| payload::string(&text))
}
