//! Where the mail server is, whom to trust there, and how to log in.
//! Refuses an address of which a part would be passed over, and to send a password in clear to another machine.

use std::{fmt, fs, net::IpAddr, path::Path};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters},
    extension::ClientId,
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::Url;

use super::{ANSWER, Failure, within};
use crate::mail::MailError;

const SMTP: u16 = 25;
const SUBMISSION: u16 = 587;
const SUBMISSIONS: u16 = 465;

/// Of `smtp(s)://user:password@host:port`, with `?tls=required` or `?tls=opportunistic` for STARTTLS.
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    hello: ClientId,
    credentials: Option<Credentials>,
    /// Whom to trust; unused without TLS.
    tls: Option<TlsParameters>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Security {
    None,
    /// STARTTLS where the server offers it.
    Opportunistic,
    /// STARTTLS, or nothing is sent.
    Required,
    /// TLS from the first byte.
    Wrapped,
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Server(…)")
    }
}

impl Server {
    /// `authority`: a file of certificates to trust besides those that everybody trusts.
    pub(in crate::mail) fn of(url: &str, authority: Option<&Path>) -> Result<Self, MailError> {
        let mut server = Self::at(url)?;
        if server.security != Security::None {
            server.tls = Some(trusting(&server.host, authority)?);
        }
        Ok(server)
    }

