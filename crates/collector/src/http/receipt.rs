//! `GET /r/{id}?token=`: the receipt as JSON, or as the page "what was recorded" with the verdict of each check. `GET /t/{token}`: thank you.
//! Refuses whoever does not hold its token; the verdict is made anew for each page, by the same code as `candor verify`.

use std::collections::HashMap;

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use candor_record::{
    disclosure::Disclosure,
    term::{Actor, Method as CaptureMethod, Status},
    verify::{Check, Evidence, RingVerifier, UnverifiedRecord, Verdict, verify},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::{
    download::{gone, living},
    error::ApiError,
    page,
    problem::{NO_STORE, prefers_html},
    security::{framed_by_origins, is_embedded},
};
use crate::{
    app::App,
    catalog::Words,
    dates::moment,
    follow_up::Dossier,
    ingest::values::disclosed,
    links::{LinkKind, LinkTarget},
    pages::{
        CheckLine, PurposeWords, Receipt, Standing, Thanks, fingerprint,
        person::{ActReceipt, receipt},
    },
    person::{PersonEvent, PersonSubmission},
    published::Delivery,
    store::StoredRecord,
    typography::spaced,
};

/// Steps that a receipt without a log proof goes through.
const STEPS: std::ops::RangeInclusive<u8> = 1..=10;

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
    let raw = query.contains_key("raw") || !prefers_html(&headers);
    let Some(link) = link else {
        return if raw {
            Err(ApiError::NotFound)
        } else {
            Ok(gone(&headers, &format!("{}/m", app.public_url)))
        };
    };
    let record = app.store.record(link.target.subject).await?.ok_or(ApiError::NotFound)?;
    let mut response = if raw {
        json(&record)
    } else {
        let dossier = Dossier::open(&app, record.chain).await?.ok_or(ApiError::NotFound)?;
        match record.id == record.chain {
            true => shown(&app, &dossier, link.target)?,
            false => act(&app, &dossier, &record, link.target)?,
        }
    };
    response
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}

fn json(record: &StoredRecord) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/candor-record+json"),
        ),
        (header::CACHE_CONTROL, NO_STORE),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("inline; filename=\"receipt.json\""),
        ),
    ];
    (headers, record.receipt.clone()).into_response()
}

fn shown(app: &App, dossier: &Dossier, link: LinkTarget) -> Result<Response, ApiError> {
    let (first, lead) = (dossier.first(), dossier.lead());
    let (form, record) = (&lead.form, &lead.stored.record);
    let words = Words::of(&lead.stored.lead.language);
    let verdict = verdict(app, dossier, record, first.subject.sd.as_slice());
    let signatures = signatures(&record.receipt);
    let unsigned = signatures.iter().all(|(label, _)| *label != "receipt_signature_device");
    let typed = disclosed(&lead.values.disclosures).into_iter().map(|(field, value)| {
        let label = form
            .text(&format!("field.{field}"))
            .map_or_else(|| field.clone(), str::to_owned);
        (label, value)
    });
    let events = dossier.person().events.iter().map(|event| {
        let stored = &event.stored;
        (
            format!("event_{}", stored.event.replace('-', "_")),
            moment(words, stored.received),
        )
    });
    let method_key = match first.capture.method {
        CaptureMethod::Widget => "receipt_method_widget",
        CaptureMethod::Html => "receipt_method_html",
        _ => "receipt_method_other",
    };
    let page = Receipt {
        words,
        controller: form.controller("name").unwrap_or_default(),
        good: verdict.checks.iter().all(|check| check.ok != Some(false)),
        service: &spaced(&first.form.service),
        created: moment(words, first.created.as_jiff()),
        received: moment(words, record.received),
        origin: &first.capture.origin,
        method_key,
        policy_url: &first.policy.url,
        policy_version: &first.policy.version,
        standings: Standing::all(app, dossier),
        typed: typed.collect(),
        events: events.collect(),
        signatures,
        checks: lines(&verdict, unsigned),
        digest: format!("sha256-{}", candor_record::base64url::encode(&record.payload_digest)),
        shown: first.shown.iter().map(|text| text.text.as_str()).collect(),
        raw: format!("{}&raw", app.link(link)),
    };
    Ok(page::answer(StatusCode::OK, &page))
}

/// The receipt of a later event of the chain.
fn act(app: &App, dossier: &Dossier, stored: &StoredRecord, link: LinkTarget) -> Result<Response, ApiError> {
    let form = &dossier.lead().form;
    let words = Words::of(&dossier.lead().stored.lead.language);
    let event = PersonEvent::read(stored.clone()).ok_or(ApiError::Internal)?;
    let record = event.record.as_follow_up().ok_or(ApiError::Internal)?;
    let verdict = verdict(app, dossier, stored, record.subject.sd.as_slice());
    let state = |status: Status| format!("state_{}", status.as_str().replace('-', "_"));
    let statement = |purpose: &str| PurposeWords::of(form, purpose).statement;
    let changes = record.processes.iter();
    let shown = record.shown.iter().flatten();
    let page = ActReceipt {
        words,
        controller: form.controller("name").unwrap_or_default().to_owned(),
        good: verdict.checks.iter().all(|check| check.ok != Some(false)),
        service: spaced(&record.form.service),
        event_key: format!("event_{}", stored.event.replace('-', "_")),
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
        digest: format!("sha256-{}", candor_record::base64url::encode(&stored.payload_digest)),
        raw: format!("{}&raw", app.link(link)),
        first: receipt(app, dossier.id()),
    };
    Ok(page::answer(StatusCode::OK, &page))
}

/// Verified with what of the values still belongs to that record: a correction has digests of its own.
fn verdict(app: &App, dossier: &Dossier, record: &StoredRecord, digests: &[String]) -> Verdict {
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

fn lines(verdict: &Verdict, unsigned: bool) -> Vec<CheckLine> {
    let steps = verdict.checks.iter().filter(|check| STEPS.contains(&check.step));
    steps.map(|check| line(check, unsigned)).collect()
}

fn line(check: &Check, unsigned: bool) -> CheckLine {
    let (outcome_key, class) = match check.ok {
        Some(true) => ("receipt_check_good", "good"),
        Some(false) => ("receipt_check_failed", "failed"),
        None => ("receipt_check_skipped", "skipped"),
    };
    CheckLine {
        key: if check.step == 6 && unsigned {
            "check_6_none".to_owned()
        } else {
            format!("check_{}", check.step)
        },
        outcome_key,
        class,
    }
}

fn signatures(receipt: &str) -> Vec<(&'static str, String)> {
    let Ok(unverified) = UnverifiedRecord::read(receipt.as_bytes()) else {
        return Vec::new();
    };
    let device = unverified
        .device()
        .map(|(_, header)| ("receipt_signature_device", header.jwk.thumbprint()));
    let controller = unverified
        .controller()
        .map(|(_, header)| ("receipt_signature_controller", header.kid.clone()));
    device.into_iter().chain(controller).collect()
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
