//! Connections: accepted up to a limit, encrypted, each with limits on the time it may take, and ended in good order.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::callers::Callers;
use crate::log::Event;
use crate::pace::Paced;
use crate::settings::{GRACE_SECS, HANDSHAKE_SECS_MAX, HEADER_BYTES_MAX, HEADER_SECS_MAX, SEND_SECS_MAX};
use crate::state::Shared;
use crate::tls::Shown;

/// Pause after a connection could not be accepted, for want of file descriptors most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What becomes of connections.
pub(super) struct Accepting {
    pub(super) router: Router,
    pub(super) shared: Arc<Shared>,
    /// At the same time, at most; more wait.
    pub(super) connections_max: usize,
    /// From one address, at the same time; more are closed.
    pub(super) per_address_max: usize,
    /// The certificate; without one connections are not encrypted.
    pub(super) shown: Option<Arc<Shown>>,
    /// Closed once no more are to be accepted.
    pub(super) ended: watch::Receiver<()>,
}

/// Accepts connections until the end; then waits for those that are open, for a while.
pub(super) async fn accept(listener: TcpListener, accepting: Accepting) {
    let Accepting { router, shared, connections_max, per_address_max, shown, mut ended } = accepting;
    let callers = Arc::new(Callers::default());
    let (open, connections) = (Arc::new(Semaphore::new(connections_max)), GracefulShutdown::new());
    let service = TowerToHyperService::new(router);
    loop {
        let accepted = async {
            let place = Arc::clone(&open).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            _ = ended.changed() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                shared.happened(Event::NotAccepted, &error.to_string());
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Some(connected) = callers.connect(peer.ip(), per_address_max) else {
            let message = format!("{peer}: {per_address_max} connections from this address are open");
            shared.happened(Event::NotAccepted, &message);
            continue;
        };
        let (service, watcher, shared, shown) =
            (service.clone(), connections.watcher(), Arc::clone(&shared), shown.clone());
        tokio::spawn(async move {
            let _present = shared.metrics.connection();
            // Answers are short: to wait for more to send makes them late. If that cannot be said, they are late.
            let _ = stream.set_nodelay(true);
            let stream = Paced::new(stream, Duration::from_secs(SEND_SECS_MAX));
            match shown {
                None => heard(&shared, peer, converse(stream, service, watcher).await),
                Some(shown) => match encrypted(stream, &shown).await {
                    Ok(stream) => heard(&shared, peer, converse(stream, service, watcher).await),
                    Err(error) => {
                        shared.metrics.handshake_failed();
                        // Who connects and says nothing has nothing to be told of.
                        if error.kind() != io::ErrorKind::UnexpectedEof {
                            shared.happened(Event::HandshakeFailed, &format!("{peer}: {error}"));
                        }
                    }
                },
            }
            drop((place, connected));
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(Duration::from_secs(GRACE_SECS), connections.shutdown()).await;
}

type Encrypted = tokio_rustls::server::TlsStream<Paced<TcpStream>>;

async fn encrypted(stream: Paced<TcpStream>, shown: &Shown) -> io::Result<Encrypted> {
    let handshake = TlsAcceptor::from(shown.config()).accept(stream);
    let limit = Duration::from_secs(HANDSHAKE_SECS_MAX);
    tokio::time::timeout(limit, handshake).await.unwrap_or_else(|_| {
        Err(io::Error::new(
            io::ErrorKind::TimedOut,
            format!("the handshake took more than {HANDSHAKE_SECS_MAX} seconds"),
        ))
    })
}

/// Requests and answers until one side has enough.
async fn converse<S>(
    stream: S,
    service: TowerToHyperService<Router>,
    watcher: Watcher,
) -> Result<(), hyper::Error>
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(HEADER_SECS_MAX))
        .max_buf_size(HEADER_BYTES_MAX)
        .max_header_size(HEADER_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service);
    watcher.watch(connection).await
}

/// Tells what did not read: that was answered without an operation. A connection that breaks is nobody's fault here.
fn heard(shared: &Shared, peer: SocketAddr, conversed: Result<(), hyper::Error>) {
    if let Err(error) = conversed.as_ref()
        && error.is_parse()
    {
        shared.happened(Event::RequestUnreadable, &format!("{peer}: {error}"));
    }
}
