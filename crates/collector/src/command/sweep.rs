//! `candor sweep`: what is due now, done once: reconfirmations, expiries, retention, sealed evidence, the outbox.
//! `--at TIME` takes another date for now, `--dry-run` writes nothing: together they rehearse any date. Alone, `--at`
//! acts in that time, and says on stderr what that means.
//! Refuses to make a data folder by mistake, and to end well where a letter could not be sent. Prints counts by form and
//! purpose, and nothing of whom.

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use candor_lint::Tongue;
use clap::{Args, ValueEnum, builder::BoolishValueParser};
use jiff::Timestamp;

use super::place::{Failure, finish};
use crate::{
    clock::{Clock, FixedClock, SystemClock, SystemRandomness, whole_milliseconds},
    config::{Config, Options},
    erase, flow,
    lock::Lock,
    moment, outbox, start,
    store::{Store, sqlite::SqliteStore},
    sweep::{Mode, Report, sweep, sweep_under, wait_for_lock},
    telemetry, watch,
};

/// A server sweeps and sends in rounds; it is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder of database, keys and mails
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Database, `sqlite:` or `sqlite:PATH`; default: DATA/candor.sqlite
    #[arg(long, env = "CANDOR_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// Address under which browsers reach the server: the links in mails
    #[arg(long, env = "CANDOR_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Mail server, smtps://user:password@host:port, or smtp://…?tls=required (STARTTLS or nothing) or ?tls=opportunistic
    /// (where it is offered); absent: mails are written to DATA/outbox
    #[arg(long, env = "CANDOR_SMTP", value_name = "URL", hide_env_values = true)]
    smtp: Option<String>,
    /// Certificates to trust for the mail server besides the system's and Mozilla's, PEM
    #[arg(long, env = "CANDOR_SMTP_CA", value_name = "FILE")]
    smtp_ca: Option<PathBuf>,
    /// Sender address of mails; default: the controller's address
    #[arg(long, env = "CANDOR_MAIL_FROM", value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Network that receivers may be in although it is not public, such as 10.0.0.0/8; repeatable
    #[arg(long, env = "CANDOR_TARGET_NETWORK", value_name = "CIDR", value_delimiter = ',')]
    target_network: Option<Vec<String>>,
    /// Visit the pages that published forms link to, where the last visit is a day ago
    #[arg(long, env = "CANDOR_WATCH_LINKS", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    watch_links: Option<bool>,
    /// File of options; default: candor.toml, where there is one
    #[arg(long, env = "CANDOR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Rehearsal: as if it were that time, or the beginning of that day in UTC. Without --dry-run what is due then is
    /// done and recorded with that time: on a copy of the data only
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,
    /// Only say what would be done
    #[arg(long)]
    dry_run: bool,
    /// How to print what was done
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn time(text: &str) -> Result<Timestamp, String> {
    moment::from(text).map(whole_milliseconds)
}

pub fn run(arguments: Arguments) -> ExitCode {
    telemetry::start();
    let mut failed = 0;
    let code = finish("sweep", work(arguments, &mut failed));
    if failed == 0 {
        return code;
    }
    let _ = writeln!(
        io::stderr(),
        "candor sweep: {failed} letters could not be sent; they are tried again later, and the log says why"
    );
    ExitCode::FAILURE
}

/// `failed`: how many letters could not be sent.
async fn work(arguments: Arguments, failed: &mut u64) -> Result<String, Failure> {
    let (at, dry_run, format) = (arguments.at, arguments.dry_run, arguments.format);
    let config = decide(arguments)?;
    if !config.database.is_file() || !config.data.join("keys/jwks.json").is_file() {
        return Err(format!("{}: no collector has its data there", config.data.display()).into());
    }
    if let Some(at) = at.filter(|_| !dry_run) {
        let _ = writeln!(
            io::stderr(),
            "candor sweep: --at without --dry-run acts as if it were {at}: what is due then is done for good, events are \
             signed with that time, and letters leave"
        );
    }
    let clock: Arc<dyn Clock> = match at {
        Some(at) => Arc::new(FixedClock(at)),
        None => Arc::new(SystemClock),
    };
    let report = match dry_run {
        true => rehearse(config, clock).await?,
        false => act(config, clock, failed).await?,
    };
    Ok(match format {
        Format::Text => report.to_string(),
        Format::Json => format!("{}\n", report.to_json()),
    })
}

fn decide(arguments: Arguments) -> Result<Config, Failure> {
    let file = match &arguments.config {
        Some(path) => Options::from_file(path, true)?,
        None => Options::from_file("candor.toml".as_ref(), false)?,
    };
    let options = Options {
        data: arguments.data.or(file.data),
        database: arguments.database.or(file.database),
        public_url: arguments.public_url.or(file.public_url),
        smtp: arguments.smtp.or(file.smtp),
        smtp_ca: arguments.smtp_ca.or(file.smtp_ca),
        mail_from: arguments.mail_from.or(file.mail_from),
        target_network: arguments.target_network.or(file.target_network),
        watch_links: arguments.watch_links.or(file.watch_links),
        listen: file.listen,
        // Forms are published by the server; what was published is what counts here.
        ..Options::default()
    };
    Ok(options.decide()?)
}

fn public_url(config: &Config) -> String {
    let listening = || format!("http://{}", config.listen);
    config.public_url.clone().unwrap_or_else(listening)
}

async fn rehearse(config: Config, clock: Arc<dyn Clock>) -> Result<Report, Failure> {
    let now = clock.now();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open_read_only(&config.database).await?);
    let url = public_url(&config);
    let app = start::app(config, url, clock, Arc::new(SystemRandomness), store).await?;
    let mut report = sweep(&app, Mode::Rehearse).await?;
    report.letters_sent = app.store.letters_until(now).await? + report.letters_queued;
    report.receivers_waiting = app.store.deliveries_waiting().await?;
    report.marks = watch::marks(&app, now, Tongue::English).await?;
    app.store.close().await;
    Ok(report)
}

async fn act(config: Config, clock: Arc<dyn Clock>, failed: &mut u64) -> Result<Report, Failure> {
    let url = public_url(&config);
    let (app, post) = start::open(config, url, clock, Arc::new(SystemRandomness)).await?;
    // Also with a mail server: letters from before it was set lie there still.
    let left = "letters of erased leads are left in DATA/outbox and cannot be removed";
    erase::remove_orphans(&app).await.map_err(|_| left)?;
    let busy = "a server is at it still, and was waited for in vain";
    let mut report = {
        let lock = wait_for_lock(&app, PATIENCE).await?.ok_or(busy)?;
        sweep_under(&app, &lock).await?
    };
    let lock = Lock::take(&outbox::lock_path(&app), PATIENCE).await?.ok_or(busy)?;
    let drained = outbox::drain_alone(&app, &post, &lock).await;
    (report.letters_sent, *failed) = (drained.sent, drained.failed);
    report.letters_waiting = app.store.letters_until(Timestamp::MAX).await?;
    let lock = Lock::take(&flow::lock_path(&app), PATIENCE).await?.ok_or(busy)?;
    let told = flow::drain_alone(&app, &lock).await;
    report.marks = watch::look(&app).await?;
    report.receivers_told = told.delivered;
    report.receivers_waiting = app.store.deliveries_waiting().await?;
    app.store.close().await;
    Ok(report)
}
