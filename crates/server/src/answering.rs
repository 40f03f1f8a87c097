//! From a request to its answer: the operation's id, the headers that all answers have, the line in the log.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ACCESS_CONTROL_REQUEST_METHOD, CACHE_CONTROL, CONTENT_TYPE, HeaderName, ORIGIN, RETRY_AFTER, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use axum::response::Response;
use certgate_api::{OPENAPI, Route};
use certgate_facts::Timestamp;
use certgate_store::{ResourceId, ResourceKind};
use tokio::time::Instant;

use crate::call::Call;
use crate::log::Logged;
use crate::metrics::Present;
use crate::problem::Refusal;
use crate::served::Served;
use crate::settings::ANSWER_SECS_MAX;
use crate::state::Shared;

/// Seconds for which browsers may remember what is allowed.
const PREFLIGHT_SECS: HeaderValue = HeaderValue::from_static("600");

/// A request that is being answered.
pub(crate) struct Answering {
    shared: Arc<Shared>,
    route: Option<Route>,
    /// What this request is called.
    operation: String,
    at: Timestamp,
    started: Instant,
    method: Method,
    uri: Uri,
    /// The page of a browser that asks.
    origin: Option<HeaderValue>,
    key: Option<ResourceId>,
    _present: Present,
}

impl Answering {
    pub(crate) fn of(shared: Arc<Shared>, request: &Request<Body>, route: Option<Route>) -> Self {
        let at = (shared.clock)();
        Self {
            operation: shared.operations.next(at).to_string(),
            at,
            started: Instant::now(),
            _present: shared.metrics.request(),
            shared,
            route,
            method: request.method().clone(),
            uri: request.uri().clone(),
            origin: request.headers().get(ORIGIN).cloned(),
            key: None,
        }
    }

    /// Lets the request through to its endpoint, unless something is wrong with it.
    pub(crate) fn call<R: Served>(
        &mut self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Call, Refusal>> + Send {
        self.call_for::<R>(request, None)
    }

    /// The same for a request that asks for one resource: it comes with the call.
    pub(crate) async fn call_for<R: Served>(
        &mut self,
        request: Request<Body>,
        asked: Option<(ResourceKind, ResourceId)>,
    ) -> Result<Call, Refusal> {
        match self.route {
            Some(route) => {
                Call::of::<R>(Arc::clone(&self.shared), request, route, asked, &mut self.key).await
            }
            None => Err(Refusal::unrouted(self.uri.path())),
        }
    }

    /// Says whose request it is; the id of the key comes back.
    pub(crate) fn known(&mut self, key: ResourceId) -> &ResourceId {
        self.key.insert(key)
    }

    /// An answer that is no JSON, named and logged as all are.
    pub(crate) fn finish(self, mut response: Response, refusal: Option<&Refusal>) -> Response {
        self.log(response.status(), refusal);
        self.name(response.headers_mut());
        response
    }

    /// The answer: JSON, or nothing, or why not.
    pub(crate) fn answer(self, outcome: Result<Option<String>, Refusal>) -> Response {
        match outcome {
            Ok(json) => {
                let success = self.route.map_or(StatusCode::OK, |route| {
                    StatusCode::from_u16(route.success()).unwrap_or(StatusCode::OK)
                });
                self.log(success, None);
                self.respond(success, json)
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    fn refuse(self, refusal: Refusal) -> Response {
        let (status, retry) = (refusal.status(), refusal.retry_after_secs);
        self.log(status, Some(&refusal));
        let json = serde_json::to_string(&refusal.problem(&self.operation)).unwrap_or_default();
        let mut response = self.respond(status, Some(json));
        if let Some(secs) = retry {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs));
        }
        response
    }

    fn respond(self, status: StatusCode, json: Option<String>) -> Response {
        let has_body = json.is_some();
        let mut response = Response::new(json.map_or_else(Body::empty, Body::from));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        self.name(headers);
        if let Some(origin) = self.origin {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
            headers.insert(VARY, HeaderValue::from_static("Origin"));
        }
        response
    }

    /// Puts the operation's id there.
    fn name(&self, headers: &mut HeaderMap) {
        if let Ok(operation) = HeaderValue::from_str(&self.operation) {
            headers.insert(HeaderName::from_static("ngrok-operation-id"), operation);
        }
    }

    /// Counts the answer, and logs it.
    fn log(&self, status: StatusCode, refusal: Option<&Refusal>) {
        let taken = self.started.elapsed();
        self.shared.metrics.answered(self.route, status.as_u16(), taken);
        let line = Logged {
            at: &self.at.to_string(),
            operation_id: &self.operation,
            method: self.method.as_str(),
            path: self.uri.path(),
            status: status.as_u16(),
            api_key: self.key.as_ref().map(ResourceId::as_str),
            error_code: refusal.and_then(Refusal::code),
            micros: u64::try_from(taken.as_micros()).unwrap_or(u64::MAX),
            fault: refusal.and_then(Refusal::internal),
        };
        (self.shared.log)(&line.to_json());
    }
}

/// What comes within the time that an answer may take. The work is pinned by who asks for it: it is large to be moved.
pub(crate) async fn within<T>(
    work: Pin<&mut impl Future<Output = Result<T, Refusal>>>,
) -> Result<T, Refusal> {
    let limit = Duration::from_secs(ANSWER_SECS_MAX);
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(Refusal::late()))
}

/// The same for what changes something.
pub(crate) async fn changed_within<T>(
    work: Pin<&mut impl Future<Output = Result<T, Refusal>>>,
) -> Result<T, Refusal> {
    let limit = Duration::from_secs(ANSWER_SECS_MAX);
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(Refusal::late_change()))
}

/// A path that there is not, or that does not take the method.
pub(crate) async fn unrouted(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let answering = Answering::of(shared, &request, None);
    answering.refuse(Refusal::unrouted(request.uri().path()))
}

/// What there is to ask for, which no key is needed to know.
pub(crate) async fn description(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    Answering::of(shared, &request, None).answer(Ok(Some(OPENAPI.to_owned())))
}

/// A browser that asks whether it may ask; it cannot send a key with that.
pub(crate) async fn preflight(
    shared: Arc<Shared>,
    request: Request<Body>,
    methods: &'static [&'static str],
) -> Response {
    let answering = Answering::of(shared, &request, None);
    let headers = request.headers();
    if answering.origin.is_none() || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return answering.refuse(Refusal::unrouted(request.uri().path()));
    }
    let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    answering.log(StatusCode::NO_CONTENT, None);
    let mut response = answering.respond(StatusCode::NO_CONTENT, None);
    let headers = response.headers_mut();
    if let Ok(methods) = HeaderValue::from_str(&methods.join(", ")) {
        headers.insert(ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    if let Some(asked) = asked {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, asked);
    }
    headers.insert(ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECS);
    response
}
