//! The whole of it: a store and what opens it, behind routes.

use std::num::NonZero;
use std::sync::Arc;
use std::thread;

use axum::Router;
use axum::routing::get;
use certgate_api::{
    CertificateAuthority, SshCertificateAuthority, SshHostCertificate, SshUserCertificate, TlsCertificate,
};
use certgate_facts::Timestamp;
use certgate_store::{Error, MasterKey, Resources};
use tokio::sync::Semaphore;

use crate::answering;
use crate::dice::Dice;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::operation::Operations;
use crate::page;
use crate::routes;
use crate::sequence::Sequence;
use crate::settings::Settings;
use crate::state::Shared;
use crate::watched;

/// What answers requests.
#[derive(Clone)]
pub struct App {
    pub(crate) router: Router,
    /// For who watches it.
    pub(crate) watched: Router,
    pub(crate) shared: Arc<Shared>,
}

impl App {
    /// An app that keeps its resources in `store`, sealed under `master`.
    ///
    /// # Errors
    ///
    /// - [`Error::MasterKeyDiffers`] if something in the store is sealed by another master key.
    /// - [`Error::Driver`] if the dice fail.
    /// - Those of [`Resources::master_keys`].
    pub async fn new(
        store: Arc<dyn Resources>,
        master: MasterKey,
        (clock, dice): (impl Fn() -> Timestamp + Send + Sync + 'static, Dice),
        settings: Settings,
        log: Log,
    ) -> Result<Self, Error> {
        if let Some(other) = store.master_keys().await?.into_iter().find(|other| *other != master.number()) {
            return Err(Error::MasterKeyDiffers { due: other, found: master.number() });
        }
        let clock = Arc::new(clock);
        let operations = Operations::new(dice.sixteen().map_err(|failed| Error::Driver(Box::new(failed)))?);
        let ended = page::Ended::before(clock());
        let shared = Arc::new(Shared {
            store,
            master,
            clock,
            dice,
            operations,
            sequence: Sequence::new(),
            settings,
            log,
            metrics: Metrics::new(),
            key_makers: Arc::new(Semaphore::new(thread::available_parallelism().map_or(1, NonZero::get))),
            ended,
            authorities: Default::default(),
        });
        let router = Router::new()
            .merge(routes::of::<CertificateAuthority>())
            .merge(routes::of::<SshCertificateAuthority>())
            .merge(routes::of::<SshHostCertificate>())
            .merge(routes::of::<SshUserCertificate>())
            .merge(routes::of::<TlsCertificate>())
            .route("/openapi.json", get(answering::description).fallback(answering::unrouted))
            .merge(page::routes())
            .merge(watched::health())
            .fallback(answering::unrouted)
            .with_state(Arc::clone(&shared));
        let watched = watched::watched().with_state(Arc::clone(&shared));
        Ok(Self { router, watched, shared })
    }
}
