//! What has changed around a published form, though nobody touched it: a rule of law began to hold, a page that it links to
//! died or says something else, a contract grew old. The sweep notes each mark once; who asks gets the list of any date.
//! Refuses to change a form or to stop it: a mark is for people. Read next: `watch/mark.rs`, the pure part.

use std::time::Duration;

use candor_lint::Tongue;
use jiff::Timestamp;

use crate::{
    app::App,
    clock::day,
    store::{StoreError, flows::TargetRow, registry::PublishedDefinition, watch::MarkKey},
};

mod mark;
mod page;
mod visit;

pub use self::mark::{Kind, Mark};
use self::visit::visit;

/// Every mark as of that time, by form and place.
///
/// # Errors
/// The store failed.
pub async fn marks(app: &App, at: Timestamp, tongue: Tongue) -> Result<Vec<Mark>, StoreError> {
    let published = app.store.in_force(at).await?;
    let pages = app.store.watched_pages().await?;
    let targets = app.store.targets().await?.into_iter();
    let targets: Vec<TargetRow> = targets.filter(|target| target.created <= at).collect();
    let law = tokio::task::spawn_blocking(move || {
        let of_form = |published: &PublishedDefinition| {
            let mut marks = mark::of_rules(published, day(at), tongue);
            marks.extend(mark::of_agreements(published, day(at), tongue));
            marks.extend(mark::of_targets(published, &targets, day(at), tongue));
            marks.extend(mark::of_pages(published, &pages, at, tongue));
            marks
        };
        published.iter().flat_map(of_form).collect::<Vec<_>>()
    });
    law.await.map_err(|_| StoreError("a review was cut short".into()))
}

/// Looks once an hour, for ever; dropped when the server stops.
pub async fn run(app: App) {
    loop {
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "the watch was cut short");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// How often a server looks. A page is visited once a day at most.
const ROUND: Duration = Duration::from_secs(3_600);

/// Visits the pages where that is wanted, and notes the marks: the new ones are answered.
///
/// # Errors
/// The store failed.
pub async fn look(app: &App) -> Result<Vec<Mark>, StoreError> {
    let now = app.clock.now();
    if app.config.watch_links {
        visit(app, now).await?;
    }
    note(app, now).await
}

/// Notes what is new and what is over, and tells of the new marks: they are answered.
///
/// # Errors
/// The store failed.
async fn note(app: &App, at: Timestamp) -> Result<Vec<Mark>, StoreError> {
    let found = marks(app, at, Tongue::English).await?;
    let keys: Vec<MarkKey> = found.iter().map(Mark::key).collect();
    let new = app.store.note_marks(&keys, at).await?;
    let new: Vec<Mark> = found.into_iter().filter(|mark| new.contains(&mark.key())).collect();
    for mark in &new {
        let (form, kind, subject) = (&mark.form, mark.kind.as_str(), &mark.subject);
        tracing::warn!(
            form,
            kind,
            subject,
            "a published form is marked: `candor export watch` says why"
        );
    }
    Ok(new)
}