    fn at(url: &str) -> Result<Self, MailError> {
        let url = Url::parse(url).map_err(|_| MailError::Server)?;
        let query: Vec<_> = url.query_pairs().collect();
        let tls = match &query[..] {
            [] => None,
            [(key, value)] if key == "tls" => Some(value.as_ref()),
            _ => return Err(MailError::Tls),
        };
        let (security, port) = match (url.scheme(), tls) {
            ("smtp", None) => (Security::None, SMTP),
            ("smtp", Some("opportunistic")) => (Security::Opportunistic, SUBMISSION),
            ("smtp", Some("required")) => (Security::Required, SUBMISSION),
            ("smtps", None | Some("required")) => (Security::Wrapped, SUBMISSIONS),
            ("smtp" | "smtps", Some(_)) => return Err(MailError::Tls),
            _ => return Err(MailError::Server),
        };
        let decoded = |text: &str| {
            let text = percent_decode_str(text).decode_utf8();
            text.map(String::from).map_err(|_| MailError::Server)
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() && !password.is_empty() => {
                Some(Credentials::new(decoded(user)?, decoded(password)?))
            }
            _ => return Err(MailError::Password),
        };
        // An IPv6 address stands in brackets in a URL only.
        let host = url.host_str().ok_or(MailError::Server)?.trim_matches(['[', ']']);
        let in_clear = matches!(security, Security::None | Security::Opportunistic);
        if credentials.is_some() && in_clear && !is_this_machine(host) {
            return Err(MailError::Clear);
        }
        Ok(Self {
            host: host.to_owned(),
            port: url.port().unwrap_or(port),
            security,
            // The path is the name to say hello with.
            hello: match url.path().trim_matches('/') {
                "" => ClientId::default(),
                name => ClientId::Domain(name.to_owned()),
            },
            credentials,
            tls: None,
        })
    }

    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, MailError> {
        let tls = || self.tls.clone().ok_or(MailError::Server);
        let wrapped = match self.security {
            Security::Wrapped => Some(tls()?),
            _ => None,
        };
        let address = (self.host.as_str(), self.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(address, Some(ANSWER), &self.hello, wrapped, None);
        let mut connection = timeout(ANSWER, connecting)
            .await
            .map_err(|_| MailError::Unreachable)?
            .map_err(|error| why(&error, MailError::Unreachable))?;
        let upgrades = match self.security {
            Security::Required if !connection.can_starttls() => return Err(MailError::NoStartTls),
            Security::Required => true,
            Security::Opportunistic => connection.can_starttls(),
            Security::None | Security::Wrapped => false,
        };
        if upgrades {
            let upgrade = timeout(ANSWER, connection.starttls(tls()?, &self.hello)).await;
            let upgrade = upgrade.map_err(|_| MailError::Transport)?;
            upgrade.map_err(|error| why(&error, MailError::Transport))?;
        }
        if let Some(credentials) = &self.credentials {
            if connection
                .server_info()
                .get_auth_mechanism(DEFAULT_MECHANISMS)
                .is_none()
            {
                return Err(MailError::NoLogin);
            }
            let login = within(ANSWER, connection.auth(DEFAULT_MECHANISMS, credentials)).await;
            login.map_err(|failure| match failure {
                Failure::Refused => MailError::LoginRefused,
                Failure::Broken(error) => error,
            })?;
        }
        Ok(connection)
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether it was the certificate; its words, which can hold names, are looked at and not repeated.
fn why(error: &Error, otherwise: MailError) -> MailError {
    match error.to_string().contains("invalid peer certificate") {
        true => MailError::Untrusted,
        false => otherwise,
    }
}

/// Mozilla's authorities, the system's, and those of the file.
fn trusting(host: &str, authority: Option<&Path>) -> Result<TlsParameters, MailError> {
    let builder = |store| TlsParameters::builder(host.to_owned()).certificate_store(store);
    let mut trusted = builder(CertificateStore::WebpkiRoots);
    let system = rustls_native_certs::load_native_certs().certs.into_iter();
    let system = system.filter_map(|certificate| Certificate::from_der(certificate.to_vec()).ok());
    // A system may hold what is no authority by today's rules: that alone is passed over.
    let usable = |one: &Certificate| {
        builder(CertificateStore::None)
            .add_root_certificate(one.clone())
            .build()
            .is_ok()
    };
    for certificate in system.filter(usable) {
        trusted = trusted.add_root_certificate(certificate);
    }
    if let Some(path) = authority {
        let pem = fs::read(path).map_err(|_| MailError::Authority)?;
        if !pem.windows(MARK.len()).any(|part| part == MARK) {
            return Err(MailError::Authority);
        }
        let own = Certificate::from_pem(&pem).map_err(|_| MailError::Authority)?;
        trusted = trusted.add_root_certificate(own);
    }
    trusted.build().map_err(|_| MailError::Authority)
}

/// A file without it holds no certificate.
const MARK: &[u8] = b"-----BEGIN CERTIFICATE-----";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_to_connect() {
        let check = |url: &str, expected: Option<(&str, u16, Security, bool)>| {
            let server = Server::at(url).ok();
            let read = server
                .as_ref()
                .map(|it| (it.host.as_str(), it.port, it.security, it.credentials.is_some()));
            assert_eq!(read, expected, "{url}");
        };
        check("smtp://mail.example", Some(("mail.example", 25, Security::None, false)));
        check(
            "smtp://127.0.0.1:2525",
            Some(("127.0.0.1", 2525, Security::None, false)),
        );
        check("smtp://[::1]:2525", Some(("::1", 2525, Security::None, false)));
        check(
            "smtp://ada:p%40ss@mail.example?tls=required",
            Some(("mail.example", 587, Security::Required, true)),
        );
        check(
            "smtp://mail.example:2525?tls=opportunistic",
            Some(("mail.example", 2525, Security::Opportunistic, false)),
        );
        check(
            "smtps://ada:secret@mail.example",
            Some(("mail.example", 465, Security::Wrapped, true)),
        );
        check(
            "smtp://ada:secret@127.0.0.2:2525",
            Some(("127.0.0.2", 2525, Security::None, true)),
        );
        check(
            "smtp://ada:secret@localhost?tls=opportunistic",
            Some(("localhost", 587, Security::Opportunistic, true)),
        );
        check("https://mail.example", None);
        check("mail.example:25", None);
    }

    #[test]
    fn an_address_of_which_a_part_would_be_passed_over_is_refused() {
        let check = |url: &str, expected: MailError| {
            assert_eq!(Server::at(url).err(), Some(expected), "{url}");
        };
        check("smtp://mail.example?tls=perhaps", MailError::Tls);
        check("smtps://mail.example?tls=opportunistic", MailError::Tls);
        check("smtp://mail.example?tsl=required", MailError::Tls);
        check("smtp://mail.example?tls=required&tls=none", MailError::Tls);
        check("smtps://ada@mail.example", MailError::Password);
        check("smtps://ada:@mail.example", MailError::Password);
        check("smtps://:secret@mail.example", MailError::Password);
        check("smtp://ada:secret@mail.example", MailError::Clear);
        check("smtp://ada:secret@mail.example?tls=opportunistic", MailError::Clear);
        check("smtp://ada:secret@192.0.2.1", MailError::Clear);
    }

    #[test]
    fn a_file_without_a_certificate_is_no_authority() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        let open = || Server::of("smtps://mail.example", Some(&path)).err();
        assert_eq!(open(), Some(MailError::Authority));
        for text in ["", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n"] {
            fs::write(&path, text).expect("written");
            assert_eq!(open(), Some(MailError::Authority), "{text}");
        }
    }
}
