//! The options of `candor serve`: command line, then `CANDOR_…`, then a line of `candor.toml`, then the default.
//! Refuses what contradicts itself before anything is opened. Read next: `app.rs`.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, builder::BoolishValueParser};
use jiff::Span;
use serde::Deserialize;

use crate::http::proxy::Proxies;
use crate::net::guard::{Network, NotANetwork};
use crate::robots::policy::{COST, MAX_COST, MAX_WAIT_SECS, Policy, WAIT_SECS, When};

/// What can be said about a server; every member is optional here, because three places may say it.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Options {
    /// Address and port to listen on; port 0 takes any free one
    #[arg(long, env = "CANDOR_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Folder of database, keys and mails; made when missing
    #[arg(long, env = "CANDOR_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Database, `sqlite:` or `sqlite:PATH`; default: DATA/candor.sqlite
    #[arg(long, env = "CANDOR_DATABASE", value_name = "URL")]
    pub database: Option<String>,
    /// Folder of form definitions, every *.json
    #[arg(long, env = "CANDOR_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// Publish forms against that rule of `candor check`, which is recorded; repeatable
    #[arg(long, env = "CANDOR_ALLOW", value_name = "RULE", value_delimiter = ',')]
    pub allow: Option<Vec<String>>,
    /// Folder of gated files
    #[arg(long, env = "CANDOR_ASSETS", value_name = "DIR")]
    pub assets: Option<PathBuf>,
    /// Folder of static pages, served at /
    #[arg(long, env = "CANDOR_SITE", value_name = "DIR")]
    pub site: Option<PathBuf>,
    /// Address under which browsers reach this server
    #[arg(long, env = "CANDOR_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Site that may embed and submit; repeatable, `*` for any; default: the public URL alone
    #[arg(long, env = "CANDOR_ORIGIN", value_name = "URL", value_delimiter = ',')]
    pub origin: Option<Vec<String>>,
    /// Mail server, smtps://user:password@host:port, or smtp://…?tls=required (STARTTLS or nothing) or ?tls=opportunistic
    /// (where it is offered); absent: mails are written to DATA/outbox
    #[arg(long, env = "CANDOR_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// Certificates to trust for the mail server besides the system's and Mozilla's, PEM
    #[arg(long, env = "CANDOR_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,
    /// Sender address of mails; default: the controller's address
    #[arg(long, env = "CANDOR_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Demonstration only: shows DATA/outbox at /mailbox to anybody
    #[arg(long, env = "CANDOR_MAILBOX", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub mailbox: Option<bool>,
    /// Submissions per address and minute; 0: no limit
    #[arg(long, env = "CANDOR_LIMIT", value_name = "N")]
    pub limit: Option<u32>,
    /// Submissions per form and minute; 0: no limit
    #[arg(long, env = "CANDOR_LIMIT_PER_FORM", value_name = "N")]
    pub limit_per_form: Option<u32>,
    /// When a submission has to bring a proof of work: never but under load, when it looks like a robot's, or always
    #[arg(long, env = "CANDOR_PROOF_OF_WORK", value_name = "WHEN")]
    pub proof_of_work: Option<When>,
    /// Submissions a minute above which everybody has to bring one; 0: never
    #[arg(long, env = "CANDOR_PROOF_OF_WORK_ABOVE", value_name = "N")]
    pub proof_of_work_above: Option<u32>,
    /// The same for each form by itself
    #[arg(long, env = "CANDOR_PROOF_OF_WORK_ABOVE_PER_FORM", value_name = "N")]
    pub proof_of_work_above_per_form: Option<u32>,
    /// Rounds of key derivation in each of its 500 to 1,000 tries, 1 to 50,000; default 5,000
    #[arg(long, env = "CANDOR_PROOF_OF_WORK_COST", value_name = "N")]
    pub proof_of_work_cost: Option<u32>,
    /// Seconds that a visitor without JavaScript waits instead, 1 to 120; default 10
    #[arg(long, env = "CANDOR_PROOF_OF_WORK_WAIT", value_name = "SECONDS")]
    pub proof_of_work_wait: Option<u32>,
    /// Network that receivers may be in although it is not public, such as 10.0.0.0/8; repeatable. There they may speak plain http
    #[arg(long, env = "CANDOR_TARGET_NETWORK", value_name = "CIDR", value_delimiter = ',')]
    pub target_network: Option<Vec<String>>,
    /// Visit the pages that published forms link to, once a day, and mark the forms whose page died or changed
    #[arg(long, env = "CANDOR_WATCH_LINKS", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub watch_links: Option<bool>,
    /// Take the client's address from X-Forwarded-For (behind a proxy that sets it)
    #[arg(long, env = "CANDOR_TRUST_PROXY", num_args = 0..=1, default_missing_value = "true", value_parser = BoolishValueParser::new())]
    pub trust_proxy: Option<bool>,
    /// Network of proxies, such as 10.0.0.0/8; repeatable. X-Forwarded-For counts as far as these wrote it, and from nobody else
    #[arg(long, env = "CANDOR_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Option<Vec<String>>,
    /// Rehearsal only: run that far ahead of the system's clock, an ISO 8601 duration such as P18M
    #[arg(long, env = "CANDOR_CLOCK_AHEAD", value_name = "DURATION")]
    pub clock_ahead: Option<Span>,
}

