//! The accept loop: HTTP/1 with a deadline for the first byte, the header, the body and the answer, and a cap on connections.
//! Refuses connections over the cap by closing them at once. `axum::serve` has no deadlines (spec/http.md "Holding out"); bodies: `http/extract.rs`.

use std::{future::Future, io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;

use crate::config::Deadlines;

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// More than this in one header section is refused by hyper with 431.
const MAX_HEADER_BYTES: usize = 32 * 1024;

/// Serves until `stop` is ready, then lets answers under way finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    deadlines: Deadlines,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(deadlines.connections));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(slot) = Arc::clone(&slots).try_acquire_owned() else {
                    continue;
                };
                tokio::spawn(converse(
                    stream,
                    Peer(peer),
                    router.clone(),
                    deadlines,
                    graceful.watcher(),
                    slot,
                ));
            }
            // Out of file descriptors, mostly: the next one may succeed once others have closed.
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(deadlines.drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("stopped with answers still under way");
    }
    Ok(())
}

async fn converse(
    stream: TcpStream,
    peer: Peer,
    router: Router,
    deadlines: Deadlines,
    watcher: Watcher,
    slot: OwnedSemaphorePermit,
) {
    // Answers are small and written whole: waiting for more bytes only delays them.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(deadlines.write));
    let service = TowerToHyperService::new(router.layer(axum::Extension(peer)));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(deadlines.header)
        .max_buf_size(MAX_HEADER_BYTES)
        .half_close(false);
    let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), service);
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
    drop(slot);
}
