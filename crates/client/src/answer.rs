//! Answers, as they came and as they may be shown.

use std::time::Duration;

use certgate_api::{Problem, Timestamp};
use http::header::{CONTENT_TYPE, DATE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, Response};
use serde::de::DeserializeOwned;
use serde_json::from_slice;

use crate::api_key::ApiKey;
use crate::error::Kind;
use crate::http_date;
use crate::shown::shown;
use crate::transport::{RESPONSE_BYTES_MAX, TransportError, TransportFault};

/// The most details of a problem that are kept.
const DETAILS_MAX: usize = 16;
const OPERATION_ID: HeaderName = HeaderName::from_static("ngrok-operation-id");

/// A success.
pub(crate) struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A failed attempt.
pub(crate) struct Setback {
    pub(crate) kind: Kind,
    /// How long the API asks to wait.
    pub(crate) retry_after: Option<Duration>,
}

impl From<Kind> for Setback {
    fn from(kind: Kind) -> Self {
        Self { kind, retry_after: None }
    }
}

impl Answer {
    /// Tells success from the rest. In all that is kept, the key is starred out.
    pub(crate) fn of(response: Response<Vec<u8>>, key: &ApiKey) -> Result<Self, Setback> {
        let (head, body) = response.into_parts();
        let status = head.status.as_u16();
        if body.len() > RESPONSE_BYTES_MAX {
            return Err(Kind::Transport(TransportError::new(TransportFault::TooLarge, "")).into());
        }
        match status {
            200..=299 => Ok(Self { status, headers: head.headers, body: key.masked_bytes(&body) }),
            300..=399 => Err(Kind::Redirected { status }.into()),
            _ => {
                // An empty object, or a list, says nothing.
                let problem = from_slice(&body).ok().filter(|problem| *problem != Problem::default());
                let problem = problem.map(|problem| Box::new(fit_to_be_shown(problem, key)));
                let of_header = text(&head.headers, &OPERATION_ID).map(|id| shown(id, key));
                let of_body = problem.as_deref().and_then(Problem::operation_id).map(str::to_owned);
                let operation_id = of_body.or(of_header);
                let kind = Kind::Refused { status, problem, operation_id };
                Err(Setback { kind, retry_after: retry_after(&head.headers) })
            }
        }
    }

    /// The moment of the answer, by the server's clock.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        date(&self.headers)
    }

    /// The body, read as JSON.
    pub(crate) fn parse<V: DeserializeOwned>(&self, key: &ApiKey) -> Result<V, Setback> {
        let status = self.status;
        let content_type = text(&self.headers, &CONTENT_TYPE).unwrap_or("application/json");
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Kind::NotJson { status, media_type: shown(media_type, key) }.into());
        }
        let unreadable = |error: serde_json::Error| {
            Kind::Unreadable { status, reason: shown(&error.to_string(), key) }.into()
        };
        from_slice(&self.body).map_err(unreadable)
    }
}

fn fit_to_be_shown(problem: Problem, key: &ApiKey) -> Problem {
    let details = problem.details.iter().take(DETAILS_MAX);
    Problem {
        error_code: shown(&problem.error_code, key),
        status_code: problem.status_code,
        msg: shown(&problem.msg, key),
        details: details.map(|(name, value)| (shown(name, key), shown(value, key))).collect(),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date::read(text(headers, &DATE)?)
}

/// How long to wait (RFC 9110 §10.2.3): seconds, or a date, which the date of the answer is compared with.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = text(headers, &RETRY_AFTER)?.trim();
    if let Ok(secs) = text.parse() {
        return Some(Duration::from_secs(secs));
    }
    let secs = http_date::read(text)?.unix_secs() - date(headers)?.unix_secs();
    Some(Duration::from_secs(u64::try_from(secs).unwrap_or(0)))
}
