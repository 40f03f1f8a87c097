//! Connections: accepted up to a limit, each with a limit on the time its headers take, and ended in good order.

use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

use certgate_store::Error as StoreError;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::settings::{CONNECTIONS_MAX, GRACE_SECS, HEADER_BYTES_MAX, HEADER_SECS_MAX};

/// Pause after a connection could not be accepted, for want of file descriptors most likely.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why nothing is served.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServingError {
    /// The operating system gives no threads, no signals, or no more of the listener.
    System(io::Error),
    /// The store.
    Store(StoreError),
}

/// Serves until SIGINT or SIGTERM comes; requests that are open then have ten seconds to be answered. A runtime is started
/// for it, and for `make`, which makes the app.
///
/// # Errors
///
/// What `make` gives, and what the operating system does not.
pub fn serve(
    listener: TcpListener,
    make: impl Future<Output = Result<App, StoreError>>,
) -> Result<(), ServingError> {
    let threads = thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(async {
        let app = make.await.map_err(ServingError::Store)?;
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let ended = async {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        };
        listener.set_nonblocking(true)?;
        accept(tokio::net::TcpListener::from_std(listener)?, app, ended).await;
        Ok(())
    })
}

impl fmt::Display for ServingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System(error) => write!(formatter, "cannot serve: {error}"),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for ServingError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::System(error) => Some(error),
            Self::Store(error) => Some(error),
        }
    }
}

impl From<io::Error> for ServingError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

/// Accepts connections until `ended`.
async fn accept(listener: tokio::net::TcpListener, app: App, ended: impl Future<Output = ()>) {
    let mut ended = std::pin::pin!(ended);
    let (open, connections) = (Arc::new(Semaphore::new(CONNECTIONS_MAX)), GracefulShutdown::new());
    let service = TowerToHyperService::new(app.router);
    loop {
        let accepted = async {
            let place = Arc::clone(&open).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut ended => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        // Answers are short: to wait for more to send makes them late. If that cannot be said, they are late.
        let _ = stream.set_nodelay(true);
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(HEADER_SECS_MAX))
            .max_buf_size(HEADER_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service.clone());
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks is nobody's fault here.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(Duration::from_secs(GRACE_SECS), connections.shutdown()).await;
}
