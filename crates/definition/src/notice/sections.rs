//! What each section says, in the order of GDPR Art. 13, and nothing that the definition does not say.

use candor_record::term::{Basis, Channel, Kind, PartyRole};

use super::{Block, Section, Words, own, purposes};
use crate::compile::{Form, retention, sentences};
use crate::definition::AutomatedDecisions;
use crate::mechanism::Transfer;
use crate::party::Party;
use crate::purpose::Purpose;

pub(super) fn all(form: &Form<'_>) -> Vec<Section> {
    let section = |id: &'static str, article: &'static str, blocks: Vec<Block>| {
        let title = form.tell(&format!("h.{id}"), &[]);
        Some(Section {
            id,
            article,
            title,
            blocks,
        })
        .filter(|it| !it.blocks.is_empty())
    };
    let sections = [
        section("who", "13(1)(a)", who(form)),
        section("dpo", "13(1)(b)", dpo(form)),
        section("purposes", "13(1)(c)", purposes::all(form)),
        section("interests", "13(1)(d)", interests(form)),
        section("recipients", "13(1)(e)", recipients(form)),
        section("transfers", "13(1)(f)", transfers(form)),
        section("retention", "13(2)(a)", kept(form)),
        section("rights", "13(2)(b)", rights(form)),
        section("objection", "21(4)", objection(form)),
        section("withdrawal", "13(2)(c)", withdrawal(form)),
        section("complaint", "13(2)(d)", complaint(form)),
        section("required", "13(2)(e)", required(form)),
        section("automated", "13(2)(f)", automated(form)),
        section("own", "13(1)(c)", own::all(form)),
        section("version", "12(1)", version(form)),
    ];
    sections.into_iter().flatten().collect()
}

fn parties<'d>(form: &Form<'d>, role: PartyRole) -> impl Iterator<Item = &'d Party> {
    form.definition.parties().iter().filter(move |party| party.role == role)
}

/// Country, address and every way to reach somebody.
fn card(form: &Form<'_>, key: &str, party: &Party) -> Block {
    let place = party
        .address
        .as_ref()
        .map(|text| text.in_language(form.language).to_owned());
    let country = form.catalog.country(party.country.code()).to_owned();
    let mut contact = vec![Words::plain(
        place.into_iter().chain([country]).collect::<Vec<_>>().join(", "),
    )];
    contact.extend(
        party
            .email
            .iter()
            .map(|email| Words::link(email, format!("mailto:{email}"))),
    );
    contact.extend(party.phone.iter().map(|number| {
        let digits: String = number.chars().filter(|it| it.is_ascii_digit() || *it == '+').collect();
        Words::link(number, format!("tel:{digits}"))
    }));
    contact.extend(party.url.iter().map(|url| Words::link(url, url)));
    Block::Entry {
        title: party.name.in_language(form.language).to_owned(),
        rows: vec![
            (form.tell("role", &[]), vec![Words::plain(form.tell(key, &[]))]),
            (form.tell("contact", &[]), contact),
        ],
    }
}

fn who(form: &Form<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = parties(form, PartyRole::Controller)
        .map(|party| card(form, "controller", party))
        .collect();
    blocks.extend(parties(form, PartyRole::JointController).map(|party| card(form, "joint", party)));
    if parties(form, PartyRole::JointController).next().is_some() {
        blocks.push(Block::Paragraph(Words::plain(form.tell("joint.note", &[]))));
    }
    blocks.extend(parties(form, PartyRole::Representative).map(|party| card(form, "representative", party)));
    blocks
}

fn dpo(form: &Form<'_>) -> Vec<Block> {
    let named: Vec<Block> = parties(form, PartyRole::Dpo)
        .map(|party| card(form, "h.dpo", party))
        .collect();
    if named.is_empty() {
        return vec![Block::Paragraph(Words::plain(form.tell("dpo.none", &[])))];
    }
    named
}

fn interests(form: &Form<'_>) -> Vec<Block> {
    let of = |purpose: &Purpose| {
        let interest = purpose.interest()?.in_language(form.language);
        let statement = purpose.statement.in_language(form.language);
        Some(Block::Entry {
            title: statement.to_owned(),
            rows: vec![(
                form.tell("basis.legitimate-interest", &[]),
                vec![Words::plain(interest)],
            )],
        })
    };
    let told: Vec<Block> = form.definition.purposes().iter().filter_map(of).collect();
    if told.is_empty() {
        return vec![Block::Paragraph(Words::plain(form.tell("interests.none", &[])))];
    }
    told
}

