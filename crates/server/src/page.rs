//! A page to look at, for people with a browser: what expires next, who signs, what came last. It only reads.
//!
//! It stands at `/` for whoever asks for HTML, behind a login with an API key. Everything is in the one document, without
//! scripts; the policy that goes with it lets a browser load nothing else.

mod accept;
mod date;
mod document;
mod overview;
mod sections;
mod session;
mod text;
mod timeline;
mod urgency;

use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, ORIGIN, REFERRER_POLICY,
    RETRY_AFTER, SET_COOKIE, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use certgate_store::Admission;

use crate::answering::{self, Answering, within};
use crate::problem::Refusal;
use crate::state::Shared;
use crate::{auth, body, rate};
use overview::Overview;
pub(crate) use session::Ended;
use session::Session;

/// What may be loaded: nothing but the style sheet in the page, by its SHA-256, and the icon in it.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'sha256-QuNu14KxK1nRTFVORjfzCvYA6lFriwFOrMJAsNQgmw8='; img-src data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
/// What all logins that failed are counted under.
const WRONG_LOGINS: &str = "wrong_logins";

/// What the page answers with.
struct Reply {
    status: StatusCode,
    html: String,
    cookie: Option<HeaderValue>,
    /// Where to go on from here.
    location: Option<HeaderValue>,
}

impl Reply {
    fn new(status: StatusCode, html: String) -> Self {
        Self { status, html, cookie: None, location: None }
    }

    /// Sends a browser to the page.
    fn to_page(cookie: Option<HeaderValue>) -> Self {
        let location = Some(HeaderValue::from_static("/"));
        Self { cookie, location, ..Self::new(StatusCode::SEE_OTHER, String::new()) }
    }
}

/// The paths of the page.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/", get(show).fallback(answering::unrouted))
        .route("/login", post(log_in).get(log_in_again).fallback(answering::unrouted))
        .route("/logout", post(log_out).fallback(answering::unrouted))
}

async fn show(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    if !accept::prefers_html(request.headers()) {
        return answering::unrouted(State(shared), request).await;
    }
    let mut answering = Answering::of(Arc::clone(&shared), &request, None);
    let (parts, _) = request.into_parts();
    let outcome = within(pin!(shown(&shared, &parts, &mut answering))).await;
    finish(answering, outcome, document::refusal)
}

/// The page, or the login where nobody is logged in.
async fn shown(shared: &Shared, parts: &Parts, answering: &mut Answering) -> Result<Reply, Refusal> {
    let now = (shared.clock)();
    let is_secure = is_secure(&shared.settings.origin.of(&parts.uri, &parts.headers)?);
    let Some(session) = Session::of(&parts.headers, is_secure, (&shared.master, &shared.ended), now)? else {
        return Ok(Reply::new(StatusCode::OK, document::login(None)));
    };
    let Some(Admission { key, .. }) = shared.store.admit(&session.key, None).await? else {
        let html = document::login(Some("the API key of this session was revoked; log in with another one"));
        let cookie = Some(session::end(is_secure)?);
        return Ok(Reply { cookie, ..Reply::new(StatusCode::FORBIDDEN, html) });
    };
    let id = answering.known(key.id);
    rate::count(shared, id).await?;
    let overview = Overview::of(shared.store.as_ref(), now).await?;
    Ok(Reply::new(StatusCode::OK, sections::page(&overview, id.as_str())))
}

async fn log_in(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let mut answering = Answering::of(Arc::clone(&shared), &request, None);
    let outcome = within(pin!(logged_in(&shared, request, &mut answering))).await;
    finish(answering, outcome, |words| document::login(Some(words)))
}

async fn logged_in(
    shared: &Shared,
    request: Request<Body>,
    answering: &mut Answering,
) -> Result<Reply, Refusal> {
    let (parts, body) = request.into_parts();
    let origin = shared.settings.origin.of(&parts.uri, &parts.headers)?;
    check_sender(&parts.headers, &origin)?;
    let token = body::form_field(&parts.headers, body, "key").await?;
    let key = match auth::admit_token(token.trim(), shared.store.as_ref(), None).await {
        Ok(admission) => admission.key,
        // What failed here is no wrong key.
        Err(refusal) if refusal.internal().is_some() => return Err(refusal),
        Err(refusal) => {
            // Only what is wrong is counted together, so that nobody can lock out those who have a key.
            let words = "too many logins failed of late; wait, and try again";
            let told = |over: Refusal| if over.internal().is_none() { over.with_public(words) } else { over };
            rate::count(shared, &WRONG_LOGINS.parse()?).await.map_err(told)?;
            return Err(refusal);
        }
    };
    rate::count(shared, answering.known(key.id.clone())).await?;
    let session = Session::begin(key.id, (shared.clock)());
    let cookie = session.cookie(is_secure(&origin), &shared.master)?;
    Ok(Reply::to_page(Some(cookie)))
}

