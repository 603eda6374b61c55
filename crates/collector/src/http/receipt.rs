//! `GET /r/{id}?token=`: the receipt for people, as the page "what was recorded" with the verdict of each check, or for
//! programs, by `Accept` or `format`: `json`, `dpv`, `kantara`, `sd-jwt`. `GET /t/{token}`: thank you.
//! Refuses whoever does not hold its token; the verdict is made anew for each page, by the same code as `candor verify`.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use candor_record::{
    disclosure::Disclosure,
    term::{Actor, Status},
    verify::{Evidence, RingVerifier, Verdict, verify},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::{
    download::{gone, living},
    error::{ApiError, Fault},
    page,
    problem::{NO_STORE, prefers_html},
    security::{framed_by_origins, is_embedded},
};
use crate::{
    app::App,
    catalog::Words,
    dates::moment,
    export::standards::{Standard, Told},
    follow_up::Dossier,
    links::{LinkKind, LinkTarget},
    pages::{
        PurposeWords, Receipt, Standing, Thanks, fingerprint,
        person::{ActReceipt, receipt},
        receipt::{digest, formats, key, lines, signatures},
    },
    person::{PersonEvent, PersonSubmission},
    published::Delivery,
    store::StoredRecord,
    typography::spaced,
};

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Page,
    /// The envelope itself.
    Json,
    Other(Standard),
}

impl Format {
    /// The parameter, or else the header; `raw` is what links to the envelope said at first.
    fn of(query: &HashMap<String, String>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let named = query.get("format").map(String::as_str);
        let named = named.or(query.contains_key("raw").then_some("json"));
        if let Some(name) = named {
            return match (name, Standard::parse(name)) {
                ("html", _) => Ok(Self::Page),
                ("json", _) => Ok(Self::Json),
                (_, Some(standard)) => Ok(Self::Other(standard)),
                _ => Err(ApiError::Malformed(vec![Fault::new(
                    "/format",
                    "term",
                    "format is one of html, json, dpv, kantara and sd-jwt",
                )])),
            };
        }
        let accepts = |media_type: &str| {
            let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
            let mut ranges = accepted.unwrap_or_default().split(',');
            ranges.any(|range| range.split(';').next().is_some_and(|range| range.trim() == media_type))
        };
        // Plain JSON is the envelope: a Kantara receipt has no media type of its own.
        let mut distinct = [Standard::Dpv, Standard::SdJwt].into_iter();
        Ok(match distinct.find(|standard| accepts(standard.media_type())) {
            Some(standard) => Self::Other(standard),
            None if prefers_html(headers) => Self::Page,
            None => Self::Json,
        })
    }
}

pub async fn get(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let token = query.get("token").map_or("", String::as_str);
    let link = living(&app, LinkKind::Receipt, token)
        .await?
        .filter(|link| Uuid::parse_str(&id) == Ok(link.target.subject));
    let format = Format::of(&query, &headers)?;
    let Some(link) = link else {
        return match format {
            Format::Page => Ok(gone(&headers, &format!("{}/m", app.public_url))),
            _ => Err(ApiError::NotFound),
        };
    };
    let record = app.store.record(link.target.subject).await?.ok_or(ApiError::NotFound)?;
    let mut response = match format {
        Format::Json => file("application/candor-record+json", "receipt.json", record.receipt.clone()),
        Format::Other(standard) => other(&app, &record, standard, query.get("disclose")).await?,
        Format::Page => {
            let dossier = Dossier::open(&app, record.chain).await?.ok_or(ApiError::NotFound)?;
            match record.id == record.chain {
                true => {
                    let verdict = verdict(&app, &dossier, &record, dossier.first().subject.sd.as_slice());
                    let page = Receipt::new(&app, &dossier, &verdict, Some(&app.link(link.target)));
                    page::answer(StatusCode::OK, &page)
                }
                false => act(&app, &dossier, &record, link.target)?,
            }
        }
    };
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

fn file(media_type: &'static str, name: &'static str, text: String) -> Response {
    let disposition = HeaderValue::try_from(format!("inline; filename=\"{name}\"")).expect("names are ASCII");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CACHE_CONTROL, NO_STORE),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}

/// The record in the words of another standard. `disclose` names the fields whose values go into an SD-JWT, with commas
/// between them; absent: every one, and empty: none.
async fn other(
    app: &App,
    record: &StoredRecord,
    standard: Standard,
    disclose: Option<&String>,
) -> Result<Response, ApiError> {
    let told = Told::open(app, record).await?;
    let (name, text) = match standard {
        Standard::Dpv => ("receipt.jsonld", told.dpv()?.to_string()),
        Standard::Kantara => {
            let receipt = told.kantara(&app.keys.current().published)?;
            ("receipt-kantara.json", receipt.ok_or(ApiError::NotFound)?.to_string())
        }
        Standard::SdJwt => {
            let dossier = Dossier::open(app, record.chain).await?.ok_or(ApiError::NotFound)?;
            let disclosures = &dossier.lead().values.disclosures;
            let wanted = |field: &str| disclose.is_none_or(|fields| fields.split(',').any(|wanted| wanted == field));
            ("receipt.sd-jwt", told.sd_jwt(disclosures, &wanted)?)
        }
    };
    Ok(file(standard.media_type(), name, text))
}

