//! Logs: to stderr, as text or JSON; `CANDOR_LOG` filters, `CANDOR_LOG_FORMAT=json` changes the form.
//! Refuses personal data by habit: handlers log record ids, route templates and counts, nothing else.

use tracing_subscriber::EnvFilter;

/// Starts logging; a second call changes nothing.
pub fn start() {
    let filter = EnvFilter::try_from_env("CANDOR_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let outcome = match std::env::var("CANDOR_LOG_FORMAT").as_deref() {
        Ok("json") => builder.json().try_init(),
        _ => builder.with_ansi(false).try_init(),
    };
    // Somebody else logs already: a test, or a program that embeds the collector.
    drop(outcome);
}
