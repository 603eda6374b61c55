//! What a partner says of itself: who got the data from somebody else is a controller too, and GDPR Art. 14 has it tell who it is, which
//! rights there are and whom to ask. In the sentences that the notice has for the controller of the form.
//!
//! Silent about what no definition knows of a partner: its data protection officer, its own recipients, how long it keeps what it got.

use super::{Form, recipients, sentences};
use crate::definition::Definition;
use crate::language::Language;
use crate::party::Party;
use crate::purpose::Purpose;

/// Sentences of a partner, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartnerWords {
    /// Who it is, with every way to reach it that the definition names: Art. 14(1)(a).
    pub controller: String,
    /// Where the data leave the European Economic Area for it, and by which means: Art. 14(1)(f).
    pub abroad: Option<String>,
    /// The rights, and whom to ask; nothing where the definition names no way to reach it: Art. 14(2)(c).
    pub rights: Option<String>,
}

/// What a party that gets the data of a purpose says of itself.
pub fn partner_words(definition: &Definition, language: &Language, purpose: &Purpose, party: &Party) -> PartnerWords {
    let form = Form::new(definition, language, None);
    let name = sentences::with_address(&form, party);
    let ways = [&party.phone, &party.email, &party.url];
    let ways = ways.into_iter().flatten().cloned();
    let who: Vec<String> = std::iter::once(name).chain(ways).collect();
    let address = || party.address.as_ref().map(|text| text.in_language(form.language));
    let contact = sentences::reachable_at(party).or_else(address);
    let abroad = party.country.is_outside_eea().then(|| {
        let destination = recipients::destination(&form, party.country, purpose.transfers.iter());
        form.say("abroad", &[("where", &destination)])
    });
    PartnerWords {
        controller: form.say_count("controller", 1, &[("who", &who.join(", "))]),
        abroad,
        rights: contact.map(|contact| form.say("rights", &[("contact", contact)])),
    }
}