/// The receipt of a later event of the chain.
fn act(app: &App, dossier: &Dossier, stored: &StoredRecord, link: LinkTarget) -> Result<Response, ApiError> {
    let form = &dossier.lead().form;
    let words = Words::of(&dossier.lead().stored.lead.language);
    let event = PersonEvent::read(stored.clone()).ok_or(ApiError::Internal)?;
    let record = event.record.as_follow_up().ok_or(ApiError::Internal)?;
    let verdict = verdict(app, dossier, stored, record.subject.sd.as_slice());
    let state = |status: Status| key("state", status.as_str());
    let statement = |purpose: &str| PurposeWords::of(form, purpose).statement;
    let changes = record.processes.iter();
    let gives = changes
        .clone()
        .any(|change| matches!(change.status, Status::Given | Status::Renewed));
    let shown = record.shown.iter().flatten();
    let page = ActReceipt {
        words,
        controller: form.controller("name").unwrap_or_default().to_owned(),
        good: verdict.checks.iter().all(|check| check.ok != Some(false)),
        service: spaced(&record.form.service),
        event_key: key("event", &stored.event),
        received: moment(words, stored.received),
        by_key: match record.actor {
            Actor::Subject => "act_by_subject",
            Actor::Controller => "act_by_controller",
        },
        changes: changes
            .map(|change| (statement(change.purpose.as_str()), state(change.status)))
            .collect(),
        language: form.row.language.clone(),
        shown: shown.map(|text| spaced(&text.text)).collect(),
        checks: lines(&verdict, true),
        signatures: signatures(&stored.receipt),
        digest: digest(&stored.payload_digest),
        number: stored.id.to_string(),
        links: formats(&app.link(link), gives),
        raw: format!("{}&format=json", app.link(link)),
        first: receipt(app, dossier.id()),
    };
    Ok(page::answer(StatusCode::OK, &page))
}

/// Verified with what of the values still belongs to that record: a correction has digests of its own.
pub fn verdict(app: &App, dossier: &Dossier, record: &StoredRecord, digests: &[String]) -> Verdict {
    let keys = app.keys.current();
    let belongs = |text: &&String| {
        let digest = Disclosure::parse(text).map(|disclosure| disclosure.digest());
        digest.is_ok_and(|digest| digests.contains(&digest))
    };
    let lead = dossier.lead();
    let disclosures: Vec<String> = lead.values.disclosures.iter().filter(belongs).cloned().collect();
    let evidence = Evidence {
        keys: Some(&keys.published),
        expected: Some(&lead.form.expected),
        disclosures: Some(&disclosures),
        received: None,
    };
    verify(record.receipt.as_bytes(), &evidence, &RingVerifier)
}

/// `GET /t/{token}`: where the plain POST leads; opened by the manage link's token.
pub async fn thanks(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(link) = living(&app, LinkKind::Manage, &token).await? else {
        return Ok(gone(&headers, &format!("{}/m", app.public_url)));
    };
    let record = link.target.subject;
    let dossier = Dossier::open(&app, record).await?.ok_or(ApiError::NotFound)?;
    let PersonSubmission { form, stored, .. } = dossier.lead();
    let words = Words::of(&stored.lead.language);
    let delivery = form.terms.gate.as_ref().map(|gate| gate.delivery);
    let mut lines = Vec::new();
    if delivery == Some(Delivery::Email) {
        lines.push(words.get("thanks_email"));
    }
    if stored.lead.pending {
        lines.push(words.get("thanks_pending"));
    }
    if lines.is_empty() {
        lines.push(words.get("thanks_recorded"));
    }
    let download = match delivery {
        Some(Delivery::Screen) => app
            .store
            .newest_link(LinkKind::Download, record)
            .await?
            .map(|link| app.link(link.target)),
        _ => None,
    };
    let page = Thanks {
        words,
        title: &spaced(form.json["submit"]["success"].as_str().unwrap_or_default()),
        controller: form.controller("name").unwrap_or_default(),
        lines,
        download,
        // By this submission alone: what is on record of the mailbox shows nowhere before it is proved.
        resend: (stored.lead.pending && dossier.person().state.waiting().next().is_some())
            .then(|| format!("/t/{token}")),
        standings: Standing::choices(&app, &dossier),
        receipt: app.link(LinkTarget {
            kind: LinkKind::Receipt,
            subject: record,
            counter: 0,
        }),
        manage: app.link(link.target),
        date: moment(words, stored.record.received),
        fingerprint: fingerprint(&stored.record.payload_digest),
        embedded: is_embedded(&headers),
    };
    let mut response = page::answer(StatusCode::OK, &page);
    // It follows the hosted page, in the same frame.
    response.extensions_mut().insert(framed_by_origins(&app));
    Ok(response)
}
