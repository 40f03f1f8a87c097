//! The body of a request.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue};
use certgate_api::Route;
use http_body_util::BodyExt as _;
use hyper::body::Body as _;
use zeroize::Zeroizing;

use crate::problem::Refusal;
use crate::query::decoded;
use crate::settings::{BODY_BYTES_MAX, BODY_SECS_MAX, FORM_BYTES_MAX};

/// The bytes of a body that the route takes; nothing for a route that takes none. They are wiped on drop.
pub(crate) async fn of(headers: &HeaderMap, body: Body, route: Route) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if !route.has_body() {
        // Clients send a content type, or a length of zero, with no body at all.
        let bytes = read(body, BODY_BYTES_MAX).await?;
        return match bytes.is_empty() {
            true => Ok(bytes),
            false => Err(Refusal::coded(211, format!("{} takes no body here; leave it out", route.method()))),
        };
    }
    match headers.get(CONTENT_TYPE) {
        Some(given) if !is_media(given, "application/json") => {
            let given = String::from_utf8_lossy(given.as_bytes()).escape_debug().to_string();
            let public = format!("content type '{given}' is not supported; send application/json");
            Err(Refusal::coded(210, public))
        }
        None if !body.is_end_stream() => {
            Err(Refusal::coded(216, "the body has no content type; send `Content-Type: application/json`"))
        }
        _ => read(body, BODY_BYTES_MAX).await,
    }
}

/// A field of a form, decoded; empty if it is not there. It is wiped on drop, as the body is.
pub(crate) async fn form_field(
    headers: &HeaderMap,
    body: Body,
    name: &str,
) -> Result<Zeroizing<String>, Refusal> {
    let is_form =
        headers.get(CONTENT_TYPE).is_some_and(|given| is_media(given, "application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Refusal::coded(210, "this takes a form; send application/x-www-form-urlencoded"));
    }
    let body = read(body, FORM_BYTES_MAX).await?;
    let text = std::str::from_utf8(&body).map_err(|_| Refusal::coded(213, "the form is no text"))?;
    let fields = text.split('&').filter_map(|field| field.split_once('='));
    let value = fields.into_iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value);
    decoded(value).map(Zeroizing::new)
}

fn is_media(given: &HeaderValue, media: &str) -> bool {
    let given = given.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
    given.trim().eq_ignore_ascii_case(media)
}

async fn read(body: Body, bytes_max: usize) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if body.is_end_stream() {
        return Ok(Zeroizing::default());
    }
    let too_large = || {
        let public = format!("the body has more than {bytes_max} bytes, the most that is read");
        Refusal::coded(212, public)
    };
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > bytes_max {
        return Err(too_large());
    }
    // In its full size where that is known: a buffer that grows leaves copies behind.
    let bytes = Zeroizing::new(Vec::with_capacity(announced));
    let whole = Box::pin(collect(body, bytes, bytes_max));
    match tokio::time::timeout(Duration::from_secs(BODY_SECS_MAX), whole).await {
        Ok(Ok(bytes)) => bytes.ok_or_else(too_large),
        Ok(Err(_)) => Err(Refusal::coded(212, "the body ended before its announced length")),
        Err(_) => Err(Refusal::coded(212, format!("the body did not come within {BODY_SECS_MAX} seconds"))),
    }
}

/// All of a body, unless it is too large.
async fn collect(
    mut body: Body,
    mut bytes: Zeroizing<Vec<u8>>,
    bytes_max: usize,
) -> Result<Option<Zeroizing<Vec<u8>>>, axum::Error> {
    while let Some(frame) = body.frame().await {
        if let Some(part) = frame?.data_ref() {
            if bytes.len() + part.len() > bytes_max {
                return Ok(None);
            }
            bytes.extend_from_slice(part);
        }
    }
    Ok(Some(bytes))
}
