//! What a file of rules can be told: the rule that it breaks, with its source, at the place where it stands.
//! Refuses nothing; every problem says what to write instead, as those of definitions do.

use candor_definition::{Diagnostic, Problem, Severity};
use candor_record::json::Node;

/// A rule about rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Law {
    /// Stable, `C-QUAL-…`.
    pub(super) id: &'static str,
    pub(super) severity: Severity,
    source: &'static str,
}

macro_rules! laws {
    ($($name:ident $id:literal $severity:ident $source:literal;)+) => {
        $(pub(super) const $name: Law = Law { id: $id, severity: Severity::$severity, source: $source };)+
        /// Every one; the documentation lists them.
        #[cfg(test)]
        pub(super) const ALL: &[Law] = &[$($name),+];
    };
}

laws! {
    JSON "C-QUAL-JSON" Error "candor-qualification/1; RFC 8259";
    MEMBER "C-QUAL-MEMBER" Error "candor-qualification/1";
    TYPE "C-QUAL-TYPE" Error "candor-qualification/1";
    VALUE "C-QUAL-VALUE" Error "candor-qualification/1";
    TWICE "C-QUAL-TWICE" Error "candor-qualification/1";
    THRESHOLD "C-QUAL-THRESHOLD" Error "candor-qualification/1";
    OPEN "C-QUAL-OPEN" Error "ePrivacy Art. 5(3); CNIL, délibération 2026-042 du 12 mars 2026";
    CHOICE "C-QUAL-CHOICE" Error "GDPR Art. 7(4); GDPR Art. 21(2)-(3); GDPR Recital 42";
    PURPOSE "C-QUAL-PURPOSE" Error "GDPR Art. 5(1)(b); GDPR Art. 4(4); GDPR Art. 13(1)(c)";
    FIELD "C-QUAL-FIELD" Error "candor-qualification/1";
    WRONG_PURPOSE "C-QUAL-WRONG-PURPOSE" Error "GDPR Art. 5(1)(b); GDPR Art. 5(1)(c)";
    SPECIAL "C-QUAL-SPECIAL" Error "GDPR Art. 9(1); GDPR Art. 22(4); WP251 III.C";
    PROTECTED "C-QUAL-PROTECTED" Error "GDPR Art. 5(1)(c); GDPR Art. 10; Charter Art. 21; WP251 III.A";
    INFERRED "C-QUAL-INFERRED" Error "GDPR Art. 9(1); Charter Art. 21; WP251 III.C";
    FREE_TEXT "C-QUAL-FREE-TEXT" Error "GDPR Art. 5(1)(c); GDPR Art. 5(1)(d); WP251 III.A";
    IDENTIFIER "C-QUAL-IDENTIFIER" Error "ePrivacy Art. 5(3); GDPR Art. 5(1)(b)";
    ONE_PERSON "C-QUAL-ONE-PERSON" Error "GDPR Art. 5(1)(a); GDPR Art. 5(1)(c)";
    NEVER "C-QUAL-NEVER" Error "candor-qualification/1";
    PLACE "C-QUAL-NEIGHBOURHOOD" Warning "GDPR Recital 71; WP251 III.A";
    MANY "C-QUAL-MANY" Warning "GDPR Art. 5(1)(c); GDPR Art. 25(2)";
    ALONE "C-QUAL-ALONE" Warning "GDPR Recital 71; WP251 IV.A";
}

impl Law {
    /// The problem at its place in the file.
    pub(super) fn at(
        self,
        (text, root): (&[u8], &Node),
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        let problem = Problem {
            rule: self.id,
            severity: self.severity,
            pointer: pointer.into(),
            message: message.into(),
            help: help.into(),
            source: self.source,
        };
        Diagnostic::new(problem, text, root)
    }
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn the_documentation_lists_every_one() {
        let document = include_str!("../../../../docs/qualification.md");
        for law in ALL {
            let row = format!("| `{}` | {} |", law.id, law.severity.as_str());
            assert!(document.contains(&row), "docs/qualification.md lacks: {row}");
        }
    }
}
