//! What every handler works with: store, clock, randomness, keys, forms. All of it injected, so that a test decides each.
//! Read next: `router.rs` for what is served, `ingest.rs` for the main use case.

use std::{
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::Notify;

use crate::{
    clock::{Clock, Random},
    config::{Config, origin_of},
    flow::Bell,
    forms::LiveForms,
    http::limit::Limiter,
    index::IndexKey,
    keys::live::LiveKeys,
    links::{LinkKind, LinkTarget},
    net::Client,
    published::Publications,
    robots::Robots,
    statistics::Counted,
    store::{Appended, PersonChange, Store, StoreError},
    values::ValueKeys,
};

/// Shared by all requests; cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Parts>);

#[derive(Debug)]
pub struct Parts {
    pub config: Config,
    /// The address under which browsers reach this server, without a trailing slash.
    pub public_url: String,
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub keys: LiveKeys,
    pub values: ValueKeys,
    pub index: IndexKey,
    pub forms: LiveForms,
    pub publications: Publications,
    pub limiter: Limiter,
    /// Definitions checked, per address.
    pub check_limiter: Limiter,
    /// Submissions per form.
    pub form_limiter: Limiter<String>,
    pub robots: Robots,
    /// Tokens that opened nothing, per address.
    pub refused_tokens: Limiter,
    /// The last statistics.
    pub counted: Counted,
    /// Rung when the outbox has a new row.
    pub outbox: Notify,
    /// Rung when receivers may have to hear something.
    pub flows: Bell,
    /// For requests to receivers.
    pub client: Client,
    /// Set once: no further letter is begun.
    pub stopping: AtomicBool,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The address of a link.
    pub fn link(&self, target: LinkTarget) -> String {
        let token = self.keys.current().links.token(target);
        match target.kind {
            LinkKind::Confirm => format!("{}/c/{token}", self.public_url),
            LinkKind::Manage | LinkKind::Person | LinkKind::Renew | LinkKind::Unsubscribe => {
                format!("{}/m/{token}", self.public_url)
            }
            LinkKind::Download => format!("{}/d/{token}", self.public_url),
            LinkKind::Receipt => format!("{}/r/{}?token={token}", self.public_url, target.subject),
        }
    }

    /// Writes a change of a person; whoever tells receivers is woken.
    ///
    /// # Errors
    /// The store failed, and nothing is written.
    pub async fn commit(&self, change: &PersonChange) -> Result<Appended, StoreError> {
        let outcome = self.store.commit(change).await?;
        if outcome == Appended::New {
            self.flows.ring();
        }
        Ok(outcome)
    }

    /// Lets the letter under way leave, and begins no other.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.outbox.notify_one();
        self.flows.wake();
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// The server's own origin.
    pub fn own_origin(&self) -> &str {
        origin_of(&self.public_url)
    }

    /// Whether pages of this origin may embed and submit.
    pub fn admits(&self, origin: &str) -> bool {
        origin == self.own_origin()
            || self
                .config
                .origins
                .iter()
                .any(|admitted| admitted == "*" || admitted == origin)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
