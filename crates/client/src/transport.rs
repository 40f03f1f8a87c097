//! How requests get to the API and answers come back: one method, which anyone may bring.

use std::fmt;
use std::sync::Arc;

use certgate_api::Body;

use crate::api_key::ApiKey;
use crate::shown::shown;

/// The most bytes of an answer's body: many times a page of a hundred certificates with their chains.
pub const RESPONSE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The body of a request, shared between attempts; empty where there is none.
#[derive(Clone, Default)]
pub struct RequestBody(Option<Arc<Body>>);

/// Sends requests.
///
/// An implementation sends each request once, with exactly the headers it has, follows no redirect, keeps no cookies,
/// and reads at most [`RESPONSE_BYTES_MAX`] bytes of a body. How long all of it may take is the client's business: it
/// drops the future when it has waited long enough.
pub trait Transport: Send + Sync {
    /// Sends a request, and gives the answer with all of its body.
    fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> impl Future<Output = Result<http::Response<Vec<u8>>, TransportError>> + Send;
}

/// What is known of a request that got no whole answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportFault {
    /// No connection was made: the request was not sent.
    NotConnected,
    /// The server's certificate, or its TLS, was refused: the request was not sent, and never will be.
    NotTrusted,
    /// The connection broke: the request may have been received, and acted upon.
    Interrupted,
    /// The answer took too long: the request may have been received, and acted upon.
    TimedOut,
    /// The answer has more than [`RESPONSE_BYTES_MAX`] bytes.
    TooLarge,
}

/// Why a request got no whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    fault: TransportFault,
    reason: String,
}

impl RequestBody {
    pub(crate) fn new(body: Option<Arc<Body>>) -> Self {
        Self(body)
    }

    /// Whether there is no body at all.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        self.0.is_none()
    }
}

impl AsRef<[u8]> for RequestBody {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().map_or(&[], |body| body.bytes())
    }
}

impl fmt::Debug for RequestBody {
    /// How long it is: it may hold a private key.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} bytes", self.as_ref().len())
    }
}

impl TransportError {
    /// A fault, and the reason in words; an empty text where the fault says it all.
    #[must_use]
    pub fn new(fault: TransportFault, reason: impl Into<String>) -> Self {
        Self { fault, reason: reason.into() }
    }

    pub(crate) fn fit_to_be_shown(self, key: &ApiKey) -> Self {
        Self { reason: shown(&self.reason, key), ..self }
    }

    /// What is known of the request.
    #[must_use]
    pub const fn fault(&self) -> TransportFault {
        self.fault
    }

    /// The reason, in words.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl TransportFault {
    /// Whether the API may have acted upon the request.
    #[must_use]
    pub const fn may_have_been_received(self) -> bool {
        matches!(self, Self::Interrupted | Self::TimedOut | Self::TooLarge)
    }
}

impl fmt::Display for TransportFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConnected => formatter.write_str("no connection"),
            Self::NotTrusted => formatter.write_str("the server's TLS or certificate was refused"),
            Self::Interrupted => formatter.write_str("the connection broke"),
            Self::TimedOut => formatter.write_str("no answer in time"),
            Self::TooLarge => {
                write!(formatter, "the answer is larger than the limit of {RESPONSE_BYTES_MAX} bytes")
            }
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason.as_str() {
            "" => self.fault.fmt(formatter),
            reason => write!(formatter, "{}: {reason}", self.fault),
        }
    }
}

impl std::error::Error for TransportError {}
