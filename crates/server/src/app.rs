//! The whole of it: a store and what opens it, behind routes.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use certgate_api::{CertificateAuthority, SshCertificateAuthority, SshHostCertificate, TlsCertificate};
use certgate_facts::Timestamp;
use certgate_store::{Error, MasterKey, Resources};

use crate::answering;
use crate::dice::Dice;
use crate::log::Log;
use crate::routes;
use crate::settings::Settings;
use crate::state::Shared;

/// What answers requests.
#[derive(Clone)]
pub struct App {
    pub(crate) router: Router,
}

impl App {
    /// An app that keeps its resources in `store`, sealed under `master`.
    ///
    /// # Errors
    ///
    /// - [`Error::MasterKeyDiffers`] if something in the store is sealed by another master key.
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
        let (clock, authorities) = (Arc::new(clock), Default::default());
        let shared = Arc::new(Shared { store, master, clock, dice, settings, log, authorities });
        let router = Router::new()
            .merge(routes::of::<CertificateAuthority>())
            .merge(routes::of::<SshCertificateAuthority>())
            .merge(routes::of::<SshHostCertificate>())
            .merge(routes::of::<TlsCertificate>())
            .route("/healthz", get(async || answer_health(StatusCode::OK)).fallback(answering::unrouted))
            .route("/readyz", get(ready).fallback(answering::unrouted))
            .fallback(answering::unrouted)
            .with_state(shared);
        Ok(Self { router })
    }
}

/// Whether the store can be read.
async fn ready(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    answer_health(match shared.store.master_keys().await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    })
}

fn answer_health(status: StatusCode) -> impl IntoResponse {
    let text = if status.is_success() { r#"{"status":"ok"}"# } else { r#"{"status":"unavailable"}"# };
    (status, [(CONTENT_TYPE, "application/json")], text)
}
