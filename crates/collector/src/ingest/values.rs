//! What a submission says of its person: the address for mails, the mailbox and the numbers in their compared forms.
//! Refuses to change what was typed: disclosures stay as they came, and compared forms stand beside them.

use candor_record::disclosure::Disclosure;

use crate::{mailbox::Mailbox, published::PublishedForm, values::Values};

/// Field ids and values of disclosures.
pub fn disclosed(disclosures: &[String]) -> Vec<(String, String)> {
    let parsed = disclosures.iter().filter_map(|text| Disclosure::parse(text).ok());
    parsed
        .map(|disclosure| (disclosure.field().as_str().to_owned(), disclosure.value().to_owned()))
        .collect()
}

/// The values of a submission, as they are sealed.
pub fn of(form: &PublishedForm, disclosures: Vec<String>) -> Values {
    let typed = disclosed(&disclosures);
    let of_kind = |kind: &'static str| {
        let fields = form.fields.iter().filter(move |field| field.kind == kind);
        fields.filter_map(|field| typed.iter().find(|(id, _)| *id == field.id))
    };
    // The first e-mail field's value: where the answer goes.
    let address = of_kind("email").next().map(|(_, value)| value.trim().to_owned());
    let mailbox = address.as_deref().and_then(|text| Mailbox::parse(text).ok());
    let phones = of_kind("phone").filter_map(|(id, value)| Some((id.clone(), e164(form.country(), value)?)));
    Values {
        phones: phones.collect(),
        mailbox: mailbox.map(|mailbox| mailbox.as_str().to_owned()),
        address,
        disclosures,
    }
}

/// A number in E.164 (ITU-T), read as in that country where it has no prefix of its own.
pub fn e164(country: &str, typed: &str) -> Option<String> {
    // Which spaces and dashes of typography count as such is for the form to say (`src/form/field.rs`).
    let plain: String = typed
        .chars()
        .map(|letter| match letter {
            '\u{a0}' | '\u{202f}' | '\u{2009}'..='\u{2015}' => ' ',
            letter => letter,
        })
        .collect();
    let number = phonenumber::parse(country.parse().ok(), plain).ok()?;
    Some(number.format().mode(phonenumber::Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_in_e164() {
        let check = |country: &str, typed: &str, expected: Option<&str>| {
            assert_eq!(e164(country, typed).as_deref(), expected, "{country} {typed}");
        };
        check("FR", "01 99 00 12 34", Some("+33199001234"));
        check("FR", "+33 (0)1.99.00.12.34", Some("+33199001234"));
        check("FR", "+49 30 23125000", Some("+493023125000"));
        check("DE", "030 23125000", Some("+493023125000"));
        check("FR", "01\u{202f}99\u{a0}00\u{2011}12–34", Some("+33199001234"));
        check("FR", "call me", None);
        check("FR", "", None);
    }
}
