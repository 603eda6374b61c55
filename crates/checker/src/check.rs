//! What an editor shows while somebody writes: every problem with the piece of text that it is about.
//!
//! Diagnostics count lines and characters as people do, and bytes as tools do; JavaScript counts UTF-16 units. The
//! counting is done here, where the text and its bytes are, and nowhere else.

use candor_definition::{Context, Definition, Diagnostic, parse_in};
use candor_lint::{Review, Tongue, review};
use jiff::civil::Date;
use serde_json::{Value, json};

/// Everything that is to be told, notes too, and what the form is where nothing refuses it.
pub(crate) fn check(text: &str, day: Date, tongue: Tongue) -> Value {
    let how = Review {
        day,
        tongue,
        context: Context::default(),
    };
    let problems = review(text.as_bytes(), &how);
    let problems: Vec<Value> = problems.iter().map(|problem| located(text, problem)).collect();
    let form = parse_in(how.context, text.as_bytes()).map_or(Value::Null, |definition| form(&definition));
    json!({"problems": problems, "form": form})
}

fn form(definition: &Definition) -> Value {
    let languages: Vec<&str> = definition.languages().map(|language| language.as_str()).collect();
    json!({
        "id": definition.id(),
        "languages": languages,
        "version": definition.digest().to_string()
    })
}

/// The diagnostic as `candor check --format json` prints it, with its place in UTF-16 units.
fn located(text: &str, problem: &Diagnostic) -> Value {
    let mut json = serde_json::to_value(problem).expect("diagnostics are strings and numbers");
    if let Some(rule) = candor_lint::rule(&problem.rule) {
        json["link"] = rule.link.as_str().into();
    }
    let (start, length) = (problem.span.offset, problem.span.length);
    json["from"] = units(text, start).into();
    json["to"] = units(text, start + length).into();
    json
}

/// UTF-16 units before a byte; a byte inside a character counts as its beginning, one behind the text as its end.
fn units(text: &str, byte: usize) -> usize {
    let ends = text.char_indices().map_while(|(at, character)| {
        let end = at + character.len_utf8();
        (end <= byte).then(|| character.len_utf16())
    });
    ends.sum()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use candor_lint::Tongue;
    use jiff::civil::date;

    use super::units;

    const EXAMPLE: &str = include_str!("../../definition/tests/examples/ebook-rgpd.json");

    fn checked(text: &str) -> Value {
        super::check(text, date(2026, 11, 22), Tongue::French)
    }

    #[test]
    fn a_good_definition_says_what_it_is() {
        let checked = checked(EXAMPLE);
        assert_eq!(checked["form"]["id"], "ebook-rgpd");
        assert_eq!(checked["form"]["languages"], serde_json::json!(["fr", "en"]));
        assert!(
            checked["form"]["version"]
                .as_str()
                .is_some_and(|version| version.starts_with("sha256-"))
        );
    }

    #[test]
    fn a_problem_is_found_where_javascript_counts() {
        // Before the fault stand letters of one, two and three bytes, and one of two UTF-16 units.
        let text = EXAMPLE
            .replacen("Recevez le guide RGPD", "é‑😀", 1)
            .replacen("\"promotional\"", "\"mandatory\"", 1);
        let checked = checked(&text);
        let problem = &checked["problems"][0];
        assert_eq!(problem["rule"], "C-DEF-CONSENT-REQUIRED");
        assert_eq!(checked["form"], Value::Null);
        let index = |name: &str| usize::try_from(problem[name].as_u64().expect("a number")).expect("it is small");
        let units: Vec<u16> = text.encode_utf16().collect();
        let piece = String::from_utf16(&units[index("from")..index("to")]).expect("whole characters");
        assert_eq!(piece, "\"mandatory\"");
        let line = text.lines().nth(index("line") - 1).expect("the line is there");
        let before: String = line.chars().take(index("column") - 1).collect();
        assert!(line[before.len()..].starts_with("\"mandatory\""), "{line}");
    }

    #[test]
    fn a_note_refuses_nothing() {
        let checked = checked(EXAMPLE);
        let problems = checked["problems"].as_array().expect("a list");
        let severities: Vec<&str> = problems.iter().filter_map(|it| it["severity"].as_str()).collect();
        assert!(
            !severities.is_empty() && severities.iter().all(|severity| *severity == "note"),
            "{checked}"
        );
        assert!(checked["form"].is_object());
    }

    #[test]
    fn a_rule_of_law_is_told_with_its_source() {
        let text = EXAMPLE.replacen(
            "J’accepte qu’Acme Conseil m’appelle",
            "Je ne souhaite pas qu’Acme Conseil m’appelle",
            1,
        );
        let checked = checked(&text);
        let problems = checked["problems"].as_array().expect("a list");
        let problem = problems
            .iter()
            .find(|it| it["rule"] == "C-EU-CONSENT-OPT-OUT")
            .expect("it is told");
        assert!(
            problem["message"]
                .as_str()
                .is_some_and(|message| message.contains("cocher cette case")),
            "{problem}"
        );
        assert!(
            problem["link"]
                .as_str()
                .is_some_and(|link| link.starts_with("https://"))
        );
        assert_eq!(
            checked["form"]["id"], "ebook-rgpd",
            "the form can be shown all the same"
        );
    }

    #[test]
    fn every_byte_has_a_place() {
        let text = "aé😀b";
        let places: Vec<usize> = (0..=text.len() + 2).map(|byte| units(text, byte)).collect();
        assert_eq!(places, [0, 1, 1, 2, 2, 2, 2, 4, 5, 5, 5]);
    }

    #[test]
    fn texts_that_are_no_json_have_a_place_too() {
        for text in ["", "{", "{\"format\": \u{feff}", "[1,]", "null"] {
            let checked = checked(text);
            let problems = checked["problems"].as_array().expect("a list");
            assert!(!problems.is_empty(), "{text:?}");
            let length = text.encode_utf16().count() as u64;
            for problem in problems {
                let place = |name: &str| problem[name].as_u64().expect("a number");
                assert!(
                    place("from") <= place("to") && place("to") <= length,
                    "{text:?}: {problem}"
                );
            }
        }
    }
}
