//! Recipients, transfers and statements: what a purpose says about parties, and about other purposes.

use candor_record::term::PartyRole;

use super::Parts;
use crate::diagnostic::Report;
use crate::party::is_controller;
use crate::purpose::PurposeDraft;
use crate::rule;

pub(super) fn check_recipients(report: &mut Report<'_>, parts: &Parts<'_>) {
    for purpose in parts.purposes() {
        let Some(recipients) = &purpose.recipients else {
            continue;
        };
        for (id, place) in recipients {
            if parts.party(id).is_none() && parts.all_parties_named {
                let help = "name the id of a party, or add the party";
                report.refuse(rule::RECIPIENT_UNKNOWN, place, format!("`{id}` is not a party"), help);
            }
        }
        let roles: Vec<PartyRole> = recipients.iter().filter_map(|(id, _)| parts.party(id)?.role).collect();
        let all_roles_are_known = roles.len() == recipients.len();
        if all_roles_are_known && !roles.iter().copied().any(is_controller) {
            let message = "the recipients name no controller";
            let help = "add the id of the controller: the person must know who decides";
            report.refuse(rule::RECIPIENT_CONTROLLER, &purpose.recipients_place, message, help);
        }
        if purpose.shares {
            check_sharing(report, parts, purpose);
        }
    }
}

/// Shared data reaches somebody who is named and who has a notice of their own.
fn check_sharing(report: &mut Report<'_>, parts: &Parts<'_>, purpose: &PurposeDraft) {
    let mut receives = false;
    for (id, place) in purpose.recipients.iter().flatten() {
        let Some(party) = parts.party(id) else {
            // An unknown party was reported; whether it would receive cannot be told.
            receives = true;
            continue;
        };
        if party
            .role
            .is_some_and(|role| is_controller(role) || role == PartyRole::Processor)
        {
            continue;
        }
        receives = true;
        if !party.has_policy && party.role.is_some() {
            let message = format!("`{id}` gets shared data and has no `policy`");
            let help = format!("add the privacy notice of `{id}` to its party as `policy`");
            report.refuse(rule::SHARE_POLICY, place, message, help);
        }
    }
    if !receives && purpose.recipients.is_some() {
        let message = "data is shared, but with controllers and processors only";
        let help =
            "add the party that receives the data, with the role `recipient`, or take `Share` out of `operations`";
        report.refuse(rule::SHARE_RECIPIENT, &purpose.recipients_place, message, help);
    }
}

pub(super) fn check_transfers(report: &mut Report<'_>, parts: &Parts<'_>) {
    for purpose in parts.purposes() {
        let parties = purpose.recipients.iter().flatten();
        let parties =
            parties.filter_map(|(id, place)| Some((parts.party(id)?.country?, place, format!("`{id}` is in"))));
        let locations = purpose
            .locations
            .iter()
            .map(|(country, place)| (*country, place, "data is stored in".to_owned()));
        for (country, place, what) in parties.chain(locations) {
            let is_declared = purpose
                .transfers
                .iter()
                .any(|transfer| transfer.country.is_none_or(|it| it == country));
            if country.is_outside_eea() && !is_declared {
                let code = country.code();
                let message = format!("{what} {code}, outside the European Economic Area, without a transfer");
                let help = format!(
                    "add {{\"country\": \"{code}\", \"mechanism\": …}} to `transfers`, with the article that permits it"
                );
                report.refuse(rule::TRANSFER_MISSING, place, message, help);
            }
        }
    }
}

/// Two boxes with the same words are one consent asked twice, or two asked as one.
pub(super) fn check_statements(report: &mut Report<'_>, parts: &Parts<'_>) {
    let Some((purposes, languages)) = parts.purposes.as_ref().zip(parts.languages) else {
        return;
    };
    for (index, purpose) in purposes.iter().enumerate() {
        let Some((text, place)) = &purpose.statement else {
            continue;
        };
        let same = purposes[..index].iter().find_map(|earlier| {
            let (other, _) = earlier.statement.as_ref()?;
            let language = languages
                .iter()
                .find(|language| spoken(text.in_language(language)) == spoken(other.in_language(language)))?;
            Some((earlier, language))
        });
        if let Some((earlier, language)) = same {
            let other = earlier.id.as_ref().map_or("another purpose", |id| id.as_str());
            let message = format!("the statement says the same as that of `{other}` in `{language}`");
            report.refuse(
                rule::PURPOSE_SAME,
                place,
                message,
                "say what is different, or make one purpose of the two",
            );
        }
    }
}

/// Letters and digits in lower case: a full stop or a capital does not make another statement.
fn spoken(text: &str) -> String {
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
