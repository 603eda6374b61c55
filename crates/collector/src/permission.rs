//! "May I contact?" (record.md §6): one purpose, one channel, one address, one time; the answer says why.
//! Refuses whatever the derived state does not give. An address or a purpose that nobody knows is a plain no.
//! Read next: `permission/of_person.rs`, then `permission/decide.rs`, the pure part; for people: docs/permissions.md.

use std::collections::BTreeSet;

use candor_record::{
    id::PurposeId,
    state::{Class, Standing, State},
    term::Channel,
};
use jiff::Timestamp;

use crate::{app::App, http::error::ApiError, person::Person};

mod address;
pub mod calls;
mod decide;
mod of_person;
mod reason;

use self::address::is_suppressed;
pub use self::{
    address::{Address, Number},
    decide::{Answer, Case, Limits, decide},
    of_person::{Asked, is_restricted, last_contact, of_person},
    reason::Reason,
};

#[derive(Debug, Clone)]
pub struct Question {
    pub address: Address,
    /// `None`: a word that cannot be one.
    pub purpose: Option<PurposeId>,
    pub channel: Channel,
    pub at: Timestamp,
}

/// Answers the question. Every look-up is by a key: it takes as long with a hundred thousand leads as with ten.
pub async fn ask(app: &App, question: &Question) -> Result<Answer, ApiError> {
    let (key, kind) = question.address.key(app);
    let suppressed = is_suppressed(app, &key, kind, question.channel, question.at).await?;
    let people = question.address.people(app).await?;
    let Some(purpose) = &question.purpose else {
        return Ok(Answer::unknown(suppressed));
    };
    let asked = Asked {
        purpose,
        channel: question.channel,
        at: question.at,
        frequency: true,
    };
    let mut answers = Vec::new();
    for id in people {
        let Some(person) = Person::open(app, id).await? else {
            continue;
        };
        let number = match &question.address {
            Address::Mailbox(_) => None,
            Address::Phone(number) => Some(number),
        };
        let answer = of_person(app, &person, &asked, number, suppressed).await?;
        answers.push((answer, class_of(&person, &asked)));
    }
    Ok(together(answers).unwrap_or_else(|| Answer::unknown(suppressed)))
}

/// Of several people who share a number the one who permits most, unless another one has refused this class.
fn together(answers: Vec<(Answer, Barring)>) -> Option<Answer> {
    let rank = |answer: &Answer| (answer.allowed, answer.reason.defers(), answer.reason != Reason::Unknown);
    let chosen = (0..answers.len()).max_by_key(|position| rank(&answers[*position].0))?;
    let (answer, Barring { class, .. }) = &answers[chosen];
    let refuses = |(position, (_, barring)): (usize, &(Answer, Barring))| {
        position != chosen && class.as_ref().is_some_and(|class| barring.bars.contains(class))
    };
    if (answer.allowed || answer.reason.defers()) && answers.iter().enumerate().any(refuses) {
        return Some(Answer::no(State::Objected.as_str(), None, Reason::Shared));
    }
    Some(answer.clone())
}

/// What a person refused, beside the class of the purpose that is asked about.
struct Barring {
    class: Option<Class>,
    bars: BTreeSet<Class>,
}

fn class_of(person: &Person, asked: &Asked<'_>) -> Barring {
    let state = person.state_at(asked.at);
    Barring {
        class: state.of(asked.purpose).map(Standing::class),
        bars: state.bars().map(|(class, _)| class.clone()).collect(),
    }
}
