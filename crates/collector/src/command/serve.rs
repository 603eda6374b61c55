//! `candor serve`: the collector. First line on stdout: `listening on http://ADDR`.
//! Stops on SIGTERM and SIGINT, letting answers under way finish.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use crate::{
    clock::{Clock, MovedClock, SystemClock, SystemRandomness},
    config::{Config, ConfigError, Options},
    erase, flow, outbox, router, server, start, sweep, telemetry, watch,
};
use clap::Args;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    options: Options,
    /// File of options; default: candor.toml, where there is one
    #[arg(long, env = "CANDOR_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> ExitCode {
    telemetry::start();
    let outcome = decide(arguments).map_err(Into::into).and_then(|config| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let outcome = runtime.block_on(serve(config));
        // A receiver that hangs is not waited for: its message goes again, under the same id.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "candor serve: {error}");
            ExitCode::FAILURE
        }
    }
}

fn decide(Arguments { options, config }: Arguments) -> Result<Config, ConfigError> {
    let file = match &config {
        Some(path) => Options::from_file(path, true)?,
        None => Options::from_file(Path::new("candor.toml"), false)?,
    };
    options.or(file).decide()
}

async fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("--listen {}: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let deadlines = config.deadlines;
    let clock: Arc<dyn Clock> = match config.clock_ahead {
        Some(span) => Arc::new(MovedClock::ahead(span).map_err(|error| format!("--clock-ahead {span}: {error}"))?),
        None => Arc::new(SystemClock),
    };
    let (app, post) = start::open(config, public_url, clock, Arc::new(SystemRandomness)).await?;
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    if erase::remove_orphans(&app).await.is_err() {
        tracing::warn!("letters of erased leads may be left in the outbox; the next start tries again");
    }
    let mut worker = tokio::spawn(outbox::run(app.clone(), post));
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    std::io::stdout().flush()?;
    let teller = tokio::spawn(flow::run(app.clone(), flow::ROUND));
    let sweeper = tokio::spawn(sweep::run(app.clone()));
    let watcher = tokio::spawn(watch::run(app.clone()));
    server::serve(listener, router::router(app.clone()), deadlines, stop).await?;
    sweeper.abort();
    watcher.abort();
    app.stop();
    // A letter that is cut off may have left: it would be sent once more.
    if tokio::time::timeout(deadlines.drain, &mut worker).await.is_err() {
        worker.abort();
    }
    // A message that is cut off goes again, under the same id.
    teller.abort();
    app.store.close().await;
    Ok(())
}
