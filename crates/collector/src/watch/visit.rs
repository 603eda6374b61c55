//! Visits the pages that published forms link to: at most once a day each, by the client that never enters a private
//! network, and three redirects at most. Refuses to send anything but a request for the page.

use std::collections::BTreeMap;

use candor_record::digest::Sha256Digest;
use jiff::{SignedDuration, Timestamp};
use ureq::http::Request;
use url::Url;

use super::page::{addresses, digest};
use crate::{
    app::App,
    net::client::Received,
    store::{StoreError, registry::PublishedDefinition, watch::WatchedPage},
};

/// How long a page is left alone.
const REST: SignedDuration = SignedDuration::from_hours(24);
/// More than a notice in many languages has.
const MAX_PAGE_BYTES: usize = 2 * 1024 * 1024;
const MAX_REDIRECTS: usize = 3;

/// Visits what is due, and notes what was found.
///
/// # Errors
/// The store failed. A page that cannot be read is an outcome, not an error.
pub(super) async fn visit(app: &App, at: Timestamp) -> Result<(), StoreError> {
    let known = app.store.watched_pages().await?;
    let earlier = |published: &PublishedDefinition, url: &str| {
        let mut known = known.iter();
        known.find(|page| page.is_of(published) && page.url == url)
    };
    // Many forms link to one notice, and to several places in it.
    let mut linking: BTreeMap<String, Vec<(PublishedDefinition, String)>> = BTreeMap::new();
    for published in app.store.in_force(at).await? {
        for (url, _) in addresses(&published.definition) {
            let page = url.split('#').next().unwrap_or_default().to_owned();
            linking.entry(page).or_default().push((published.clone(), url));
        }
    }
    for (page, links) in linking {
        let is_fresh = |page: &WatchedPage| at.duration_since(page.visited) < REST;
        if links.iter().all(|(form, url)| earlier(form, url).is_some_and(is_fresh)) {
            continue;
        }
        if app.is_stopping() {
            return Ok(());
        }
        let found = read(app, &page).await;
        for (form, url) in links {
            let page = seen(&form, &url, earlier(&form, &url), &found, at);
            app.store.note_page(&page).await?;
        }
    }
    Ok(())
}

/// What a page says, or in a word why it says nothing.
async fn read(app: &App, url: &str) -> Result<Sha256Digest, String> {
    let mut url = Url::parse(url).map_err(|_| "address".to_owned())?;
    for _ in 0..=MAX_REDIRECTS {
        app.client.check(url.as_str()).map_err(|_| "address".to_owned())?;
        let request = Request::get(url.as_str()).header("Accept", "text/html, */*;q=0.1");
        let request = request.body(Vec::new()).map_err(|_| "address".to_owned())?;
        let received = app.client.send(request, MAX_PAGE_BYTES).await;
        let received = received.map_err(|error| error.as_str().to_owned())?;
        match received.status {
            200..=299 => return Ok(digest(media_type(&received), &received.body)),
            301 | 302 | 303 | 307 | 308 => {
                let next = received.headers.iter().find(|(name, _)| name == "location");
                let next = next.and_then(|(_, location)| url.join(location).ok());
                url = next.ok_or_else(|| received.status.to_string())?;
                url.set_fragment(None);
            }
            status => return Err(status.to_string()),
        }
    }
    Err("redirects".to_owned())
}

fn media_type(received: &Received) -> Option<&str> {
    let mut headers = received.headers.iter();
    let (_, value) = headers.find(|(name, _)| name == "content-type")?;
    value.split(';').next().map(str::trim)
}

/// What is known of the page now.
fn seen(
    published: &PublishedDefinition,
    url: &str,
    earlier: Option<&WatchedPage>,
    found: &Result<Sha256Digest, String>,
    at: Timestamp,
) -> WatchedPage {
    let mut page = earlier.cloned().unwrap_or_else(|| WatchedPage {
        form: published.form.clone(),
        version: published.version.clone(),
        url: url.to_owned(),
        visited: at,
        outcome: String::new(),
        failing: None,
        first_digest: None,
        digest: None,
        changed: None,
    });
    page.visited = at;
    match found {
        Ok(digest) => {
            let digest = digest.as_bytes().to_vec();
            let first = page.first_digest.get_or_insert_with(|| digest.clone());
            page.changed = (*first != digest).then(|| page.changed.unwrap_or(at));
            page.digest = Some(digest);
            page.outcome = "200".to_owned();
            page.failing = None;
        }
        Err(outcome) => {
            page.failing = Some(page.failing.unwrap_or(at));
            page.outcome.clone_from(outcome);
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_page_that_changes_back_is_as_it_was() {
        let published = PublishedDefinition {
            form: "f".into(),
            version: "v".into(),
            definition: String::new(),
            published: time("2026-11-01T00:00:00Z"),
            exceptions: Vec::new(),
        };
        let mut page = None;
        for (day, found, failing, changed) in [
            (1, Ok("one"), None, None),
            (2, Ok("<p>one</p>"), None, None),
            (3, Ok("two"), None, Some(3)),
            (4, Ok("three"), None, Some(3)),
            (5, Err("timeout"), Some(5), Some(3)),
            (6, Err("404"), Some(5), Some(3)),
            (7, Ok("one"), None, None),
        ] {
            let at = |day: i32| time(&format!("2026-11-{day:02}T00:00:00Z"));
            let found = found
                .map(|text: &str| digest(None, text.as_bytes()))
                .map_err(str::to_owned);
            let now = seen(&published, "https://a.example/", page.as_ref(), &found, at(day));
            assert_eq!(
                (now.failing, now.changed),
                (failing.map(at), changed.map(at)),
                "day {day}"
            );
            page = Some(now);
        }
    }
}
