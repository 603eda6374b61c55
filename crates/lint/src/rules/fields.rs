//! What a form may ask for: nothing that the law protects, nothing that is nobody's business, nothing that is not needed.

use candor_definition::{Delivery, Field, FieldType, Ground, Purpose};
use candor_record::term::{Basis, Channel, Kind};

use crate::findings::Findings;
use crate::lexicon::List;
use crate::rules::Check;
use crate::subject::Subject;

mod asked;
pub(crate) mod sensitive;

use asked::{
    Address, address, answers, asks, asks_age, is_a_duty, is_always_required, is_explained, purposes, serves_gate,
};

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("C-EU-FIELD-SPECIAL", special),
    ("C-EU-FIELD-CRIMINAL", criminal),
    ("C-EU-FIELD-NATIONAL-ID", national_id),
    ("C-EU-FIELD-FINANCIAL", financial),
    ("C-EU-FIELD-SECRET", secret),
    ("C-EU-FIELD-NOSY", nosy),
    ("C-EU-FIELD-BIRTH-DATE", birth_date),
    ("C-EU-FIELD-SALUTATION", salutation),
    ("C-EU-FIELD-IDENTIFIER", identifier),
    ("C-EU-FIELD-MEASUREMENT", measurement),
    ("C-EU-FIELD-SCREEN", address_for_the_screen),
    ("C-EU-FIELD-FORCED", forced),
    ("C-EU-FIELD-NECESSITY", unnecessary),
    ("C-EU-FIELD-COUNT", many),
    ("C-EU-FIELD-FREE-TEXT", free_text),
    ("C-EU-FIELD-CHANNEL", no_address_for_the_channel),
    ("C-EU-FIELD-WRONG-PURPOSE", useless_number),
];

/// Fields that say a word of a list, unless a condition lets them.
fn suspicious(subject: &Subject<'_>, list: List, is_let: impl Fn(&Field) -> bool, findings: &mut Findings) {
    asked(subject, |field, at| asks(subject, field, at, list), is_let, findings);
}

/// Fields that ask for something, each with the place and the words, unless a condition lets them.
fn asked(
    subject: &Subject<'_>,
    asks: impl Fn(&Field, &str) -> Option<(String, String)>,
    is_let: impl Fn(&Field) -> bool,
    findings: &mut Findings,
) {
    for (field, at) in subject.fields() {
        if field.is_hidden() || is_let(field) {
            continue;
        }
        if let Some((pointer, found)) = asks(field, &at) {
            findings.tell(pointer, [("field", field.id.as_str()), ("found", &found)]);
        }
    }
}

/// Special categories, without an explicit consent for every purpose of the field.
fn special(subject: &Subject<'_>, findings: &mut Findings) {
    let is_explicit = |field: &Field| purposes(subject, field).all(|purpose| purpose.basis() == Basis::ExplicitConsent);
    suspicious(subject, List::Special, is_explicit, findings);
    for (field, at) in subject.fields() {
        if is_explicit(field) || asks(subject, field, &at, List::Special).is_some() {
            continue;
        }
        if let Some((pointer, found)) = answers(subject, field, List::SpecialAnswer) {
            findings.tell(pointer, [("field", field.id.as_str()), ("found", &found)]);
        }
    }
}

fn criminal(subject: &Subject<'_>, findings: &mut Findings) {
    suspicious(subject, List::Criminal, |field| is_a_duty(subject, field), findings);
}

fn national_id(subject: &Subject<'_>, findings: &mut Findings) {
    suspicious(subject, List::NationalId, |field| is_a_duty(subject, field), findings);
}

/// Accounts and cards where nothing is paid: for a file, or for anything that is no contract.
fn financial(subject: &Subject<'_>, findings: &mut Findings) {
    let is_for_a_payment = |field: &Field| {
        let mut contracts = purposes(subject, field).filter(|purpose| matches!(purpose.ground, Ground::Service(_)));
        contracts.next().is_some() && !serves_gate(subject, field)
    };
    suspicious(subject, List::Financial, is_for_a_payment, findings);
}