/// The purposes for which a party gets data, in their own words.
fn uses<'d>(form: &Form<'d>, party: &Party) -> Vec<&'d Purpose> {
    let purposes = form.definition.purposes().iter();
    purposes
        .filter(|purpose| purpose.recipients.contains(&party.id))
        .collect()
}

fn recipients(form: &Form<'_>) -> Vec<Block> {
    let entry = |party: &Party| {
        let uses = uses(form, party);
        if party.is_controller() || uses.is_empty() {
            return None;
        }
        let kind = match party.role {
            PartyRole::Processor => "processor",
            _ => "recipient",
        };
        let country = form.catalog.country(party.country.code());
        let sector = party
            .sector
            .as_ref()
            .map(|text| text.in_language(form.language).to_owned());
        let what: Vec<String> = [form.tell(kind, &[])]
            .into_iter()
            .chain(sector)
            .chain([country.to_owned()])
            .collect();
        let statements = uses
            .iter()
            .map(|it| Words::plain(it.statement.in_language(form.language)));
        let mut rows = vec![
            (form.tell("role", &[]), vec![Words::plain(what.join(", "))]),
            (form.tell("for", &[]), statements.collect()),
        ];
        if let Some(policy) = &party.policy {
            rows.push((form.say("policy", &[]), vec![Words::link(policy, policy)]));
        }
        let title = party.name.in_language(form.language).to_owned();
        Some(Block::Entry { title, rows })
    };
    let told: Vec<Block> = form.definition.parties().iter().filter_map(entry).collect();
    if told.is_empty() {
        return vec![Block::Paragraph(Words::plain(form.tell("recipients.none", &[])))];
    }
    told
}

fn transfers(form: &Form<'_>) -> Vec<Block> {
    let mut known: Vec<&Transfer> = Vec::new();
    for transfer in form.definition.purposes().iter().flat_map(|purpose| &purpose.transfers) {
        if !known.contains(&transfer) {
            known.push(transfer);
        }
    }
    if known.is_empty() {
        return vec![Block::Paragraph(Words::plain(form.tell("transfers.none", &[])))];
    }
    let mut blocks: Vec<Block> = known.iter().map(|transfer| destination(form, transfer)).collect();
    // EDPB 05/2020 ¶64 (vi): who consents to a transfer is told its risk.
    if known.iter().any(|transfer| transfer.mechanism.as_str() == "A49-1-a") {
        blocks.push(Block::Prominent(Words::plain(form.tell("risk", &[]))));
    }
    blocks
}

fn destination(form: &Form<'_>, transfer: &Transfer) -> Block {
    let article = transfer.mechanism.as_str();
    let mechanism = form.say(&format!("mechanism.{article}"), &[]);
    let copy = match &transfer.copy {
        Some(address) => Words::link(address, address),
        None => Words::plain(form.tell("copy.ask", &[])),
    };
    let receive = |party: &&Party| party.country == transfer.country && !uses(form, party).is_empty();
    let names = form.definition.parties().iter().filter(receive);
    let names: Vec<Words> = names
        .map(|it| Words::plain(it.name.in_language(form.language)))
        .collect();
    let mut rows = vec![
        (form.tell("safeguard", &[]), vec![Words::plain(mechanism)]),
        (form.tell("copy", &[]), vec![copy]),
    ];
    if !names.is_empty() {
        rows.insert(0, (form.tell("h.recipients", &[]), names));
    }
    Block::Entry {
        title: form.catalog.country(transfer.country.code()).to_owned(),
        rows,
    }
}

fn kept(form: &Form<'_>) -> Vec<Block> {
    let entry = |purpose: &Purpose| Block::Entry {
        title: purpose.statement.in_language(form.language).to_owned(),
        rows: vec![(form.tell("kept", &[]), vec![Words::plain(retention::of(form, purpose))])],
    };
    let mut blocks: Vec<Block> = form.definition.purposes().iter().map(entry).collect();
    blocks.push(Block::Paragraph(Words::plain(form.tell("retention.ends", &[]))));
    blocks
}

/// Articles of the rights, with their words; the last one is French law (Loi n° 78-17, art. 85).
const RIGHTS: [&str; 6] = [
    "access",
    "rectification",
    "erasure",
    "restriction",
    "portability",
    "objection",
];

fn rights(form: &Form<'_>) -> Vec<Block> {
    let mut rights: Vec<Words> = RIGHTS
        .iter()
        .map(|right| Words::plain(form.tell(&format!("right.{right}"), &[])))
        .collect();
    if form.definition.jurisdiction().code() == "FR" {
        rights.push(Words::plain(form.tell("right.death", &[])));
    }
    let contact = sentences::contact(form);
    let mut blocks = vec![
        Block::List(rights),
        Block::Paragraph(Words::plain(form.tell("rights.how", &[("contact", &contact)]))),
    ];
    if let Some(page) = form.own_page() {
        blocks.push(Block::Paragraph(Words::link(form.tell("rights.page", &[]), page)));
    }
    blocks
}

