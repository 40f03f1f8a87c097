//! What is for who watches the server: whether it is well, and what it counts.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use certgate_store::Error;
use tokio::time::Instant;

use crate::answering::{self, Answering};
use crate::log::Event;
use crate::metrics::{self, CONTENT_TYPE as METRICS_TYPE};
use crate::settings::COUNTS_KEPT_SECS;
use crate::state::Shared;

/// `/healthz` and `/readyz`.
pub(crate) fn health() -> Router<Arc<Shared>> {
    Router::new()
        .route("/healthz", get(alive).fallback(answering::unrouted))
        .route("/readyz", get(ready).fallback(answering::unrouted))
}

/// The same, and `/metrics`.
pub(crate) fn watched() -> Router<Arc<Shared>> {
    health().route("/metrics", get(counts).fallback(answering::unrouted)).fallback(answering::unrouted)
}

async fn alive(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    Answering::of(shared, &request, None).finish(answer_health(StatusCode::OK), None)
}

/// Whether the store can be read, and the master key opens what is in it.
async fn ready(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let answering = Answering::of(Arc::clone(&shared), &request, None);
    let due = shared.master.number();
    let fault = match shared.store.master_keys().await {
        Ok(numbers) => numbers.into_iter().find(|number| *number != due).map(|other| {
            let error = Error::MasterKeyDiffers { due: other, found: due };
            format!("{error}; start this server again with the key of now")
        }),
        Err(error) => Some(error.to_string()),
    };
    let status = match fault {
        None => StatusCode::OK,
        Some(fault) => {
            shared.happened(Event::NotReady, &fault);
            StatusCode::SERVICE_UNAVAILABLE
        }
    };
    answering.finish(answer_health(status), None)
}

fn answer_health(status: StatusCode) -> Response {
    let text = if status.is_success() { r#"{"status":"ok"}"# } else { r#"{"status":"unavailable"}"# };
    (status, [(CONTENT_TYPE, "application/json")], text).into_response()
}

async fn counts(State(shared): State<Arc<Shared>>) -> Response {
    let mut kept = shared.metrics.kept.lock().await;
    let is_new = |at: Instant| at.elapsed() < Duration::from_secs(COUNTS_KEPT_SECS);
    if !kept.as_ref().is_some_and(|(at, _)| is_new(*at)) {
        // What cannot be counted is left out: who watches is told of that by its absence, and by `/readyz`.
        let counted = shared.store.counts(metrics::moments((shared.clock)())).await;
        *kept = counted.ok().map(|counts| (Instant::now(), counts));
    }
    match metrics::text(&shared.metrics, kept.as_ref().map(|(_, counts)| counts.as_slice())) {
        Ok(text) => ([(CONTENT_TYPE, METRICS_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