/// What was decided: one value each.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database: PathBuf,
    pub forms: Option<PathBuf>,
    /// Rules that forms may be published against.
    pub allow: Vec<String>,
    pub assets: Option<PathBuf>,
    pub site: Option<PathBuf>,
    /// Without a trailing slash; `None` until the port is known.
    pub public_url: Option<String>,
    pub origins: Vec<String>,
    pub smtp: Option<String>,
    pub smtp_ca: Option<PathBuf>,
    pub mail_from: Option<String>,
    pub mailbox: bool,
    /// Submissions per address and minute; 0: no limit.
    pub limit: u32,
    /// The same for each form.
    pub limit_per_form: u32,
    pub robots: Policy,
    /// Where receivers may be although it is not public.
    pub target_networks: Vec<Network>,
    /// Whether pages that forms link to are visited.
    pub watch_links: bool,
    /// Whose `X-Forwarded-For` counts.
    pub proxies: Proxies,
    /// How far ahead of the system's clock a rehearsal runs.
    pub clock_ahead: Option<Span>,
    pub deadlines: Deadlines,
}

/// How long a peer may take; spec/http.md "Holding out": 30 s at most.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// First byte and whole header, also of the next request on a kept connection.
    pub header: Duration,
    /// The whole body.
    pub body: Duration,
    /// A peer that does not take its answer.
    pub write: Duration,
    /// From the signal to stop until the last answer is cut off.
    pub drain: Duration,
    /// A receiver that is told something: from the look-up of its name to the end of its answer.
    pub receiver: Duration,
    /// Connections at once; further ones are closed at once.
    pub connections: usize,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(15),
            body: Duration::from_secs(20),
            write: Duration::from_secs(30),
            drain: Duration::from_secs(10),
            receiver: Duration::from_secs(20),
            connections: 2048,
        }
    }
}

/// Why a configuration was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    #[error("{path}: {reason}")]
    File { path: String, reason: String },
    #[error("--database {0}: this release stores in SQLite only (sqlite:PATH); PostgreSQL is not in it")]
    Database(String),
    #[error("--public-url {0}: expected http:// or https:// with a host, and no query or fragment")]
    PublicUrl(String),
    #[error("--origin {0}: expected scheme, host and port without a path, or `*`")]
    Origin(String),
    #[error("--allow {0}: there is no such rule; `candor check` names those that a form breaks")]
    Rule(String),
    #[error("--allow {0}: the grammar of definitions refuses this; it cannot be allowed")]
    Grammar(String),
    #[error("{option} {value}: expected 1 to {most}")]
    Range {
        option: &'static str,
        value: u32,
        most: u32,
    },
    #[error("{option} {text}: {reason}")]
    Network {
        option: &'static str,
        text: String,
        reason: NotANetwork,
    },
    #[error("{option} {path}: not a folder that can be read")]
    Folder { option: &'static str, path: String },
}

