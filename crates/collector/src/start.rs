//! Opens everything a server needs, in the order in which each part may refuse: folder, keys, store, forms.
//! Refuses to start on a definition that is refused, on a store that is not durable, on keys that do not fit.

use std::sync::{Arc, atomic::AtomicBool};

use tokio::sync::Notify;

use crate::{
    app::{App, Parts},
    clock::{Clock, Random},
    config::Config,
    flow::Bell,
    forms::{Folder, FormsError, LiveForms},
    http::{limit::Limiter, operator::REFUSED_TOKENS_PER_MINUTE, site::inside},
    index::IndexKey,
    keys::{KeyError, live::LiveKeys, private_folder},
    mail::{MailError, Post},
    net::{Client, SystemLookup},
    published::Publications,
    robots::Robots,
    statistics::Counted,
    store::{Store, StoreError, sqlite::SqliteStore},
    values::ValueKeys,
};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Forms(#[from] FormsError),
    #[error("--smtp: {0}")]
    Mail(#[from] MailError),
}

/// Opens the collector. The public URL is known by now, because the port is.
pub async fn open(
    config: Config,
    public_url: String,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> Result<(App, Post), StartError> {
    private_folder(&config.data)?;
    let post = Post::open(
        config.smtp.as_deref(),
        config.smtp_ca.as_deref(),
        config.data.join("outbox"),
    )?;
    let store = Arc::new(SqliteStore::open(&config.database).await?);
    Ok((app(config, public_url, clock, random, store).await?, post))
}

/// The same, on a store that is open already.
pub async fn app(
    config: Config,
    public_url: String,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    store: Arc<dyn Store>,
) -> Result<App, StartError> {
    let keys = LiveKeys::open(&config.data, random.as_ref(), clock.now())?;
    let values = ValueKeys::open(&config.data, random.as_ref())?;
    let index = IndexKey::open(&config.data, random.as_ref())?;
    let folder = Folder {
        path: config.forms.as_deref(),
        allow: &config.allow,
    };
    let forms = LiveForms::load(folder, &public_url, store.as_ref(), clock.now()).await?;
    warn_of_missing_files(&config, &forms);
    let client = Client::new(
        config.target_networks.clone(),
        Arc::new(SystemLookup),
        config.deadlines.receiver,
    );
    Ok(App::new(Parts {
        limiter: Limiter::new(config.limit),
        check_limiter: Limiter::new(config.limit),
        form_limiter: Limiter::new(config.limit_per_form),
        robots: Robots::new(config.robots),
        refused_tokens: Limiter::new(REFUSED_TOKENS_PER_MINUTE),
        publications: Publications::new(Arc::clone(&store)),
        config,
        public_url,
        store,
        clock,
        random,
        keys,
        values,
        index,
        forms,
        counted: Counted::default(),
        outbox: Notify::new(),
        flows: Bell::default(),
        client,
        stopping: AtomicBool::new(false),
    }))
}

/// A gate whose file is missing: the form works, the link will not.
fn warn_of_missing_files(config: &Config, forms: &LiveForms) {
    for (id, form) in forms.iter() {
        let Some(gate) = &form.in_language(None).terms.gate else {
            continue;
        };
        if config
            .assets
            .as_deref()
            .and_then(|folder| inside(folder, &gate.asset))
            .is_none()
        {
            tracing::warn!(form = id, asset = gate.asset, "the gated file is not in --assets");
        }
    }
}
