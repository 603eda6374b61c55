//! What a purpose is, in the words of the Data Privacy Vocabulary.

use candor_record::term::dpv;

use crate::diagnostic::Report;
use crate::read::At;
use crate::rule;

/// A purpose of DPV 2.3, without prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category(String);

impl Category {
    /// The term, for example `DirectMarketing`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(term: &str) -> Option<Self> {
        dpv::is_purpose(term).then(|| Category(term.to_owned()))
    }

    pub(crate) fn read(report: &mut Report<'_>, at: &At<'_>) -> Option<Self> {
        let term = at.string(report)?;
        let category = Category::parse(term);
        if category.is_none() {
            let help = match term.rsplit_once([':', '#']).and_then(|(_, bare)| Category::parse(bare)) {
                Some(bare) => format!("write `{}`, without prefix", bare.as_str()),
                None => "write a DPV purpose, for example `DirectMarketing`, `RequestedServiceProvision` or \
                         `CustomerRelationshipManagement`"
                    .to_owned(),
            };
            let message = format!("`{term}` is not a purpose of DPV 2.3");
            report.refuse(rule::PURPOSE_CATEGORY, &at.place(), message, help);
        }
        category
    }
}

#[cfg(test)]
mod tests {
    use super::Category;

    #[test]
    fn only_purposes_are_categories() {
        for term in [
            "DirectMarketing",
            "RequestedServiceProvision",
            "CustomerRelationshipManagement",
            "Marketing",
        ] {
            assert!(Category::parse(term).is_some(), "{term}");
        }
        for term in ["dpv:DirectMarketing", "Newsletter", "Consent", "directmarketing", ""] {
            assert!(Category::parse(term).is_none(), "{term}");
        }
    }
}
