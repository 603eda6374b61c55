//! A small trait to read JSON by hand: over the browser's own values in the widget, over serde_json natively.
//!
//! Derived serde over the compiled form costs 25 kB brotli, this costs next to nothing. It refuses nothing by itself: a
//! member of another type reads as absent, and the reader in `compiled` decides whether that is an error.

/// One JSON value of whatever implementation.
pub trait Json: Sized {
    /// A value without members.
    fn null() -> Self;
    /// The member of that name; `None` where this is no object or has no such member.
    fn member(&self, name: &str) -> Option<Self>;
    /// The string that this is.
    fn text(&self) -> Option<String>;
    /// Whether this is `true`.
    fn is_true(&self) -> bool;
    /// The non-negative integer that this is.
    fn size(&self) -> Option<u32>;
    /// The elements of this array; none where it is no array.
    fn elements(&self) -> Vec<Self>;
    /// The members of this object with their names, in the order of the source.
    fn members(&self) -> Vec<(String, Self)>;

    /// The string member of that name.
    fn text_member(&self, name: &str) -> Option<String> {
        self.member(name)?.text()
    }

    /// The elements of the array member of that name.
    fn element_members(&self, name: &str) -> Vec<Self> {
        self.member(name).map(|array| array.elements()).unwrap_or_default()
    }

    /// The strings of the array member of that name.
    fn text_elements(&self, name: &str) -> Vec<String> {
        self.element_members(name).iter().filter_map(Json::text).collect()
    }
}

#[cfg(any(feature = "ssr", test))]
impl Json for serde_json::Value {
    fn null() -> Self {
        Self::Null
    }

    fn member(&self, name: &str) -> Option<Self> {
        self.get(name).cloned()
    }

    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }

    fn is_true(&self) -> bool {
        self.as_bool() == Some(true)
    }

    fn size(&self) -> Option<u32> {
        self.as_u64().and_then(|number| u32::try_from(number).ok())
    }

    fn elements(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }

    fn members(&self) -> Vec<(String, Self)> {
        let Some(object) = self.as_object() else {
            return Vec::new();
        };
        object
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }
}

#[cfg(target_arch = "wasm32")]
impl Json for wasm_bindgen::JsValue {
    fn null() -> Self {
        Self::NULL
    }

    fn member(&self, name: &str) -> Option<Self> {
        let value = js_sys::Reflect::get(self, &name.into()).ok()?;
        (!value.is_undefined()).then_some(value)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn is_true(&self) -> bool {
        self.as_bool() == Some(true)
    }

    fn size(&self) -> Option<u32> {
        // A cast and not a comparison of floats: what is no small integer becomes an absurd limit, which no text reaches.
        self.as_f64().map(|number| number as u32)
    }

    fn elements(&self) -> Vec<Self> {
        if js_sys::Array::is_array(self) {
            js_sys::Array::from(self).to_vec()
        } else {
            Vec::new()
        }
    }

    fn members(&self) -> Vec<(String, Self)> {
        use wasm_bindgen::JsCast;
        let Some(object) = self.dyn_ref::<js_sys::Object>() else {
            return Vec::new();
        };
        js_sys::Object::keys(object)
            .iter()
            .filter_map(|name| Some((name.as_string()?, js_sys::Reflect::get(self, &name).ok()?)))
            .collect()
    }
}
