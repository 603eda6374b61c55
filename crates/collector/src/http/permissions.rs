//! `POST /v1/permissions`: may this address be contacted for that purpose? A POST: an address does not belong in a URL.
//! Refuses to answer differently in form: an unknown address, an unknown purpose and a no have the same members.

use axum::{
    extract::{Request, State},
    response::Response,
};
use candor_record::term::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    error::{ApiError, Fault},
    extract::read_json,
    operator::uncached,
};
use crate::{
    app::App,
    mailbox::Mailbox,
    operator::{Operator, Permission},
    permission::{Address, Answer, Limits, Number, Question, ask},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    email: Option<String>,
    phone: Option<String>,
    purpose: String,
    channel: String,
    at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    allowed: bool,
    status: &'static str,
    record: Option<String>,
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    not_before: Option<String>,
    why: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<ToldLimits>,
}

#[derive(Debug, Serialize)]
struct ToldLimits {
    #[serde(skip_serializing_if = "Option::is_none")]
    frequency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<ToldCalls>,
}

#[derive(Debug, Serialize)]
struct ToldCalls {
    /// Attempts that count now.
    made: usize,
    #[serde(flatten)]
    rules: crate::permission::calls::Calls,
}

pub async fn post(State(app): State<App>, operator: Operator, request: Request) -> Result<Response, ApiError> {
    operator.require(Permission::AskPermission)?;
    let expected = "expected an object with email or phone, purpose, channel, and perhaps at";
    let asked: Asked = read_json(&app, request, expected).await?;
    let purpose = asked.purpose.parse().ok();
    let channel = Channel::parse(&asked.channel).ok_or_else(|| {
        let words = Channel::ALL.iter().map(|channel| channel.as_str());
        let words = words.collect::<Vec<_>>().join(", ");
        ApiError::Unacceptable(vec![Fault::new(
            "/channel",
            "term",
            format!("a channel is one of {words}"),
        )])
    })?;
    let question = Question {
        address: address(&app, asked.email.as_deref(), asked.phone.as_deref(), purpose.as_ref())?,
        purpose,
        channel,
        at: asked.at.unwrap_or_else(|| app.clock.now()),
    };
    Ok(uncached(told(ask(&app, &question).await?)))
}

/// One address, read as forms with that purpose would read it.
pub fn address(
    app: &App,
    email: Option<&str>,
    phone: Option<&str>,
    purpose: Option<&candor_record::id::PurposeId>,
) -> Result<Address, ApiError> {
    let wrong = |pointer, detail| ApiError::Unacceptable(vec![Fault::new(pointer, "format", detail)]);
    match (email, phone) {
        (Some(email), None) => Mailbox::parse(email)
            .map(Address::Mailbox)
            .map_err(|_| wrong("/email", "not a complete e-mail address")),
        (None, Some(phone)) => Number::parse(app, purpose, phone)
            .map(Address::Phone)
            .ok_or_else(|| wrong("/phone", "not a telephone number; write it as +33123456789")),
        _ => Err(ApiError::malformed("expected either email or phone")),
    }
}

fn told(answer: Answer) -> Told {
    let time = |at: Timestamp| format!("{at:.3}");
    Told {
        allowed: answer.allowed,
        status: answer.status,
        record: answer.record.map(|record| record.to_string()),
        until: answer.until.map(time),
        not_before: answer.not_before.map(time),
        why: answer.reason.sentence(),
        reason: answer.reason.as_str(),
        limits: answer.limits.map(|Limits { frequency, calls }| ToldLimits {
            frequency: frequency.map(|span| span.to_string()),
            calls: calls.map(|(rules, made)| ToldCalls {
                made,
                rules: rules.clone(),
            }),
        }),
    }
}
