//! The text of a record in its one spelling (RFC 8785), so that nothing has to be sorted while a visitor waits.
//!
//! Pure. The constant part is spelled once, when the form is mounted, and cut where a submission adds something; the
//! additions are written here and put between. It refuses nothing. Next: `form::sending`, which hands it over to be signed.

use crate::VERSION;
use crate::consent::{Answer, Shown};

/// What a submission adds to the constant part, in order; `processes` stands between `id` and `shown`.
pub const ADDED: [&str; 8] = [
    "capture", "chain", "created", "id", "shown", "shownAt", "signals", "subject",
];

/// What it adds to each process, in order.
pub const ADDED_TO_PROCESS: [&str; 2] = ["indication", "status"];

/// Stands in the place of an addition until the text is cut: no text of a form is a lone NUL.
pub const PLACE: &str = "\0";

/// How it is spelled.
pub const SPELLED_PLACE: &str = "\"\\u0000\"";

/// The constant part, cut: one addition goes after each piece but the last.
pub type Pieces = Vec<String>;

/// What one submission adds; its ids, its times and the digests of its values are still open.
#[derive(Debug)]
pub struct Draft {
    /// The canonical text of the member `shown`, by [`shown`].
    pub shown: String,
    /// Likewise, for each process in turn, by [`processes`].
    pub processes: Vec<String>,
    /// Likewise, by [`capture`].
    pub capture: String,
    pub signals: &'static str,
}

impl Draft {
    /// The payload, cut where `www/send.js` puts `chain`, `created`, `id`, `shownAt` and `subject`, in this order.
    pub fn payload(&self, constant: &Pieces) -> Pieces {
        let mut payload = vec![String::new()];
        let mut constant = constant.iter();
        let mut add = |addition: Option<&str>| {
            let mut text = payload.pop().unwrap_or_default();
            text.push_str(constant.next().map_or("", String::as_str));
            text.push_str(addition.unwrap_or_default());
            payload.push(text);
            if addition.is_none() {
                payload.push(String::new());
            }
        };
        add(Some(&self.capture));
        add(None);
        add(None);
        add(None);
        for addition in &self.processes {
            add(Some(addition));
        }
        add(Some(&self.shown));
        add(None);
        add(Some(self.signals));
        add(None);
        add(Some(""));
        payload
    }
}

/// The member `capture`.
pub fn capture(origin: &str) -> String {
    [
        "{\"method\":\"widget\",\"observed\":true,\"origin\":",
        &string(origin),
        ",\"widget\":\"",
        VERSION,
        "\"}",
    ]
    .concat()
}

/// The member `signals`: whether the browser asks for what Global Privacy Control stands for.
pub fn signals(gpc: bool) -> &'static str {
    if gpc { "{\"gpc\":true}" } else { "{\"gpc\":false}" }
}

/// The member `shown`.
pub fn shown(texts: &[Shown]) -> String {
    let mut elements = Vec::new();
    for text in texts {
        elements.push(text.spelled.clone());
    }
    array(&elements)
}

/// One text of the member `shown`.
pub fn spelled(reference: &str, text: &str) -> String {
    object(&[member("ref", &string(reference)), member("text", &string(text))])
}

/// What is added to the processes, in order.
pub fn processes(answers: &[Answer]) -> Vec<String> {
    let mut added = Vec::new();
    for answer in answers {
        let control = answer.control.as_str();
        let trusted = if answer.trusted { "true" } else { "false" };
        added.push(
            [
                "{\"control\":\"",
                control,
                "\",\"initial\":false,\"trusted\":",
                trusted,
                "}",
            ]
            .concat(),
        );
        added.push(quoted(answer.status.as_str()));
    }
    added
}

/// An array of these elements.
pub fn array(elements: &[String]) -> String {
    enclosed("[", elements, "]")
}

/// An object of these members, in their own order.
pub fn object(members: &[String]) -> String {
    enclosed("{", members, "}")
}

fn enclosed(open: &str, parts: &[String], close: &str) -> String {
    let mut text = String::new();
    let mut before = open;
    for part in parts {
        text.push_str(before);
        text.push_str(part);
        before = ",";
    }
    if parts.is_empty() {
        text.push_str(open);
    }
    text.push_str(close);
    text
}

/// A member of an object.
pub fn member(name: &str, value: &str) -> String {
    [&string(name), ":", value].concat()
}

