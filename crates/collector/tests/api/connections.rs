//! Slow and silent clients: closed by a deadline, while others are served.

use std::time::Duration;

use candor_collector::{config::Deadlines, server};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::{Instant, timeout},
};

use crate::support::TestApp;

const SHORT: Deadlines = Deadlines {
    header: Duration::from_millis(700),
    body: Duration::from_millis(700),
    write: Duration::from_millis(700),
    drain: Duration::from_secs(2),
    receiver: Duration::from_secs(20),
    connections: 1024,
};

async fn serve(deadlines: Deadlines) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let app = TestApp::start_with(|config| config.deadlines = deadlines).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel();
    let server = tokio::spawn(async move {
        let router = app.router.clone();
        server::serve(listener, router, deadlines, async { drop(stopped.await) })
            .await
            .expect("served");
        drop(app);
    });
    (address, stop, server)
}

async fn healthy(address: std::net::SocketAddr) -> bool {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .expect("writes");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("reads");
    answer.starts_with("HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_and_half_open_connections_are_closed_while_others_are_served() {
    let (address, stop, server) = serve(SHORT).await;
    let openings: [&[u8]; 5] = [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST /v1/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"record\"",
        b"POST /v1/submissions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"rec",
    ];
    let mut streams = Vec::new();
    for number in 0..300 {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        stream
            .write_all(openings[number % openings.len()])
            .await
            .expect("writes");
        streams.push(stream);
    }
    let begun = Instant::now();
    assert!(healthy(address).await, "others are served meanwhile");
    for (number, mut stream) in streams.into_iter().enumerate() {
        let mut rest = Vec::new();
        let closed = timeout(Duration::from_secs(20), stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "connection {number} stays open");
    }
    assert!(begun.elapsed() >= SHORT.header, "they had their time");
    assert!(healthy(address).await);
    drop(stop);
    timeout(Duration::from_secs(10), server)
        .await
        .expect("stops")
        .expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_over_the_cap_are_closed_at_once() {
    let (address, stop, server) = serve(Deadlines {
        connections: 2,
        header: Duration::from_secs(20),
        ..SHORT
    })
    .await;
    let first = TcpStream::connect(address).await.expect("connects");
    let second = TcpStream::connect(address).await.expect("connects");
    // Both are accepted once a third one is turned away.
    loop {
        let mut third = TcpStream::connect(address).await.expect("connects");
        let mut byte = [0; 1];
        if let Ok(read) = timeout(Duration::from_millis(500), third.read(&mut byte)).await {
            assert!(matches!(read, Ok(0) | Err(_)));
            break;
        }
    }
    drop((first, second));
    drop(stop);
    timeout(Duration::from_secs(30), server)
        .await
        .expect("stops")
        .expect("no panic");
}
