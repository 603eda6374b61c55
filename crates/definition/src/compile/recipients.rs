//! Who gets the data besides the controllers, and how it leaves the European Economic Area.

use std::collections::BTreeSet;

use candor_record::term::PartyRole;

use super::Form;
use super::sentences::join_sentences;
use crate::mechanism::Transfer;
use crate::party::Party;
use crate::place::Country;
use crate::purpose::Purpose;

/// Processors, recipients, recipients that only a consent opens, and countries that none of them accounts for.
pub(super) fn sentence(form: &Form<'_>) -> String {
    let named: Vec<&Party> = form
        .definition
        .parties()
        .iter()
        .filter(|party| !party.is_controller() && purposes_of(form, party).next().is_some())
        .collect();
    let processors: Vec<&Party> = named
        .iter()
        .copied()
        .filter(|party| party.role == PartyRole::Processor)
        .collect();
    let (conditional, others): (Vec<&Party>, Vec<&Party>) = named
        .iter()
        .copied()
        .filter(|party| party.role != PartyRole::Processor)
        .partition(|party| purposes_of(form, party).all(Purpose::is_consent));

    let mut sentences = Vec::new();
    for (key, parties) in [
        ("processor", &processors),
        ("recipient", &others),
        ("recipient.consent", &conditional),
    ] {
        if !parties.is_empty() {
            let who: Vec<String> = parties.iter().map(|party| describe(form, party)).collect();
            sentences.push(form.say_count(key, parties.len(), &[("who", &who.join(", "))]));
        }
    }
    let told: BTreeSet<Country> = named.iter().map(|party| party.country).collect();
    let abroad = countries_abroad(form, &told);
    if !abroad.is_empty() {
        sentences.push(form.say("abroad", &[("where", &abroad.join(&form.say("semicolon", &[])))]));
    }
    join_sentences(&sentences)
}

/// The name, what the party does, and the country with the mechanism where data leaves the area.
fn describe(form: &Form<'_>, party: &Party) -> String {
    let name = party.name.in_language(form.language);
    let sector = party
        .sector
        .as_ref()
        .map(|sector| sector.in_language(form.language).to_owned());
    let abroad = party.country.is_outside_eea().then(|| {
        let transfers = purposes_of(form, party).flat_map(|purpose| &purpose.transfers);
        destination(form, party.country, transfers)
    });
    let details: Vec<String> = sector.into_iter().chain(abroad).collect();
    if details.is_empty() {
        return name.to_owned();
    }
    form.say("party", &[("name", name), ("details", &details.join(", "))])
}

fn countries_abroad(form: &Form<'_>, told: &BTreeSet<Country>) -> Vec<String> {
    let transfers = || form.definition.purposes().iter().flat_map(|purpose| &purpose.transfers);
    let countries: BTreeSet<Country> = transfers().map(|transfer| transfer.country).collect();
    countries
        .difference(told)
        .filter(|country| country.is_outside_eea())
        .map(|country| destination(form, *country, transfers()))
        .collect()
}

/// The country, and by which means data may go there.
pub(super) fn destination<'d>(
    form: &Form<'_>,
    country: Country,
    transfers: impl Iterator<Item = &'d Transfer>,
) -> String {
    let mechanisms: BTreeSet<_> = transfers
        .filter(|transfer| transfer.country == country)
        .map(|transfer| transfer.mechanism)
        .collect();
    let words: Vec<String> = mechanisms
        .into_iter()
        .map(|mechanism| form.say(&format!("mechanism.{}", mechanism.as_str()), &[]))
        .collect();
    let name = form.catalog.country(country.code());
    form.say(
        "transfer",
        &[("country", name), ("mechanism", &words.join(&form.say("and", &[])))],
    )
}

fn purposes_of<'d>(form: &Form<'d>, party: &'d Party) -> impl Iterator<Item = &'d Purpose> {
    form.definition
        .purposes()
        .iter()
        .filter(|purpose| purpose.recipients.contains(&party.id))
}