/// Somebody who reloads the page of a login that failed, or kept its address.
async fn log_in_again(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    if !accept::prefers_html(request.headers()) {
        return answering::unrouted(State(shared), request).await;
    }
    finish(Answering::of(shared, &request, None), Ok(Reply::to_page(None)), document::refusal)
}

async fn log_out(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let logged_out = |shared: &Shared| {
        let origin = shared.settings.origin.of(request.uri(), request.headers())?;
        check_sender(request.headers(), &origin)?;
        let (is_secure, now) = (is_secure(&origin), (shared.clock)());
        // A copy of the cookie is of no use from now on.
        if let Some(session) =
            Session::of(request.headers(), is_secure, (&shared.master, &shared.ended), now)?
        {
            shared.ended.end(session, now);
        }
        Ok(Reply::to_page(Some(session::end(is_secure)?)))
    };
    let outcome = logged_out(&shared);
    finish(Answering::of(shared, &request, None), outcome, document::refusal)
}

/// Whether a form was sent by a page of this server. Who sends no `Origin` is no browser. Schemes are not compared: a proxy
/// in front may speak TLS where this does not.
fn check_sender(headers: &HeaderMap, origin: &str) -> Result<(), Refusal> {
    let Some(sender) = headers.get(ORIGIN) else { return Ok(()) };
    let host = |origin: &str| origin.split_once("://").map(|(_, host)| host.to_owned());
    match sender.to_str().ok().and_then(host).is_some_and(|sender| Some(sender) == host(origin)) {
        true => Ok(()),
        false => Err(Refusal::foreign()),
    }
}

/// Whether browsers come here by TLS.
fn is_secure(origin: &str) -> bool {
    origin.starts_with("https://")
}

/// The answer, with what a browser is told to do with it, and the line in the log.
fn finish(
    answering: Answering,
    outcome: Result<Reply, Refusal>,
    refused: impl FnOnce(&str) -> String,
) -> Response {
    let (reply, refusal) = match outcome {
        Ok(reply) => (reply, None),
        Err(refusal) => (Reply::new(refusal.status(), refused(refusal.public())), Some(refusal)),
    };
    let mut response = Response::new(Body::from(reply.html));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (VARY, "Accept, Cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    let retry = refusal.as_ref().and_then(|refusal| refusal.retry_after_secs).map(HeaderValue::from);
    for (name, value) in [(SET_COOKIE, reply.cookie), (LOCATION, reply.location), (RETRY_AFTER, retry)] {
        if let Some(value) = value {
            headers.insert(name, value);
        }
    }
    answering.finish(response, refusal.as_ref())
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest;
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::*;

    #[test]
    fn the_policy_allows_the_style_sheet_that_is_there() {
        let sum = digest::digest(&digest::SHA256, document::STYLE.as_bytes());
        let due = format!("style-src 'sha256-{}';", BASE64_STANDARD.encode(sum));
        assert!(POLICY.to_str().unwrap().contains(&due), "{due}");
    }

    #[test]
    fn a_form_is_taken_from_a_page_of_this_server_and_from_no_browser_elsewhere() {
        let is_taken = |origin: Option<&str>| {
            let origin = origin.map(|origin| (ORIGIN, HeaderValue::from_str(origin).unwrap()));
            check_sender(&HeaderMap::from_iter(origin), "http://certs.example:4180").is_ok()
        };
        for good in [None, Some("http://certs.example:4180"), Some("https://certs.example:4180")] {
            assert!(is_taken(good), "{good:?}");
        }
        for bad in ["null", "http://certs.example", "http://certs.example:4180.evil.example", "://", ""] {
            assert!(!is_taken(Some(bad)), "{bad}");
        }
    }
}
