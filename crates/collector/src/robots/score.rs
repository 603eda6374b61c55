//! Signs of a robot, and what each weighs. Pure; nothing here reads an address, a browser's name or anything typed.
//! Refuses to be fatal: a score decides whether work is asked for, nothing else.

use jiff::SignedDuration;

/// What one submission showed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signs {
    /// The field that no person sees was filled in.
    pub trapped: bool,
    /// From the form on the screen to the submission, where that is known.
    pub took: Option<SignedDuration>,
    /// The time at which the page was served was altered, or is another form's.
    pub issue_forged: bool,
    /// No `Origin`: a program, not a browser's form or script.
    pub no_origin: bool,
}

/// From this score on, a submission looks like a robot's.
pub const SUSPICIOUS: u32 = 2;

/// Nobody reads a form, types an address and presses in less; whom the browser fills in is still slower.
const HASTY: SignedDuration = SignedDuration::from_secs(2);
/// Possible with a form that the browser fills in, and rare.
const QUICK: SignedDuration = SignedDuration::from_secs(4);

/// The sum of what the signs weigh.
pub fn of(signs: &Signs) -> u32 {
    let haste = match signs.took {
        Some(took) if took < HASTY => 2,
        Some(took) if took < QUICK => 1,
        _ => 0,
    };
    let weigh = |sign: bool, weight: u32| if sign { weight } else { 0 };
    haste + weigh(signs.trapped, 3) + weigh(signs.issue_forged, 2) + weigh(signs.no_origin, 1)
}

impl Signs {
    /// Faster than a person is.
    pub fn is_hasty(&self) -> bool {
        self.took.is_some_and(|took| took < HASTY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_does_is_never_suspicious() {
        let check = |name: &str, signs: Signs, score: u32| {
            assert_eq!(of(&signs), score, "{name}: {signs:?}");
        };
        let person = Signs {
            took: Some(SignedDuration::from_secs(20)),
            ..Signs::default()
        };
        let after = |milliseconds| Signs {
            took: Some(SignedDuration::from_millis(milliseconds)),
            ..person
        };
        check("nothing is known", Signs::default(), 0);
        check("a person", person, 0);
        check("a page left open for a day", after(86_400_000), 0);
        check("filled in by the browser", after(3_999), 1);
        check("four seconds", after(4_000), 0);
        check("two seconds", after(2_000), 1);
        check("faster than anybody", after(1_999), 2);
        check("at once", after(0), 2);
        check("a clock that ran back", after(-5_000), 2);
        check(
            "trapped",
            Signs {
                trapped: true,
                ..person
            },
            3,
        );
        check(
            "forged",
            Signs {
                issue_forged: true,
                ..person
            },
            2,
        );
        check(
            "a program",
            Signs {
                no_origin: true,
                ..person
            },
            1,
        );
        check(
            "a quick program",
            Signs {
                no_origin: true,
                ..after(3_000)
            },
            2,
        );
        let all = Signs {
            trapped: true,
            took: Some(SignedDuration::ZERO),
            issue_forged: true,
            no_origin: true,
        };
        check("everything", all, 8);
    }
}
