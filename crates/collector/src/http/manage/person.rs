//! Everything about a person on one page, behind a link that was mailed: each act is one press, and a signed record.
//! Refuses a consent whose box is not ticked, and values that the form would refuse; what was typed comes back.

use axum::response::Response;
use candor_record::id::PurposeId;
use http::StatusCode;
use uuid::Uuid;

use super::{Members, see};
use crate::{
    act::{PersonAct, act, correct, latest, offer},
    app::App,
    confirm::{Answer, Question},
    http::{error::ApiError, page},
    ingest::{fields::Flaw, plain::message},
    pages::person::{Again, Notice, PersonPage, receipt},
    person::Person,
    published::Field,
    store::StoredLink,
};

pub(super) fn show(app: &App, token: &str, person: &Person, link: &StoredLink, done: bool) -> Response {
    let done = done.then(|| {
        latest(person, None)
            .into_iter()
            .map(|record| receipt(app, record))
            .collect()
    });
    let notice = Notice { done, problem: None };
    answer(app, token, person, link, notice, &Again::default())
}

fn answer(app: &App, token: &str, person: &Person, link: &StoredLink, notice: Notice, again: &Again) -> Response {
    let status = match notice.problem {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let page = PersonPage::new(app, person, format!("/m/{token}"), link.expires, notice, again);
    page::answer(status, &page)
}

/// What a press means, or what is missing.
enum Pressed {
    Act(PersonAct),
    Missing(&'static str),
    /// A button that this page does not have.
    Nothing,
}

pub(super) async fn post(
    app: &App,
    token: &str,
    person: &Person,
    link: &StoredLink,
    members: &Members,
    gpc: bool,
) -> Result<Response, ApiError> {
    let pressed = match read(person, members, gpc) {
        Pressed::Act(pressed) => pressed,
        Pressed::Nothing => return see(&format!("/m/{token}")),
        Pressed::Missing(key) => {
            let notice = Notice {
                problem: Some(key),
                done: None,
            };
            return Ok(answer(app, token, person, link, notice, &Again::default()));
        }
    };
    if let PersonAct::Correct { chain, values } = &pressed
        && let Some(lead) = person.submission(*chain)
    {
        let flaws = correct::flaws(person, lead, values, app.clock.now());
        if !flaws.is_empty() {
            let words = |(field, flaw): (&Field, Flaw)| (field.id.clone(), message(&lead.form, field, flaw));
            let errors = flaws.into_iter().map(words).collect();
            let notice = Notice {
                problem: Some("correct_flawed"),
                done: None,
            };
            let again = Again {
                chain: Some(*chain),
                values: values.clone(),
                errors,
            };
            return Ok(answer(app, token, person, link, notice, &again));
        }
    }
    match act(app, person.row.id, &pressed).await? {
        Some(_) => see(&format!("/m/{token}?done")),
        None => see(&format!("/m/{token}")),
    }
}

fn read(person: &Person, members: &Members, gpc: bool) -> Pressed {
    let purpose = |name: &str| members.find(name)?.parse::<PurposeId>().ok();
    let chain = |name: &str| Uuid::parse_str(members.find(name)?).ok();
    if let Some(purpose) = purpose("withdraw") {
        Pressed::Act(PersonAct::Withdraw { purpose })
    } else if let Some(purpose) = purpose("object") {
        Pressed::Act(PersonAct::Object { purpose })
    } else if let Some(purpose) = purpose("lift") {
        Pressed::Act(PersonAct::Lift { purpose })
    } else if let Some(given) = purpose("give") {
        match purpose("agree") == Some(given.clone()) {
            true => Pressed::Act(PersonAct::Give { purpose: given, gpc }),
            false => Pressed::Missing("give_unticked"),
        }
    } else if let Some(chain) = chain("confirm") {
        let ticked = |name: &str| members.all(name).map(str::to_owned).collect();
        let answer = Answer {
            held: ticked("held"),
            objected: ticked("refuse"),
        };
        let question = Question::waiting(person, chain);
        match !question.is_empty() && question.answered(&answer).is_empty() {
            true => Pressed::Missing("confirm_nothing"),
            false => Pressed::Act(PersonAct::Confirm { chain, answer }),
        }
    } else if members.find("renew").is_some() {
        renewal(person, members)
    } else if let Some(chain) = chain("correct") {
        let values = members.0.iter().filter_map(|(name, value)| {
            let field = name.strip_prefix("value.")?;
            Some((field.to_owned(), value.clone()))
        });
        Pressed::Act(PersonAct::Correct {
            chain,
            values: values.collect(),
        })
    } else {
        Pressed::Nothing
    }
}

fn renewal(person: &Person, members: &Members) -> Pressed {
    let purposes = chosen(members);
    let why_not = |purpose: &PurposeId| offer::why_not_renewed(person, purpose, None);
    match purposes.iter().find_map(why_not) {
        Some(problem) => Pressed::Missing(problem),
        None if purposes.is_empty() => Pressed::Missing("renew_unticked"),
        None => Pressed::Act(PersonAct::Renew { purposes, issued: None }),
    }
}

/// The purposes whose renewal was ticked.
pub(super) fn chosen(members: &Members) -> Vec<PurposeId> {
    members.all("renewal").filter_map(|id| id.parse().ok()).collect()
}
