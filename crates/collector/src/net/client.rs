//! The client: one request, one look-up, and a connection to exactly the addresses that were looked up and admitted.
//! Refuses http outside the networks that an operator named, redirects, proxies of the environment, an answer that takes longer
//! than its deadline, and more of a body than its limit. Blocking work, on threads of its own and at most so many at once.

use std::{
    fmt,
    io::{self, Read},
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::{Arc, LazyLock, mpsc},
    thread,
    time::Duration,
};

use tokio::sync::Semaphore;
use ureq::{
    Agent, Error,
    http::{HeaderValue, Method, Request, Uri},
    tls::{Certificate, RootCerts, TlsConfig},
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};
use url::Url;

use super::guard::{Network, admits, is_in};

/// Requests at once.
const AT_ONCE: usize = 16;
/// A header that is larger is nobody's answer.
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// `User-Agent` of every request.
const USER_AGENT: &str = concat!("candor/", env!("CARGO_PKG_VERSION"));

/// Names to addresses. A parameter, so that a test can change its mind between two questions.
pub trait Lookup: fmt::Debug + Send + Sync {
    /// All addresses of a host, in the order in which they are to be tried.
    fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        Ok((host, port).to_socket_addrs()?.collect())
    }
}

/// Why there is no answer. Words for operators: none of them names an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    #[error("the host has an address that must not be reached from here")]
    Address,
    #[error("nobody answers there")]
    Unreachable,
    #[error("the certificate is of another name")]
    CertificateName,
    #[error("the certificate has expired, or is not valid yet")]
    CertificateDate,
    #[error("the certificate is not of an authority that is trusted here")]
    CertificateAuthority,
    #[error("no secure connection could be agreed on")]
    Tls,
    #[error("the answer took too long")]
    Timeout,
    #[error("the answer broke off")]
    Interrupted,
}

impl NetError {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Unreachable => "unreachable",
            Self::CertificateName => "certificate-name",
            Self::CertificateDate => "certificate-date",
            Self::CertificateAuthority => "certificate-authority",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Why an address cannot be a receiver's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    #[error("expected https:// with a host, and neither user nor fragment")]
    Shape,
    #[error("http is admitted only in networks that `--target-network` names")]
    Plain,
    #[error("this address is private or special: it is reached only where `--target-network` names its network")]
    Address,
}

/// What came back.
#[derive(Clone)]
pub struct Received {
    pub status: u16,
    /// Lower-case names; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    /// As much of it as was asked for.
    pub body: Vec<u8>,
}

impl fmt::Debug for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Received({}, …)", self.status)
    }
}

/// Makes requests. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    networks: Arc<[Network]>,
    lookup: Arc<dyn Lookup>,
    deadline: Duration,
    places: Arc<Semaphore>,
}

impl Client {
    /// `networks`: admitted although they are not public. `deadline`: from the look-up to the last byte.
    pub fn new(networks: Vec<Network>, lookup: Arc<dyn Lookup>, deadline: Duration) -> Self {
        Self {
            networks: networks.into(),
            lookup,
            deadline,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Whether requests may go to this address, as far as it can be told without a look-up.
    ///
    /// # Errors
    /// Why not, for whoever typed it.
    pub fn check(&self, text: &str) -> Result<(), UrlError> {
        let url = Url::parse(text).map_err(|_| UrlError::Shape)?;
        let is_bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
        // Spelled as it is used: the parser would remove tabs and line ends.
        let is_plain_text = text.bytes().all(|byte| byte.is_ascii_graphic());
        if url.host().is_none() || !is_bare || !is_plain_text {
            return Err(UrlError::Shape);
        }
        match url.scheme() {
            "https" => {}
            "http" if !self.networks.is_empty() => {}
            "http" => return Err(UrlError::Plain),
            _ => return Err(UrlError::Shape),
        }
        let literal: Option<IpAddr> = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(address.into()),
            Some(url::Host::Ipv6(address)) => Some(address.into()),
            _ => None,
        };
        match literal {
            Some(address) if !admits(address, &self.networks) => Err(UrlError::Address),
            _ => Ok(()),
        }
    }

    /// One request, and at most so many bytes of its answer.
    ///
    /// # Errors
    /// Where there is no whole answer; the request may have arrived all the same.
    pub async fn send(&self, request: Request<Vec<u8>>, limit: usize) -> Result<Received, NetError> {
        let client = self.clone();
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|_| NetError::Interrupted)?;
        let work = tokio::task::spawn_blocking(move || {
            let received = client.send_blocking(request, limit);
            drop(place);
            received
        });
        work.await.map_err(|_| NetError::Interrupted)?
    }