impl Options {
    /// Reads `candor.toml`, where there is one; an explicitly named file must exist.
    pub fn from_file(path: &Path, must_exist: bool) -> Result<Self, ConfigError> {
        let refused = |reason: String| ConfigError::File {
            path: path.display().to_string(),
            reason,
        };
        match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| refused(error.message().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(Self::default()),
            Err(error) => Err(refused(error.to_string())),
        }
    }

    /// This, and where it is silent, the other.
    pub fn or(self, other: Self) -> Self {
        Self {
            listen: self.listen.or(other.listen),
            data: self.data.or(other.data),
            database: self.database.or(other.database),
            forms: self.forms.or(other.forms),
            allow: self.allow.or(other.allow),
            assets: self.assets.or(other.assets),
            site: self.site.or(other.site),
            public_url: self.public_url.or(other.public_url),
            origin: self.origin.or(other.origin),
            smtp: self.smtp.or(other.smtp),
            smtp_ca: self.smtp_ca.or(other.smtp_ca),
            mail_from: self.mail_from.or(other.mail_from),
            mailbox: self.mailbox.or(other.mailbox),
            limit: self.limit.or(other.limit),
            limit_per_form: self.limit_per_form.or(other.limit_per_form),
            proof_of_work: self.proof_of_work.or(other.proof_of_work),
            proof_of_work_above: self.proof_of_work_above.or(other.proof_of_work_above),
            proof_of_work_above_per_form: self.proof_of_work_above_per_form.or(other.proof_of_work_above_per_form),
            proof_of_work_cost: self.proof_of_work_cost.or(other.proof_of_work_cost),
            proof_of_work_wait: self.proof_of_work_wait.or(other.proof_of_work_wait),
            target_network: self.target_network.or(other.target_network),
            watch_links: self.watch_links.or(other.watch_links),
            trust_proxy: self.trust_proxy.or(other.trust_proxy),
            trusted_proxy: self.trusted_proxy.or(other.trusted_proxy),
            clock_ahead: self.clock_ahead.or(other.clock_ahead),
        }
    }

    /// Defaults filled in, and everything checked that can be without opening it.
    pub fn decide(self) -> Result<Config, ConfigError> {
        let data = self.data.unwrap_or_else(|| PathBuf::from("data"));
        let database = database_path(self.database.as_deref(), &data)?;
        for (option, folder) in [
            ("--forms", &self.forms),
            ("--assets", &self.assets),
            ("--site", &self.site),
        ] {
            if let Some(path) = folder
                && !path.is_dir()
            {
                return Err(ConfigError::Folder {
                    option,
                    path: path.display().to_string(),
                });
            }
        }
        let public_url = self.public_url.map(|url| public_url(&url)).transpose()?;
        let origins = self.origin.unwrap_or_default();
        let origins = origins.iter().map(|text| origin(text)).collect::<Result<_, _>>()?;
        let target_networks = networks("--target-network", self.target_network)?;
        let trusted = networks("--trusted-proxy", self.trusted_proxy)?;
        let proxies = match (trusted.is_empty(), self.trust_proxy) {
            (false, _) => Proxies::Networks(trusted),
            (true, Some(true)) => Proxies::Peer,
            (true, _) => Proxies::None,
        };
        let robots = Policy {
            when: self.proof_of_work.unwrap_or_default(),
            above: self.proof_of_work_above.unwrap_or(0),
            above_per_form: self.proof_of_work_above_per_form.unwrap_or(0),
            cost: within("--proof-of-work-cost", self.proof_of_work_cost, COST, MAX_COST)?,
            wait_secs: within(
                "--proof-of-work-wait",
                self.proof_of_work_wait,
                WAIT_SECS,
                MAX_WAIT_SECS,
            )?,
        };
        Ok(Config {
            listen: self.listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            data,
            database,
            forms: self.forms,
            allow: self
                .allow
                .unwrap_or_default()
                .into_iter()
                .map(known_rule)
                .collect::<Result<_, _>>()?,
            assets: self.assets,
            site: self.site,
            public_url,
            origins,
            smtp: self.smtp,
            smtp_ca: self.smtp_ca,
            mail_from: self.mail_from,
            mailbox: self.mailbox.unwrap_or(false),
            limit: self.limit.unwrap_or(60),
            limit_per_form: self.limit_per_form.unwrap_or(0),
            robots,
            target_networks,
            watch_links: self.watch_links.unwrap_or(false),
            proxies,
            clock_ahead: self.clock_ahead,
            deadlines: Deadlines::default(),
        })
    }
}