/// Art. 21(4): explicitly, clearly, and apart from everything else.
fn objection(form: &Form<'_>) -> Vec<Block> {
    let purposes = || form.definition.purposes().iter();
    let promotes =
        purposes().any(|it| it.kind() == Kind::Promotional || it.channel != Channel::None && it.is_consent());
    let is_interest = |it: &Purpose| matches!(it.basis(), Basis::LegitimateInterest | Basis::SoftOptIn);
    let mut blocks = Vec::new();
    if promotes {
        blocks.push(Block::Prominent(Words::plain(form.tell("objection.marketing", &[]))));
    }
    if purposes().any(|it| is_interest(it) && it.kind() != Kind::Promotional) || form.has_collector() {
        blocks.push(Block::Prominent(Words::plain(form.tell("objection.other", &[]))));
    }
    blocks
}

fn withdrawal(form: &Form<'_>) -> Vec<Block> {
    let consents = form.definition.purposes().iter().any(Purpose::is_consent);
    if !consents {
        return vec![Block::Paragraph(Words::plain(form.tell("withdrawal.none", &[])))];
    }
    let mut blocks = vec![Block::Paragraph(Words::plain(sentences::withdrawal(form)))];
    blocks.push(Block::Paragraph(Words::plain(form.tell("withdrawal.effect", &[]))));
    blocks.extend(
        form.own_page()
            .map(|page| Block::Paragraph(Words::link(form.tell("rights.page", &[]), page))),
    );
    blocks
}

fn complaint(form: &Form<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = parties(form, PartyRole::Authority)
        .map(|party| card(form, "authority", party))
        .collect();
    blocks.push(Block::Paragraph(Words::plain(form.tell("complaint.any", &[]))));
    blocks
}

/// Each field, and what follows from leaving it empty. What only a ticked box asks for is as optional as the box.
fn required(form: &Form<'_>) -> Vec<Block> {
    let definition = form.definition;
    let visible = || definition.fields().iter().filter(|field| !field.is_hidden());
    let label = |required: bool| {
        let of = visible().filter(move |field| (field.required && field.when.is_none()) == required);
        of.map(|field| Words::plain(field.label.in_language(form.language)))
            .collect::<Vec<_>>()
    };
    let rows = [("required", label(true)), ("optional", label(false))];
    let rows: Vec<_> = rows
        .into_iter()
        .filter(|(_, fields)| !fields.is_empty())
        .map(|(key, fields)| (form.tell(key, &[]), fields))
        .collect();
    let service = definition.service().in_language(form.language);
    let legal = definition
        .purposes()
        .iter()
        .any(|it| it.basis() == Basis::LegalObligation);
    let mut told = vec![form.tell(if legal { "required.legal" } else { "required.law" }, &[])];
    if visible().any(|field| field.required) {
        told.push(form.tell("required.service", &[("service", service)]));
    }
    if definition
        .purposes()
        .iter()
        .any(|it| it.is_consent() || it.interest().is_some())
    {
        told.push(form.tell("required.choice", &[]));
    }
    let mut blocks = vec![Block::Entry {
        title: service.to_owned(),
        rows,
    }];
    blocks.extend(told.into_iter().map(|text| Block::Paragraph(Words::plain(text))));
    blocks
}

fn automated(form: &Form<'_>) -> Vec<Block> {
    let text = match form.definition.automated_decisions() {
        AutomatedDecisions::None => form.tell("automated.none", &[]),
        AutomatedDecisions::Described(text) => text.in_language(form.language).to_owned(),
    };
    vec![Block::Paragraph(Words::plain(text))]
}

/// Which definition this is the notice of, and the site's own policy beside it.
fn version(form: &Form<'_>) -> Vec<Block> {
    let definition = form.definition;
    let policy = definition.policy();
    let address = policy.url.in_language(form.language);
    vec![Block::Entry {
        title: definition.title().in_language(form.language).to_owned(),
        rows: vec![
            (
                form.tell("version", &[]),
                vec![Words::plain(format!(
                    "{} {}",
                    definition.id(),
                    definition.digest().to_text()
                ))],
            ),
            (
                form.say("policy", &[]),
                vec![Words::link(address, address), Words::plain(policy.version.as_str())],
            ),
        ],
    }]
}
