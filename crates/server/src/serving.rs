//! Serving: a runtime, its listeners, and how all of it ends.

mod accepting;

use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use std::{fmt, io, thread};

use certgate_store::Error as StoreError;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use self::accepting::{Accepting, accept};
use crate::app::App;
use crate::log::Event;
use crate::settings::{METRICS_CONNECTIONS_MAX, TLS_LOOK_SECS};
use crate::tls::{Identity, Shown};

/// What is listened at, and how.
pub struct Listening {
    /// For the API.
    pub listener: TcpListener,
    /// Connections of the API at the same time, at most; more wait.
    pub connections_max: usize,
    /// Connections of the API from one address at the same time, at most; more are closed.
    pub per_address_max: usize,
    /// Encryption of the API's connections; nothing for none.
    pub tls: Option<Tls>,
    /// For who watches: `/metrics`, `/healthz` and `/readyz`, never encrypted.
    pub metrics: Option<TcpListener>,
}

/// A certificate that is shown, and where another one comes from.
pub struct Tls {
    /// What is shown at first.
    pub identity: Identity,
    /// Looks whether there is another one: every second, and whenever SIGHUP comes. May take its time.
    pub renewal: Renewal,
}

/// Looks for another certificate to be shown: nothing if there is none, or why it is not to be shown. It is told whether it
/// was asked to look, by a signal.
pub type Renewal = Box<dyn FnMut(bool) -> Option<Result<Identity, String>> + Send>;

/// Why nothing is served.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServingError {
    /// The operating system gives no threads, no signals, or no more of the listener.
    System(io::Error),
    /// The store.
    Store(StoreError),
}

/// Serves until SIGINT or SIGTERM comes; requests that are open then have [`GRACE_SECS`](crate::GRACE_SECS) to be answered. A runtime is started
/// for it, and for `make`, which makes the app.
///
/// # Errors
///
/// What `make` gives, and what the operating system does not.
pub fn serve(
    listening: Listening,
    make: impl Future<Output = Result<App, StoreError>>,
) -> Result<(), ServingError> {
    let threads = thread::available_parallelism().map_or(2, |count| count.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(async {
        let app = make.await.map_err(ServingError::Store)?;
        let Listening { listener, connections_max, per_address_max, tls, metrics } = listening;
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        // It is heard from now on: without TLS there is nothing to do, and it ends nothing.
        let hangup = signal(SignalKind::hangup())?;
        let shown = tls.map(|tls| renewed(tls, &app, hangup));
        let (end, ended) = watch::channel(());
        let of = |listener: TcpListener| {
            listener.set_nonblocking(true)?;
            tokio::net::TcpListener::from_std(listener)
        };
        let accepting = |router, connections_max, shown| {
            let (shared, ended) = (Arc::clone(&app.shared), ended.clone());
            Accepting { router, shared, connections_max, per_address_max, shown, ended }
        };
        let api = accept(of(listener)?, accepting(app.router.clone(), connections_max, shown));
        let watched = metrics
            .map(of)
            .transpose()?
            .map(|listener| accept(listener, accepting(app.watched.clone(), METRICS_CONNECTIONS_MAX, None)));
        let asked_to_end = async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            drop(end);
        };
        let watched = async {
            if let Some(watched) = watched {
                watched.await;
            }
        };
        tokio::join!(api, watched, asked_to_end);
        Ok(())
    })
}

/// What is shown, renewed from time to time.
fn renewed(Tls { identity, mut renewal }: Tls, app: &App, mut hangup: Signal) -> Arc<Shown> {
    let shared = Arc::clone(&app.shared);
    shared.metrics.shown_until(identity.not_after());
    let shown = Arc::new(Shown::new(identity));
    let renewing = Arc::clone(&shown);
    tokio::spawn(async move {
        loop {
            let is_asked = tokio::select! {
                _ = hangup.recv() => true,
                () = tokio::time::sleep(Duration::from_secs(TLS_LOOK_SECS)) => false,
            };
            // Files are read, and signatures checked.
            let looked = tokio::task::spawn_blocking(move || (renewal(is_asked), renewal)).await;
            let Ok((found, again)) = looked else { return };
            renewal = again;
            match found {
                Some(Ok(identity)) => {
                    shared.metrics.shown_until(identity.not_after());
                    shared.happened(Event::TlsRenewed, &identity.to_string());
                    renewing.renew(identity);
                }
                Some(Err(why)) => shared.happened(Event::TlsRefused, &why),
                None => {}
            }
        }
    });
    shown
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
