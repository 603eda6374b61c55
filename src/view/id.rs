//! Identifiers that are unique on the page: a literal id would collide with a second form.

use yew::AttrValue;

use crate::text::cut;

/// Makes the ids of one form from its own prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    prefix: String,
}

impl Ids {
    pub fn new(prefix: String) -> Self {
        Self { prefix }
    }

    /// The id of a part of the form, e.g. `candor-1-email` and, with a suffix, `candor-1-email-error`. A reference's dot would
    /// have to be escaped in every selector; no id of a field or a purpose has what stands in its place.
    pub fn of(&self, part: &str, suffix: &str) -> AttrValue {
        let mut id = [self.prefix.as_str(), "-"].concat();
        let mut rest = part;
        while let Some((before, after)) = cut(rest, b'.') {
            id.push_str(before);
            id.push_str("-_");
            rest = after;
        }
        id.push_str(rest);
        id.push_str(suffix);
        AttrValue::from(id)
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_need_no_escape_and_are_told_apart() {
        let ids = Ids::new("candor-1".to_owned());
        assert_eq!(
            ids.of("purpose.news.details", "").as_str(),
            "candor-1-purpose-_news-_details"
        );
        // A field may be called so, and a purpose `hint`.
        assert_ne!(ids.of("purpose", "-hint"), ids.of("purpose.hint", ""));
        assert_ne!(ids.of("purpose_hint", ""), ids.of("purpose.hint", ""));
    }
}
