//! `GET /d/{token}`: the gated file while its link lives; afterwards a page that mails a fresh one.
//! Refuses nothing for what was left unticked. GET changes nothing and counts nothing: scanners and range requests would burn a count.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::{
    error::ApiError,
    page,
    problem::NO_STORE,
    site::{OpenFile, inside},
};
use crate::{
    app::App,
    catalog::Words,
    links::LinkKind,
    pages::{Gone, Message},
    store::{Cap, MailKind, NewLetter, StoredLink},
};
use jiff::SignedDuration;

/// A living link of this kind; `None` for anything else.
pub async fn living(app: &App, kind: LinkKind, token: &str) -> Result<Option<StoredLink>, ApiError> {
    let Some(target) = app.keys.current().links.read(kind, token) else {
        return Ok(None);
    };
    let link = app.store.link(target).await?;
    let now = app.clock.now();
    Ok(link.filter(|link| link.expires.is_none_or(|expires| now < expires)))
}

/// The page for a link that opens nothing: unknown, expired or of another kind, in the same words.
pub fn gone(headers: &HeaderMap, action: &str) -> Response {
    page::answer(
        StatusCode::GONE,
        &Gone {
            words: Words::accepted(headers),
            action,
        },
    )
}

pub async fn get(
    State(app): State<App>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Some(link) = living(&app, LinkKind::Download, &token).await? else {
        return Ok(gone(&headers, &action(&app, &token)));
    };
    let asset = asset(&app, &link).await?.ok_or(ApiError::NotFound)?;
    let folder = app.config.assets.as_deref().ok_or(ApiError::NotFound)?;
    let file = OpenFile::open(&inside(folder, &asset).ok_or(ApiError::NotFound)?).await?;
    let mut response = serve(&file, &headers, method == Method::HEAD).await;
    let answered = response.headers_mut();
    file.describe(answered);
    let media_type = mime_guess::from_path(&asset)
        .first_raw()
        .unwrap_or("application/octet-stream");
    answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    answered.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answered.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    let name: String = asset
        .rsplit('/')
        .next()
        .unwrap_or("file")
        .chars()
        .filter(|c| c.is_ascii_graphic() && !"\"\\;".contains(*c))
        .collect();
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        answered.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// The button of the page above: mails a fresh link, where the old one was ours; the answer is the same anyway.
pub async fn fresh(
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(target) = app.keys.current().links.read(LinkKind::Download, &token)
        && let Some(link) = app.store.link(target).await?
    {
        renew(&app, &link).await?;
    }
    let words = Words::accepted(&headers);
    let lines = vec![words.get("sent_text")];
    Ok(page::answer(
        StatusCode::OK,
        &Message {
            words,
            title: words.get("sent_title"),
            lines,
            receipts: Vec::new(),
            link: None,
        },
    ))
}

/// Nobody's mailbox is filled by a button: one letter in ten minutes.
const LETTER_PAUSE: SignedDuration = SignedDuration::from_mins(10);

async fn renew(app: &App, link: &StoredLink) -> Result<(), ApiError> {
    let (now, record) = (app.clock.now(), link.target.subject);
    let Some(submission) = app.store.submission(record).await? else {
        return Ok(());
    };
    let letter = NewLetter {
        kind: MailKind::Download,
        person: submission.lead.person,
        record: Some(record),
        purposes: Vec::new(),
        dedupe: None,
    };
    let cap = Cap {
        count: 1,
        since: now - LETTER_PAUSE,
    };
    // The link itself is made when the letter is written.
    if app.store.queue(&letter, now, Some(cap)).await? {
        app.outbox.notify_one();
    }
    Ok(())
}

fn action(app: &App, token: &str) -> String {
    format!("{}/d/{}", app.public_url, own_characters(token))
}

/// Only a token's own characters go into a page's form.
pub fn own_characters(token: &str) -> String {
    let own = token
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    own.take(80).collect()
}

async fn asset(app: &App, link: &StoredLink) -> Result<Option<String>, ApiError> {
    let Some(submission) = app.store.submission(link.target.subject).await? else {
        return Ok(None);
    };
    let form = app.publications.by_digest(&submission.lead.compiled).await?;
    Ok(form.and_then(|form| form.terms.gate.as_ref().map(|gate| gate.asset.clone())))
}

async fn serve(file: &OpenFile, headers: &HeaderMap, head: bool) -> Response {
    match requested(headers, file) {
        Requested::Whole => file.whole(head).await,
        Requested::Part { start, end } => {
            let mut response = file
                .part(start, end - start + 1, StatusCode::PARTIAL_CONTENT, head)
                .await;
            let range = format!("bytes {start}-{end}/{}", file.size);
            response
                .headers_mut()
                .insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).unwrap_or(NO_STORE));
            response
        }
        Requested::Outside => {
            let mut response = (
                StatusCode::RANGE_NOT_SATISFIABLE,
                [(header::CONTENT_TYPE, "text/plain")],
            )
                .into_response();
            let range = format!("bytes */{}", file.size);
            response
                .headers_mut()
                .insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).unwrap_or(NO_STORE));
            response
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Requested {
    Whole,
    /// First and last byte.
    Part {
        start: u64,
        end: u64,
    },
    Outside,
}

/// One range (RFC 9110 §14); several, or a stale `If-Range`, get the whole.
fn requested(headers: &HeaderMap, file: &OpenFile) -> Requested {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if text(header::IF_RANGE).is_some_and(|etag| etag != file.etag) {
        return Requested::Whole;
    }
    text(header::RANGE).map_or(Requested::Whole, |range| parse_range(range, file.size))
}

fn parse_range(range: &str, size: u64) -> Requested {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|range| !range.contains(','))
        .and_then(|range| range.split_once('-'))
    else {
        return Requested::Whole;
    };
    let number = |text: &str| text.trim().parse::<u64>().ok();
    match (
        first.trim().is_empty(),
        number(first),
        last.trim().is_empty(),
        number(last),
    ) {
        (false, Some(start), true, _) if start < size => Requested::Part { start, end: size - 1 },
        (false, Some(start), false, Some(end)) if start > end => Requested::Whole,
        (false, Some(start), false, Some(end)) if start < size => Requested::Part {
            start,
            end: end.min(size - 1),
        },
        (false, Some(_), _, _) => Requested::Outside,
        (true, _, false, Some(0)) => Requested::Outside,
        (true, _, false, Some(suffix)) if size > 0 => Requested::Part {
            start: size.saturating_sub(suffix),
            end: size - 1,
        },
        _ => Requested::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let check = |range: &str, expected: Requested| assert_eq!(parse_range(range, 100), expected, "{range}");
        check("bytes=0-9", Requested::Part { start: 0, end: 9 });
        check("bytes=90-", Requested::Part { start: 90, end: 99 });
        check("bytes=90-1000", Requested::Part { start: 90, end: 99 });
        check("bytes=-10", Requested::Part { start: 90, end: 99 });
        check("bytes=-1000", Requested::Part { start: 0, end: 99 });
        check("bytes=100-", Requested::Outside);
        check("bytes=-0", Requested::Outside);
        check("bytes=9-0", Requested::Whole);
        check("bytes=0-1,5-6", Requested::Whole);
        check("lines=0-1", Requested::Whole);
        check("bytes=a-b", Requested::Whole);
    }
}
