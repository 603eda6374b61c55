//! What a cell says of a box.
//! Refuses to take words that nobody foresaw for a no: an objection may be spelled like that.

use super::Claim;

/// What a list says where a box was ticked, and where it was not.
const YES: [&str; 7] = ["yes", "true", "1", "on", "x", "oui", "vrai"];
const NO: [&str; 7] = ["", "no", "false", "0", "off", "non", "faux"];

/// What a cell says of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Yes,
    No,
    /// Anything else: an objection may be spelled like that.
    Unclear,
}

impl Answer {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unclear => "unclear",
        }
    }
}

impl Claim {
    pub fn answer(&self, cell: &str) -> Answer {
        let cell = cell.trim().to_lowercase();
        let says = |named: &Option<Vec<String>>, known: [&str; 7]| match named {
            Some(words) => words.iter().any(|word| word.trim().to_lowercase() == cell),
            None => known.contains(&cell.as_str()),
        };
        if says(&self.yes, YES) {
            Answer::Yes
        } else if says(&self.no, NO) {
            Answer::No
        } else {
            Answer::Unclear
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_is_a_yes_and_a_no_is_a_no() {
        let check = |yes: Option<&[&str]>, no: Option<&[&str]>, cell: &str, expected: Answer| {
            let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
            let claim = Claim {
                yes: yes.map(words),
                no: no.map(words),
                ..Claim::default()
            };
            assert_eq!(claim.answer(cell), expected, "{yes:?} {no:?} {cell:?}");
        };
        check(None, None, " Oui ", Answer::Yes);
        check(None, None, "TRUE", Answer::Yes);
        check(None, None, "1", Answer::Yes);
        check(None, None, "", Answer::No);
        check(None, None, "0", Answer::No);
        check(None, None, "non", Answer::No);
        check(None, None, "maybe", Answer::Unclear);
        check(None, None, "objected", Answer::Unclear);
        check(Some(&["Opted in"]), None, "opted IN", Answer::Yes);
        check(Some(&["Opted in"]), None, "1", Answer::Unclear);
        check(Some(&["0"]), Some(&["1"]), "0", Answer::Yes);
        check(Some(&["0"]), Some(&["1"]), "1", Answer::No);
        check(Some(&["0"]), Some(&["1"]), "", Answer::Unclear);
    }
}
