//! Plain JavaScript objects, strings and errors, in few words. No decision is taken here.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;

use crate::window;

#[wasm_bindgen]
extern "C" {
    /// The one spelling (RFC 8785) of what was read from JSON: `www/send.js`.
    #[wasm_bindgen(js_name = candorSpelled)]
    pub fn spelled(value: &JsValue) -> js_sys::JsString;
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