fn secret(subject: &Subject<'_>, findings: &mut Findings) {
    suspicious(subject, List::Secret, |_| false, findings);
}

/// What a lead form has no use for, unless a purpose says why, prepares a contract, or the law asks.
fn nosy(subject: &Subject<'_>, findings: &mut Findings) {
    suspicious(
        subject,
        List::Nosy,
        |field| is_needed(subject, field, List::Nosy),
        findings,
    );
}

/// The lists by whose words a purpose says what it needs an age for.
const AGES: [List; 3] = [List::BirthDate, List::Age, List::AgeAlone];

fn birth_date(subject: &Subject<'_>, findings: &mut Findings) {
    // The declaration "old enough or not" is what the law asks for instead of a birth date.
    let is_declared = |field: &Field| field.field_type() == FieldType::Age;
    let is_needed = |field: &Field| is_declared(field) || AGES.iter().any(|list| is_needed(subject, field, *list));
    asked(subject, |field, at| asks_age(subject, field, at), is_needed, findings);
}

fn is_needed(subject: &Subject<'_>, field: &Field, list: List) -> bool {
    let prepares = purposes(subject, field).any(|purpose| purpose.basis() == Basis::PreContract);
    let is_asked_for = (prepares && !serves_gate(subject, field)) || is_explained(subject, field, list);
    is_a_duty(subject, field) || is_asked_for
}

/// A title or a sex that has to be told, without an answer that tells neither.
fn salutation(subject: &Subject<'_>, findings: &mut Findings) {
    for (field, at) in subject.fields() {
        if !field.required || field.is_hidden() || answers(subject, field, List::Neutral).is_some() {
            continue;
        }
        let found = asks(subject, field, &at, List::Salutation).or_else(|| answers(subject, field, List::Title));
        if let Some((_, found)) = found {
            let found = [("field", field.id.as_str()), ("found", found.as_str())];
            findings.tell(format!("{at}/required"), found);
        }
    }
}

/// Hidden identifiers of a device or of a click, outside a consent.
fn identifier(subject: &Subject<'_>, findings: &mut Findings) {
    for (field, at) in subject.fields() {
        if !field.is_hidden() || purposes(subject, field).all(Purpose::is_consent) {
            continue;
        }
        if let Some((pointer, found)) = asks(subject, field, &at, List::Identifier) {
            findings.tell(pointer, [("field", field.id.as_str()), ("found", &found)]);
        }
    }
}

/// What measuring is in the words of DPV.
const MEASUREMENT: [&str; 2] = ["OptimisationForController", "ServiceUsageAnalytics"];

/// Hidden identifiers under a consent that is about something else, or about something else too.
fn measurement(subject: &Subject<'_>, findings: &mut Findings) {
    let is_own = |purpose: &Purpose| {
        MEASUREMENT.contains(&purpose.category.as_str())
            && purpose.kind() != Kind::Promotional
            && purpose.channel == Channel::None
    };
    for (field, at) in subject.fields() {
        if !field.is_hidden() || !purposes(subject, field).all(Purpose::is_consent) {
            continue;
        }
        let other = purposes(subject, field).find(|purpose| !is_own(purpose));
        if let (Some(purpose), Some(_)) = (other, asks(subject, field, &at, List::Identifier)) {
            findings.tell(
                format!("{at}/purposes"),
                [("field", field.id.as_str()), ("purpose", purpose.id.as_str())],
            );
        }
    }
}

/// An address that must be given for a file on the screen, where the type of the field or its purpose hides that.
fn address_for_the_screen(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(gate) = subject.definition.gate() else { return };
    if gate.delivery != Delivery::Screen {
        return;
    }
    for (field, at) in subject.fields() {
        let mut services = purposes(subject, field).filter(|purpose| matches!(purpose.ground, Ground::Service(_)));
        let serves_another = services.any(|purpose| purpose.id != *gate.purpose.id());
        if !is_always_required(field) || serves_another || field.field_type() == FieldType::PostalCode {
            continue;
        }
        if address(subject, field, &at).is_some() {
            findings.tell(format!("{at}/required"), [("field", field.id.as_str())]);
        }
    }
}