    fn send_blocking(&self, request: Request<Vec<u8>>, limit: usize) -> Result<Received, NetError> {
        // An empty body of a POST has a length too: without one it would be sent in chunks, which not everybody reads.
        let mut response = match *request.method() {
            Method::POST | Method::PUT | Method::PATCH => self.agent().run(request),
            _ => self.agent().run(request.map(|_| ())),
        }
        .map_err(|error| reason(&error))?;
        let status = response.status().as_u16();
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let headers = response.headers().iter();
        let headers = headers
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?)))
            .collect();
        let mut body = Vec::new();
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        let read = response.body_mut().as_reader().take(limit).read_to_end(&mut body);
        read.map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => NetError::Timeout,
            _ => NetError::Interrupted,
        })?;
        Ok(Received { status, headers, body })
    }

    /// One for each request: no connection is kept, so that each is looked up and checked anew.
    fn agent(&self) -> Agent {
        let config = Agent::config_builder()
            .timeout_global(Some(self.deadline))
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .max_idle_connections(0)
            .max_response_header_size(MAX_HEADER_BYTES)
            .user_agent(USER_AGENT)
            .tls_config(TlsConfig::builder().root_certs(ROOTS.clone()).build())
            .build();
        let resolver = Guarded {
            networks: Arc::clone(&self.networks),
            lookup: Arc::clone(&self.lookup),
        };
        Agent::with_parts(config, DefaultConnector::default(), resolver)
    }
}

/// The system's authorities; Mozilla's where it has none. Read with the first request.
static ROOTS: LazyLock<RootCerts> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs().certs;
    if found.is_empty() {
        return RootCerts::WebPki;
    }
    let owned = found.iter().map(|der| Certificate::from_der(der.as_ref()).to_owned());
    RootCerts::Specific(Arc::new(owned.collect()))
});

/// The host has an address that must not be reached.
#[derive(Debug, thiserror::Error)]
#[error("an address that must not be reached")]
struct Refused;

/// Looks a name up once, and answers only addresses that were all admitted: the connection goes to these.
#[derive(Debug)]
struct Guarded {
    networks: Arc<[Network]>,
    lookup: Arc<dyn Lookup>,
}

impl Resolver for Guarded {
    fn resolve(&self, uri: &Uri, _: &ureq::config::Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let is_plain = uri.scheme_str() != Some("https");
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if is_plain { 80 } else { 443 });
        let (sender, receiver) = mpsc::sync_channel(1);
        let lookup = Arc::clone(&self.lookup);
        // The system's resolver knows no deadline.
        thread::spawn(move || sender.send(lookup.lookup(&host, port)).ok());
        let found = receiver.recv_timeout(*timeout.after);
        let found = found.map_err(|_| Error::Timeout(timeout.reason))?;
        let found = found.map_err(|_| Error::HostNotFound)?;
        // One that must not be reached is one too many: the next connection might take it.
        let admitted = |address: &SocketAddr| match is_plain {
            true => is_in(address.ip(), &self.networks),
            false => admits(address.ip(), &self.networks),
        };
        if !found.iter().all(admitted) {
            return Err(Error::Other(Box::new(Refused)));
        }
        let mut addresses = self.empty();
        for address in found.into_iter().take(MAX_ADDRESSES) {
            addresses.push(address);
        }
        match addresses.is_empty() {
            true => Err(Error::HostNotFound),
            false => Ok(addresses),
        }
    }
}

/// As many as the list of the library holds.
const MAX_ADDRESSES: usize = 16;

fn reason(error: &Error) -> NetError {
    match error {
        Error::Other(inner) if inner.is::<Refused>() => NetError::Address,
        Error::Timeout(_) => NetError::Timeout,
        Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => NetError::Timeout,
        Error::Io(error) if is_unreachable(error.kind()) => NetError::Unreachable,
        Error::HostNotFound | Error::ConnectionFailed => NetError::Unreachable,
        Error::Rustls(error) => of_tls(error),
        Error::Tls(_) | Error::TlsRequired => NetError::Tls,
        Error::Io(error) => inner_tls(error).map_or(NetError::Interrupted, of_tls),
        _ => NetError::Interrupted,
    }
}

fn is_unreachable(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    matches!(kind, ConnectionRefused | HostUnreachable | NetworkUnreachable)
}

/// A handshake that fails is an error of reading or writing, with the reason inside.
fn inner_tls(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn of_tls(error: &rustls::Error) -> NetError {
    use rustls::CertificateError::{
        Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet, NotValidYetContext,
    };
    match error {
        rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => NetError::CertificateName,
        rustls::Error::InvalidCertificate(
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. },
        ) => NetError::CertificateDate,
        rustls::Error::InvalidCertificate(_) => NetError::CertificateAuthority,
        _ => NetError::Tls,
    }
}