/// The id of a rule of law; what the grammar refuses has no value that could be served.
fn known_rule(id: String) -> Result<String, ConfigError> {
    if candor_lint::rule(&id).is_some() {
        Ok(id)
    } else if candor_definition::rule::ALL.iter().any(|rule| rule.id == id) {
        Err(ConfigError::Grammar(id))
    } else {
        Err(ConfigError::Rule(id))
    }
}

fn networks(option: &'static str, texts: Option<Vec<String>>) -> Result<Vec<Network>, ConfigError> {
    let parse = |text: String| {
        let parsed = text.parse();
        parsed.map_err(|reason| ConfigError::Network { option, text, reason })
    };
    texts.unwrap_or_default().into_iter().map(parse).collect()
}

/// A number from 1 to that one.
fn within(option: &'static str, value: Option<u32>, default: u32, most: u32) -> Result<u32, ConfigError> {
    match value.unwrap_or(default) {
        value if (1..=most).contains(&value) => Ok(value),
        value => Err(ConfigError::Range { option, value, most }),
    }
}

/// The file of a database URL; default: DATA/candor.sqlite.
pub(crate) fn database_path(url: Option<&str>, data: &Path) -> Result<PathBuf, ConfigError> {
    let Some(url) = url else {
        return Ok(data.join("candor.sqlite"));
    };
    let Some(path) = url.strip_prefix("sqlite:") else {
        return Err(ConfigError::Database(scheme_only(url)));
    };
    match path.trim_start_matches("//") {
        "" => Ok(data.join("candor.sqlite")),
        ":memory:" => Err(ConfigError::Database(url.to_owned())),
        path => Ok(PathBuf::from(path)),
    }
}

/// A database URL can hold a password: only its scheme is repeated.
fn scheme_only(url: &str) -> String {
    url.split_once(':')
        .map_or_else(|| "(no scheme)".to_owned(), |(scheme, _)| format!("{scheme}:…"))
}

fn public_url(text: &str) -> Result<String, ConfigError> {
    let url = text.trim_end_matches('/');
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || url.contains(['?', '#', ' ', '"', '@', '\\']) {
        return Err(ConfigError::PublicUrl(text.to_owned()));
    }
    Ok(url.to_owned())
}

/// Scheme, host and port as a browser writes them in `Origin`.
fn origin(text: &str) -> Result<String, ConfigError> {
    if text == "*" {
        return Ok(text.to_owned());
    }
    let url = public_url(text)
        .map_err(|_| ConfigError::Origin(text.to_owned()))?
        .to_ascii_lowercase();
    match url.matches('/').count() {
        2 if !url.contains([';', ',', '\'']) => Ok(origin_of(&url).to_owned()),
        _ => Err(ConfigError::Origin(text.to_owned())),
    }
}

/// The origin of a URL; its default port is left out, as browsers do.
pub fn origin_of(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url[start..].find('/').map_or(url.len(), |at| start + at);
    let origin = &url[..end];
    if origin.starts_with("https:") {
        origin.strip_suffix(":443").unwrap_or(origin)
    } else {
        origin.strip_suffix(":80").unwrap_or(origin)
    }
}

#[cfg(test)]
mod tests;
