//! Identifiers that are unique on the page: a literal id would collide with a second form.

use yew::AttrValue;

/// Makes the ids of one form from its own prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    prefix: String,
}

impl Ids {
    pub fn new(prefix: String) -> Self {
        Self { prefix }
    }

    /// The id of a part of the form, e.g. `candor-1-email` and, with a suffix, `candor-1-email-error`.
    pub fn of(&self, part: &str, suffix: &str) -> AttrValue {
        AttrValue::from([self.prefix.as_str(), "-", part, suffix].concat())
    }
}