/// A string as RFC 8785 §3.2.2.2 spells it.
pub fn string(text: &str) -> String {
    let mut spelled = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = match byte {
            b'"' | b'\\' => byte,
            _ => CONTROLS.get(usize::from(byte)).copied().unwrap_or_default(),
        };
        if letter == 0 {
            spelled.push(byte);
            continue;
        }
        spelled.extend_from_slice(&[b'\\', letter]);
        if letter == b'u' {
            spelled.extend_from_slice(&[
                b'0',
                b'0',
                b'0' + byte / 16,
                b"0123456789abcdef"[usize::from(byte % 16)],
            ]);
        }
    }
    quoted(&String::from_utf8(spelled).unwrap_or_default())
}

/// A string in which nothing has to be escaped.
pub fn quoted(text: &str) -> String {
    ["\"", text, "\""].concat()
}

/// The letter behind the backslash for each control character.
const CONTROLS: &[u8; 32] = b"uuuuuuuubtnufruuuuuuuuuuuuuuuuuu";

#[cfg(test)]
mod tests {
    use candor_record::canonical::canonical_json;
    use candor_record::term::{Control, Status};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::source;

    fn canonical(value: &Value) -> String {
        String::from_utf8(canonical_json(value)).expect("canonical JSON is UTF-8")
    }

    /// As `options` does in a browser.
    fn pieces(record: &Value) -> Pieces {
        let mut record = record.clone();
        for name in ADDED {
            record[name] = json!(PLACE);
        }
        for process in record["processes"].as_array_mut().expect("processes") {
            for name in ADDED_TO_PROCESS {
                process[name] = json!(PLACE);
            }
        }
        canonical(&record).split(SPELLED_PLACE).map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn strings_are_canonical(text in any::<String>()) {
            prop_assert_eq!(string(&text), canonical(&json!(text)));
        }

        #[test]
        fn what_is_written_is_the_canonical_form(
            texts in proptest::collection::vec((any::<String>(), any::<String>()), 0..6),
            origin in any::<String>(),
            (gpc, trusted) in any::<(bool, bool)>(),
        ) {
            let mut record = source()["record"].clone();
            // Names before, between and after those that a submission adds.
            for name in ["_sd_alg", "audience", "conformsTo", "idle", "shownat", "subjects", "zone"] {
                record[name] = json!({"b": [1, true, null, "\u{7f}\u{e9}\"\n"], "a": {}});
            }
            let pieces = pieces(&record);
            let answers = [Status::Informed, Status::Given, Status::NotGiven, Status::Objected]
                .map(|status| Answer { status, control: Control::Checkbox, trusted });
            let seen: Vec<_> = texts.iter().map(|(reference, text)| Shown {
                reference: reference.clone(),
                spelled: spelled(reference, text),
            }).collect();
            let draft = Draft {
                shown: shown(&seen),
                processes: processes(&answers),
                capture: capture(&origin),
                signals: signals(gpc),
            };

            // The same record, put together member by member.
            record["id"] = json!("7d3c");
            record["chain"] = json!("7d3c");
            record["subject"] = json!({"_sd": ["A"], "id": "9a"});
            record["shownAt"] = json!("2026-01-01T00:00:00.000Z");
            record["created"] = json!("2026-01-01T00:00:09.000Z");
            record["shown"] = texts.iter().map(|(reference, text)| json!({"ref": reference, "text": text})).collect();
            for (at, answer) in answers.iter().enumerate() {
                record["processes"][at]["status"] = json!(answer.status.as_str());
                record["processes"][at]["indication"] =
                    json!({"control": answer.control.as_str(), "initial": false, "trusted": trusted});
            }
            record["signals"] = json!({"gpc": gpc});
            record["capture"] = json!({"method": "widget", "observed": true, "origin": origin, "widget": VERSION});
            let payload = draft.payload(&pieces);
            // As `www/send.js` does in a browser.
            let [chain, created, id, shown_at, subject] = [
                "\"7d3c\"",
                "\"2026-01-01T00:00:09.000Z\"",
                "\"7d3c\"",
                "\"2026-01-01T00:00:00.000Z\"",
                "{\"_sd\":[\"A\"],\"id\":\"9a\"}",
            ];
            let [before, a, b, c, d, after] = &payload[..] else { panic!("six pieces: {payload:?}") };
            prop_assert_eq!(
                [before, chain, a, created, b, id, c, shown_at, d, subject, after].concat(),
                canonical(&record)
            );
        }
    }
}
