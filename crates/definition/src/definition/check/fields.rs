//! Fields against the purposes that they serve.

use candor_record::term::Channel;

use super::Parts;
use crate::diagnostic::Report;
use crate::field::{FieldDraft, FieldType};
use crate::rule;

pub(super) fn check(report: &mut Report<'_>, parts: &Parts<'_>) {
    for field in parts.fields() {
        check_when(report, parts, field);
        if check_purposes(report, parts, field) {
            check_required(report, parts, field);
            check_phone(report, parts, field);
            check_age(report, parts, field);
        }
    }
    refuse_a_second_age(report, parts);
}

/// Whether every purpose of the field is one of the definition.
fn check_purposes(report: &mut Report<'_>, parts: &Parts<'_>, field: &FieldDraft) -> bool {
    let Some(purposes) = &field.purposes else { return false };
    let mut good = true;
    for (id, place) in purposes {
        let is_known = parts.purpose(id).is_some();
        if !is_known && parts.all_purposes_named {
            let help = "name the id of a purpose, or add the purpose";
            report.refuse(rule::FIELD_PURPOSE, place, format!("`{id}` is not a purpose"), help);
        }
        good &= is_known;
    }
    good
}

fn check_when(report: &mut Report<'_>, parts: &Parts<'_>, field: &FieldDraft) {
    let Some((id, place)) = &field.when else { return };
    let message = match parts.purpose(id) {
        None if !parts.all_purposes_named => return,
        None => format!("`{id}` is not a purpose"),
        Some(_) if parts.is_one_consent() => format!("`{id}` has no checkbox: submitting is the consent"),
        Some(purpose) if purpose.basis.is_some() && !purpose.is_consent() => {
            format!("`{id}` has no consent checkbox that could be ticked")
        }
        Some(_) => return,
    };
    let help = "name a purpose with the basis `consent`, or take `when` out: the field is then always shown";
    report.refuse(rule::FIELD_WHEN, place, message, help);
}

fn check_required(report: &mut Report<'_>, parts: &Parts<'_>, field: &FieldDraft) {
    let Some(place) = &field.required else { return };
    let mut purposes = field.purposes.iter().flatten().filter_map(|(id, _)| parts.purpose(id));
    let serves_consents_only = purposes.all(|purpose| purpose.is_consent());
    // A condition that could not be read was reported; it may name the right box.
    let stands_under_its_box = field.when.as_ref().map_or(field.has_when, |(id, _)| field.serves(id));
    // Whoever may not consent alone is asked before anything else: no consent is the price of an answer.
    let is_age = field.field_type == Some(FieldType::Age);
    if serves_consents_only && !is_age && !stands_under_its_box && !parts.is_one_consent() {
        let message = "the field is required, and it serves consents only";
        let help = "take `required` out, or show the field under the box of one of its purposes by `when`";
        report.refuse(rule::FIELD_REQUIRED, place, message, help);
    }
}

fn check_phone(report: &mut Report<'_>, parts: &Parts<'_>, field: &FieldDraft) {
    if field.field_type != Some(FieldType::Phone) {
        return;
    }
    let mut channels = field
        .purposes
        .iter()
        .flatten()
        .map(|(id, _)| parts.purpose(id).and_then(|it| it.channel));
    // A channel that could not be read was reported; it may be the phone.
    let uses_phone = |channel| matches!(channel, None | Some(Channel::Phone | Channel::Sms | Channel::Messaging));
    if !channels.any(uses_phone) {
        let message = "the number is asked for, and no purpose of the field uses the phone";
        let help = "add the purpose that calls or writes to the number (`channel`: `phone`, `sms` or `messaging`), or take the field out";
        report.refuse(rule::FIELD_PHONE, &field.purposes_place, message, help);
    }
}

/// Whoever is too young leaves nothing behind: so the question stands before every purpose, and cannot be skipped.
fn check_age(report: &mut Report<'_>, parts: &Parts<'_>, field: &FieldDraft) {
    if field.field_type != Some(FieldType::Age) {
        return;
    }
    if let Some(place) = &field.optional {
        let message = "the declaration may be left out, and would then say nothing";
        report.refuse(
            rule::FIELD_AGE,
            place,
            message,
            "take `required` out: it is always required",
        );
    }
    if let Some((_, place)) = &field.when {
        let message = "the declaration is hidden until a box is ticked";
        report.refuse(
            rule::FIELD_AGE,
            place,
            message,
            "take `when` out: it is asked of everybody",
        );
    }
    let serves_all = parts
        .purposes()
        .filter_map(|it| it.id.as_ref())
        .all(|id| field.serves(id.as_str()));
    if !serves_all {
        let message = "the declaration does not serve every purpose: a child would leave data behind for the others";
        report.refuse(
            rule::FIELD_AGE,
            &field.purposes_place,
            message,
            "name every purpose of the form",
        );
    }
}

fn refuse_a_second_age(report: &mut Report<'_>, parts: &Parts<'_>) {
    let ages = parts.fields().filter(|field| field.field_type == Some(FieldType::Age));
    for second in ages.skip(1) {
        let message = "the age is declared by another field already";
        report.refuse(rule::FIELD_AGE, &second.id_place, message, "take one of them out");
    }
}
