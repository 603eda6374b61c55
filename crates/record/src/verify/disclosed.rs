//! Step 10: do the disclosed values belong to this record, may they be kept, and does none of them stand in it?

use crate::{
    disclosure::{Disclosure, DisclosureError},
    json::{Node, Value},
    record::{Record, Submission},
};

pub(super) fn check(record: &Record, payload: &Node, disclosures: &[String]) -> Result<(), DisclosureError> {
    let mut seen: Vec<Disclosure> = Vec::new();
    for text in disclosures {
        let disclosure = Disclosure::parse(text)?;
        let field = disclosure.field();
        if !record.subject().sd.contains(&disclosure.digest()) {
            return Err(DisclosureError::NotCommitted(field.clone()));
        }
        if seen.iter().any(|other| other.field() == field) {
            return Err(DisclosureError::Repeated(field.clone()));
        }
        if let Record::Submission(submission) = record {
            check_permitted(submission, &disclosure)?;
        }
        if stands_in(payload, &address_of(record, &disclosure)) {
            return Err(DisclosureError::InPayload(field.clone()));
        }
        seen.push(disclosure);
    }
    Ok(())
}

/// A value is kept only for a purpose that permits it.
fn check_permitted(submission: &Submission, disclosure: &Disclosure) -> Result<(), DisclosureError> {
    let field = disclosure.field();
    let mut purposes = submission
        .processes
        .iter()
        .filter(|process| process.data.iter().any(|data| data.field == *field))
        .peekable();
    if purposes.peek().is_none() {
        return Err(DisclosureError::Undeclared(field.clone()));
    }
    if purposes.any(|process| process.status.permits_data()) {
        Ok(())
    } else {
        Err(DisclosureError::NotPermitted(field.clone()))
    }
}

/// What of a value is looked for in the payload.
enum Address {
    /// An e-mail address, in small letters.
    Email(String),
    /// The digits of a telephone number, as they were typed and without trunk or country prefix.
    Phone(String),
    /// Neither.
    None,
}

/// Shortest run of digits that can be somebody's number; shorter ones stand in dates and prices.
const SHORTEST_NUMBER: usize = 7;
/// Digits at the end that stay the same whether a number is written nationally or internationally.
const SIGNIFICANT_DIGITS: usize = 9;

fn address_of(record: &Record, disclosure: &Disclosure) -> Address {
    let value = disclosure.value().trim();
    let digits = significant(&digits_of(value));
    let declared = record.as_submission().map(|submission| {
        let mut data = submission.processes.iter().flat_map(|process| &process.data);
        data.find(|data| data.field == *disclosure.field())
            .map_or("", |data| data.category.as_str())
    });
    let is_phone = match declared {
        Some(category) => category == "TelephoneNumber",
        // A later event does not say what its fields are: a number looks like one.
        None => value
            .chars()
            .all(|character| character.is_ascii_digit() || is_number_filler(character)),
    };
    // An address is one whatever the field is called: a text field may hold nothing but an e-mail address.
    if value.contains('@') && !value.contains(char::is_whitespace) {
        return Address::Email(value.to_lowercase());
    }
    if is_phone && digits.len() >= SHORTEST_NUMBER {
        Address::Phone(digits)
    } else {
        Address::None
    }
}

/// Does it stand in the payload, and not in `parties` as well? Names of members are fixed, only values are searched.
fn stands_in(payload: &Node, address: &Address) -> bool {
    let members = payload.as_object().unwrap_or_default();
    let is_there = |names: fn(&str) -> bool| {
        members
            .iter()
            .filter(|member| names(&member.name))
            .any(|member| holds(&member.node, address))
    };
    !is_there(|name| name == "parties") && is_there(|name| name != "parties")
}

fn holds(node: &Node, address: &Address) -> bool {
    match &node.value {
        Value::String(text) => match address {
            Address::Email(email) => text.to_lowercase().contains(email),
            Address::Phone(digits) => number_runs(text).iter().any(|run| run.contains(digits)),
            Address::None => false,
        },
        Value::Array(items) => items.iter().any(|item| holds(item, address)),
        Value::Object(members) => members.iter().any(|member| holds(&member.node, address)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

fn significant(digits: &str) -> String {
    let national = digits.trim_start_matches('0');
    national[national.len().saturating_sub(SIGNIFICANT_DIGITS)..].to_owned()
}

/// The digits of every stretch that could be a telephone number. Identifiers and digests are broken up by letters.
fn number_runs(text: &str) -> Vec<String> {
    let stretches = text.split(|character: char| !character.is_ascii_digit() && !is_number_filler(character));
    stretches
        .map(digits_of)
        .filter(|run| run.len() >= SHORTEST_NUMBER)
        .collect()
}

/// What people write between the digits of a number, the no-break spaces and hyphens of French typography among them.
fn is_number_filler(character: char) -> bool {
    character.is_whitespace() || matches!(character, '+' | '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}')
}