/// Values that have to be given for advertising, or a number for a service that does not call.
fn forced(subject: &Subject<'_>, findings: &mut Findings) {
    let has_service = subject
        .definition
        .purposes()
        .iter()
        .any(|purpose| matches!(purpose.ground, Ground::Service(_)));
    for (field, at) in subject.fields() {
        if !is_always_required(field) || !has_service {
            continue;
        }
        let uses = |purpose: &Purpose| match field.field_type() {
            FieldType::Phone => !matches!(purpose.channel, Channel::Email | Channel::Post),
            _ => true,
        };
        let is_free_to_refuse = |purpose: &Purpose| purpose.is_consent() || purpose.kind() == Kind::Promotional;
        let is_needed = purposes(subject, field).any(|purpose| !is_free_to_refuse(purpose) && uses(purpose));
        if !is_needed {
            findings.tell(format!("{at}/required"), [("field", field.id.as_str())]);
        }
    }
}

/// Required fields of a gate that its delivery does not need.
fn unnecessary(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(gate) = subject.definition.gate() else { return };
    for (field, at) in subject.fields() {
        let needs = gate.delivery == Delivery::Email && field.field_type() == FieldType::Email;
        if is_always_required(field) && serves_gate(subject, field) && !needs {
            let found = [("field", field.id.as_str()), ("delivery", gate.delivery.as_str())];
            findings.tell(format!("{at}/required"), found);
        }
    }
}

/// From how many fields on people give up, or give what nobody needs.
const MANY: usize = 7;

fn many(subject: &Subject<'_>, findings: &mut Findings) {
    let shown = subject
        .fields()
        .filter(|(field, _)| !field.is_hidden() && field.when.is_none());
    let count = shown.count();
    if count > MANY {
        findings.tell("/fields", [("count", &count.to_string())]);
    }
}

fn free_text(subject: &Subject<'_>, findings: &mut Findings) {
    for (field, at) in subject.fields() {
        if field.field_type() == FieldType::LongText && field.hint.is_none() {
            findings.tell(at, [("field", field.id.as_str())]);
        }
    }
}

/// A purpose that reaches people where no field holds such an address.
fn no_address_for_the_channel(subject: &Subject<'_>, findings: &mut Findings) {
    for (purpose, at) in subject.purposes() {
        let wanted = match purpose.channel {
            Channel::Email => Address::Email,
            Channel::Phone | Channel::Sms => Address::Phone,
            Channel::Post => Address::Post,
            // A messaging service is reached by a number, a mail address or a name of its own.
            Channel::Messaging | Channel::None => continue,
        };
        let mut fields = subject
            .fields()
            .filter(|(field, _)| field.purposes.contains(&purpose.id));
        if !fields.any(|(field, at)| address(subject, field, &at) == Some(wanted)) {
            let found = [("purpose", purpose.id.as_str()), ("channel", purpose.channel.as_str())];
            findings.tell(format!("{at}/channel"), found);
        }
    }
}

/// A number that also serves a purpose by mail, which can do nothing with it.
fn useless_number(subject: &Subject<'_>, findings: &mut Findings) {
    for (field, at) in subject.fields() {
        if field.field_type() != FieldType::Phone {
            continue;
        }
        for (index, id) in field.purposes.iter().enumerate() {
            let purpose = subject.definition.purpose(id.as_str());
            let channel = purpose.map(|purpose| purpose.channel);
            if let Some(channel @ (Channel::Email | Channel::Post)) = channel {
                let found = [
                    ("field", field.id.as_str()),
                    ("purpose", id.as_str()),
                    ("channel", channel.as_str()),
                ];
                findings.tell(format!("{at}/purposes/{index}"), found);
            }
        }
    }
}
