//! `cargo xtask demo`: from a fresh clone to an address in the browser. Builds all, starts a collector, ends it too.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::dist::{self, Quality};
use crate::run::{self, announce};
use crate::workspace::Workspace;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Where to listen on 127.0.0.1
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let workspace = Workspace::load()?;
    dist::build(&workspace, Quality::Release)?;
    announce("demo: the collector");
    run::run(workspace.cargo().args(["build", "--package", "candor-collector"]))?;

    let mut collector = start(&workspace, free_port(arguments.port)?)?;
    let address = match listening(&mut collector) {
        Ok(address) => address,
        Err(error) => {
            // It may already be gone, which is then the reason that was given.
            let _ = collector.kill();
            return Err(error);
        }
    };
    end_with_us(&collector)?;
    println!("{}", welcome(&address));
    let status = collector.wait()?;
    announce(&format!("the collector has stopped ({status})"));
    Ok(())
}

/// The port that was asked for, or any free one when somebody else has it.
fn free_port(wanted: u16) -> Result<u16> {
    match TcpListener::bind(("127.0.0.1", wanted)) {
        Ok(listener) => Ok(listener.local_addr()?.port()),
        Err(_) => {
            let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
            announce(&format!("port {wanted} is taken; using {port}"));
            Ok(port)
        }
    }
}

fn start(workspace: &Workspace, port: u16) -> Result<Child> {
    let mut command = Command::new(workspace.collector());
    command.current_dir(&workspace.root).stdout(Stdio::piped());
    command
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(workspace.target.join("demo-data"));
    command
        .args(["--forms", "www/forms", "--assets", "www/assets", "--site"])
        .arg(dist::site::folder(workspace));
    command.args(["--mailbox", "--origin", "*"]);
    command
        .spawn()
        .with_context(|| format!("cannot start {}", run::shown(&command)))
}

/// Waits for the collector's first line, `listening on http://…`, and lets the rest of its output through.
fn listening(collector: &mut Child) -> Result<String> {
    let stdout = collector.stdout.take().context("stdout is piped")?;
    let mut lines = BufReader::new(stdout).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    let Some(address) = first.strip_prefix("listening on ").map(str::to_owned) else {
        bail!("the collector did not start: {first}");
    };
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(|line| println!("{line}")));
    Ok(address)
}

/// Ctrl-C and a polite end of this process end the collector politely: it finishes what it has begun.
fn end_with_us(collector: &Child) -> Result<()> {
    let id = collector.id().to_string();
    ctrlc::set_handler(move || {
        // From a terminal the collector has had the signal itself; then this one finds it leaving.
        let _ = Command::new("kill").arg(&id).stderr(Stdio::null()).status();
    })
    .context("cannot listen for Ctrl-C")
}

fn welcome(address: &str) -> String {
    format!(
        "
  ┌──────────────────────────────────────────────────────────────┐
  │  Candor is running. Everything in it is fictitious.          │
  └──────────────────────────────────────────────────────────────┘

    the landing page     {address}/
    in English           {address}/en.html
    a webinar            {address}/webinar.html
    a letter, a dialog   {address}/letter.html, {address}/excerpt.html
    themes               {address}/gallery.html
    each option, live    {address}/embed.html
    the editor           {address}/playground.html
    hosted form          {address}/f/ebook-rgpd
    the mail it sends    {address}/mailbox

  Ctrl-C ends it.
"
    )
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::free_port;

    #[test]
    fn a_taken_port_is_replaced_by_a_free_one() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let wanted = taken.local_addr().expect("bound").port();
        assert_ne!(free_port(wanted).expect("another one"), wanted);
    }
}
