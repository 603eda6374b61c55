//! Where a connection goes: to an address that was looked up once and checked, and nowhere else.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use candor_collector::net::{Client, Lookup, NetError, Network, SystemLookup, client::UrlError};
use http::Request;

use crate::receiver::Receiver;

/// A resolver that says what it is told, once after the other; the last answer stays.
#[derive(Debug)]
struct Told {
    answers: Mutex<Vec<Vec<SocketAddr>>>,
    asked: AtomicUsize,
}

impl Told {
    fn new(answers: Vec<Vec<SocketAddr>>) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(answers),
            asked: AtomicUsize::new(0),
        })
    }
}

impl Lookup for Told {
    fn lookup(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().expect("no panic");
        Ok(match answers.len() {
            1 => answers[0].clone(),
            _ => answers.remove(0),
        })
    }
}

fn client(networks: &[&str], lookup: Arc<dyn Lookup>) -> Client {
    let networks = networks.iter().map(|text| text.parse().expect("a network"));
    Client::new(networks.collect::<Vec<Network>>(), lookup, Duration::from_secs(2))
}

async fn get(client: &Client, url: &str) -> Result<u16, NetError> {
    let request = Request::post(url).body(b"{}".to_vec()).expect("a request");
    client.send(request, 100).await.map(|received| received.status)
}

fn addresses(texts: &[String]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().expect("an address")).collect()
}

#[tokio::test]
async fn no_name_leads_into_a_private_network() {
    let receiver = Receiver::start();
    let port = receiver.address().rsplit(':').next().expect("a port").to_owned();
    for host in [
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "172.16.0.9",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.251",
        "240.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b:1::7f00:1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[2001:db8::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2a00::5efe:7f00:1]",
    ] {
        let hidden = format!("{host}:{port}");
        let mixed = vec!["93.184.215.14:443".to_owned(), hidden.clone()];
        for answer in [vec![hidden], mixed] {
            let lookup = Told::new(vec![addresses(&answer)]);
            for url in ["https://hook.example/", "http://hook.example/"] {
                let outcome = get(&client(&[], Arc::<Told>::clone(&lookup)), url).await;
                assert_eq!(outcome, Err(NetError::Address), "{url} at {answer:?}");
            }
        }
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn spellings_of_this_machine_are_this_machine() {
    let receiver = Receiver::start();
    let port = receiver.address().rsplit(':').next().expect("a port").to_owned();
    let system = || client(&[], Arc::new(SystemLookup));
    for host in [
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:7f00:1]",
    ] {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}/");
            let outcome = get(&system(), &url).await;
            assert!(
                matches!(outcome, Err(NetError::Address | NetError::Unreachable)),
                "{url}: {outcome:?}"
            );
        }
    }
    assert_eq!(receiver.connections(), 0);
    let admitted = client(&["127.0.0.0/8", "::1/128"], Arc::new(SystemLookup));
    let url = format!("http://localhost:{port}/");
    assert_eq!(
        get(&admitted, &url).await,
        Ok(200),
        "where it is admitted, it is reached"
    );
}

#[tokio::test]
async fn a_name_that_changes_its_mind_changes_nothing() {
    let (first, second) = (Receiver::start(), Receiver::at("127.0.0.2"));
    let at = |receiver: &Receiver| vec![receiver.address().parse().expect("an address")];
    // Checked: the first. A second question would lead to the other one, which is not admitted.
    let lookup = Told::new(vec![at(&first), at(&second)]);
    let client = client(&["127.0.0.1/32"], Arc::<Told>::clone(&lookup));
    assert_eq!(get(&client, "http://hook.example/").await, Ok(200));
    assert_eq!(
        lookup.asked.load(Ordering::SeqCst),
        1,
        "one question for one connection"
    );
    assert_eq!((first.connections(), second.connections()), (1, 0));
    // The next request asks anew, and is refused.
    assert_eq!(get(&client, "http://hook.example/").await, Err(NetError::Address));
    assert_eq!((first.connections(), second.connections()), (1, 0));
}

#[tokio::test]
async fn an_empty_request_says_that_it_is_empty() {
    let receiver = Receiver::start();
    let client = client(&["127.0.0.0/8"], Arc::new(SystemLookup));
    for method in ["POST", "PUT", "PATCH", "GET", "DELETE"] {
        let request = Request::builder().method(method).uri(receiver.url());
        let request = request.body(Vec::new()).expect("a request");
        client.send(request, 100).await.expect("answered");
        let received = receiver.received().pop().expect("a request");
        let has_body = ["POST", "PUT", "PATCH"].contains(&method);
        assert_eq!(received.method, method);
        assert_eq!(
            received.header("content-length"),
            if has_body { "0" } else { "" },
            "{method}"
        );
        assert_eq!(received.header("transfer-encoding"), "", "{method}");
    }
}

/// A resolver that knows no name.
#[derive(Debug)]
struct Nobody;

impl Lookup for Nobody {
    fn lookup(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        Err(io::Error::other("failed to look up address information"))
    }
}

#[tokio::test]
async fn a_name_that_is_none_is_nobody_there() {
    let client = client(&[], Arc::new(Nobody));
    assert_eq!(get(&client, "https://hook.example/").await, Err(NetError::Unreachable));
}

#[tokio::test]
async fn plain_http_stays_in_the_networks_that_were_named() {
    let lookup = Told::new(vec![addresses(&["93.184.215.14:80".to_owned()])]);
    let client = client(&["127.0.0.0/8"], lookup);
    assert_eq!(get(&client, "http://hook.example/").await, Err(NetError::Address));
}

#[test]
fn an_address_is_judged_when_it_is_typed() {
    let check = |networks: &[&str], url: &str, expected: Result<(), UrlError>| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let _guard = runtime.enter();
        assert_eq!(client(networks, Arc::new(SystemLookup)).check(url), expected, "{url}");
    };
    let shape = Err(UrlError::Shape);
    let address = Err(UrlError::Address);
    check(&[], "https://hook.example/in?token=1", Ok(()));
    check(&[], "https://hook.example:8443/", Ok(()));
    check(&[], "http://hook.example/", Err(UrlError::Plain));
    check(&["10.0.0.0/8"], "http://hook.example/", Ok(()));
    for wrong in [
        "",
        "hook.example",
        "//hook.example/",
        "ftp://hook.example/",
        "file:///etc/passwd",
        "gopher://hook.example/",
        "https://user@hook.example/",
        "https://user:word@hook.example/",
        "https://hook.example/#part",
        "https://hook.example/ x",
        "https://hook.example/\n",
        "https://",
        "javascript:alert(1)",
        "data:text/plain,x",
    ] {
        check(&[], wrong, shape);
    }
    for private in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://017700000001/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1:8443/",
    ] {
        check(&[], private, address);
    }
    check(&["10.0.0.0/8"], "https://10.0.0.1:8443/", Ok(()));
    check(&["10.0.0.0/8"], "https://127.0.0.1/", address);
}
