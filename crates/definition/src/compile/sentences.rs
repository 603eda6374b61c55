//! The sentences of the notice: who, which rights, how to take a consent back.
//!
//! Each says what holds for this form and no more; wordings stand in the catalogs.

use candor_record::term::{Channel, Control, PartyRole};

use super::Form;
use super::texts::is_choice;
use crate::party::Party;
use crate::purpose::Purpose;

/// The legend over the boxes: an offer when all are consents to be sent something, else a neutral word. Who agrees to a call
/// receives nothing.
pub(super) fn choices(form: &Form<'_>) -> String {
    let all_send_something = chosen(form).all(|purpose| purpose.is_consent() && purpose.channel != Channel::Phone);
    form.say(
        if all_send_something {
            "choices.consents"
        } else {
            "choices.mixed"
        },
        &[],
    )
}

/// What comes with and without a tick, and how long a tick holds.
pub(super) fn note(form: &Form<'_>) -> String {
    let mut note = Vec::new();
    if form
        .definition
        .purposes()
        .iter()
        .any(|purpose| form.definition.control(purpose) == Control::None)
    {
        note.push(form.say("note.service", &[]));
    }
    let mut validities = chosen(form).filter_map(Purpose::validity).peekable();
    if let Some(first) = validities.peek().copied() {
        note.push(match validities.all(|validity| validity == first) {
            true => form.say("note.again", &[("period", &super::retention::words(form, first))]),
            false => form.say("note.withdraw", &[]),
        });
    }
    note.join(" ")
}

pub(super) fn controller(form: &Form<'_>) -> String {
    let controllers: Vec<String> = parties(form, Party::is_controller)
        .map(|party| with_address(form, party))
        .collect();
    let representatives: Vec<String> = parties(form, |party| party.role == PartyRole::Representative)
        .map(|party| with_address(form, party))
        .collect();
    let mut sentences = vec![form.say_count(
        "controller",
        controllers.len(),
        &[("who", &controllers.join(&form.say("semicolon", &[])))],
    )];
    if !representatives.is_empty() {
        let who = representatives.join(&form.say("semicolon", &[]));
        sentences.push(form.say_count("representative", representatives.len(), &[("who", &who)]));
    }
    join_sentences(&sentences)
}

/// The rights and whom to ask.
pub(super) fn rights(form: &Form<'_>) -> String {
    form.say("rights", &[("contact", &contact(form))])
}

/// Whom to ask: the data protection officer where there is one.
pub(crate) fn contact(form: &Form<'_>) -> String {
    let contact = parties(form, |party| party.role == PartyRole::Dpo)
        .chain(parties(form, Party::is_controller))
        .find_map(reachable_at)
        .map(str::to_owned)
        .or_else(|| {
            parties(form, Party::is_controller)
                .next()
                .map(|party| with_address(form, party))
        });
    contact.unwrap_or_default()
}

pub(super) fn complaint(form: &Form<'_>) -> String {
    let authorities: Vec<&str> = parties(form, |party| party.role == PartyRole::Authority)
        .map(|party| party.name.in_language(form.language))
        .collect();
    match authorities.as_slice() {
        [] => form.say("complaint.default", &[]),
        names => form.say("complaint", &[("who", &names.join(", "))]),
    }
}

/// How a choice is taken back; silent where there is none.
pub(crate) fn withdrawal(form: &Form<'_>) -> String {
    let mut choices = form
        .definition
        .purposes()
        .iter()
        .filter(|purpose| form.definition.control(purpose) != Control::None)
        .peekable();
    if choices.peek().is_none() {
        return String::new();
    }
    let any_consent = form.definition.purposes().iter().any(Purpose::is_consent);
    let subject = if any_consent { "withdrawal" } else { "opposition" };
    if form.has_collector() {
        let comes_by_mail = choices.any(|purpose| purpose.channel == Channel::Email);
        return form.say(
            &format!("{subject}.{}", if comes_by_mail { "mail" } else { "page" }),
            &[],
        );
    }
    let contact = match form.definition.withdrawal() {
        Some(withdrawal) => {
            let addresses: Vec<&str> = withdrawal.email().into_iter().chain(withdrawal.url()).collect();
            addresses.join(&form.say("or", &[]))
        }
        None => parties(form, Party::is_controller)
            .find_map(|party| party.email.clone())
            .unwrap_or_default(),
    };
    form.say(&format!("{subject}.address"), &[("contact", &contact)])
}

/// Puts a full stop between sentences, unless a name brought its own.
pub(super) fn join_sentences(sentences: &[String]) -> String {
    let mut joined = String::new();
    for sentence in sentences {
        if !joined.is_empty() {
            joined.push_str(if joined.ends_with('.') { " " } else { ". " });
        }
        joined.push_str(sentence);
    }
    joined
}

fn chosen<'d>(form: &Form<'d>) -> impl Iterator<Item = &'d Purpose> {
    let form = *form;
    form.definition
        .purposes()
        .iter()
        .filter(move |purpose| is_choice(&form, purpose))
}

fn parties<'d>(form: &Form<'d>, wanted: impl Fn(&Party) -> bool) -> impl Iterator<Item = &'d Party> {
    form.definition.parties().iter().filter(move |party| wanted(party))
}

pub(super) fn with_address(form: &Form<'_>, party: &Party) -> String {
    let name = party.name.in_language(form.language);
    match &party.address {
        Some(address) => form.say(
            "party.address",
            &[("name", name), ("address", address.in_language(form.language))],
        ),
        None => name.to_owned(),
    }
}

pub(super) fn reachable_at(party: &Party) -> Option<&str> {
    party
        .email
        .as_deref()
        .or(party.url.as_deref())
        .or(party.phone.as_deref())
}
