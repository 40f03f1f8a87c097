//! Why an operation failed.

use std::fmt;

use certgate_api::{Problem, Resource, Route, Verb};
use certgate_rules::{Rule, rules_for_api_code};

use crate::answer::Setback;
use crate::call::Call;
use crate::retry::{Attempts, RETRY_AFTER_MAX};
use crate::transport::{TransportError, TransportFault};

/// Why an operation of the API failed: what the API answered, or why there is no answer.
///
/// What it shows of a server's words has no control characters and is cut, and the API key in it is starred out.
pub struct Error(Box<Failure>);

struct Failure {
    /// Method and target, such as `POST /tls_certificates`.
    call: String,
    kind: Kind,
    attempts: u32,
    follows_lost_answer: bool,
}

pub(crate) enum Kind {
    /// The API answered, and not with success.
    Refused { status: u16, problem: Option<Box<Problem>>, operation_id: Option<String> },
    /// The API asks to wait for longer than anyone waits here.
    WaitTooLong { secs: u64, status: u16, problem: Option<Box<Problem>>, operation_id: Option<String> },
    /// The API, or something in front of it, leads elsewhere.
    Redirected { status: u16 },
    /// The answer is a success, and cannot be read.
    Unreadable { status: u16, reason: String },
    /// The answer is a success of something that is no API.
    NotJson { status: u16, media_type: String },
    /// There is no answer.
    Transport(TransportError),
    /// The next page is said to be somewhere else.
    ForeignPage,
    /// A list has no end.
    PagesOverLimit { pages_max: u32 },
    /// The answers have no date: what was there before cannot be told from what was created.
    Undated,
    /// The request cannot be written.
    Unsendable(&'static str),
    /// Something may have been created. What happened to the creation, and to the search for what it created.
    Ambiguous { creation: Error, search: Option<Error> },
}

impl Error {
    /// Of the last attempt at a call.
    pub(crate) fn of(call: &Call, setback: Setback, attempts: &Attempts) -> Self {
        let path = call.target().split('?').next().unwrap_or_default();
        let kind = match (setback.kind, setback.retry_after) {
            (Kind::Refused { status, problem, operation_id }, Some(wait)) if wait > RETRY_AFTER_MAX => {
                Kind::WaitTooLong { secs: wait.as_secs(), status, problem, operation_id }
            }
            (kind, _) => kind,
        };
        Self(Box::new(Failure {
            call: format!("{} {path}", call.route().method()),
            kind,
            attempts: attempts.count(),
            follows_lost_answer: attempts.lost_answer(),
        }))
    }

    /// Whether the API knows no such resource (status 404).
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(404)
    }

    /// Whether the API refused the request for what it is: it will do so again.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused { status: 400..=499, .. }) && !self.is_retryable()
    }

    /// Whether there were more requests than the API takes (status 429).
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(429)
    }

    /// Whether the same may succeed later: the API was out of reach, busy or broken.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match &self.0.kind {
            Kind::Refused { status, .. } => matches!(status, 429 | 500..),
            Kind::WaitTooLong { .. } | Kind::Unreadable { .. } => true,
            Kind::Transport(error) => {
                !matches!(error.fault(), TransportFault::NotTrusted | TransportFault::TooLarge)
            }
            Kind::Ambiguous { .. } => true,
            Kind::Redirected { .. }
            | Kind::NotJson { .. }
            | Kind::ForeignPage
            | Kind::PagesOverLimit { .. }
            | Kind::Undated
            | Kind::Unsendable(_) => false,
        }
    }

    /// Whether something may have been created after all: list before you create it again.
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        matches!(self.0.kind, Kind::Ambiguous { .. })
    }

    /// The HTTP status of the answer, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match &self.0.kind {
            Kind::Refused { status, .. }
            | Kind::WaitTooLong { status, .. }
            | Kind::Redirected { status }
            | Kind::NotJson { status, .. }
            | Kind::Unreadable { status, .. } => Some(*status),
            Kind::Ambiguous { creation, .. } => creation.status(),
            _ => None,
        }
    }

    /// What the API said about it; texts as they may be shown.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match &self.0.kind {
            Kind::Refused { problem, .. } | Kind::WaitTooLong { problem, .. } => problem.as_deref(),
            Kind::Ambiguous { creation, .. } => creation.problem(),
            _ => None,
        }
    }

    /// The number of the API's code, such as 1923 of `ERR_NGROK_1923`.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        self.problem()?.code()
    }

    /// What the API calls the request in its own records: what its support asks for.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Refused { operation_id, .. } | Kind::WaitTooLong { operation_id, .. } => {
                operation_id.as_deref()
            }
            Kind::Ambiguous { creation, .. } => creation.operation_id(),
            _ => None,
        }
    }

    /// The rule that foretells the API's code, if there is one: what `certgate explain` explains.
    #[must_use]
    pub fn rule(&self) -> Option<&'static Rule> {
        rules_for_api_code(&self.code()?.to_string()).first().copied()
    }

    /// How often the request was sent, or tried to be.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Of a creation: where one of its attempts may have created something, that is not known.
    pub(crate) fn of_creation(
        call: &Call,
        setback: Setback,
        attempts: &Attempts,
        search: Option<Self>,
    ) -> Self {
        let creation = Self::of(call, setback, attempts);
        match attempts.lost_answer() {
            true => {
                let (call, attempts) = (creation.0.call.clone(), attempts.count());
                let kind = Kind::Ambiguous { creation, search };
                Self(Box::new(Failure { call, attempts, kind, follows_lost_answer: true }))
            }
            false => creation,
        }
    }

    /// Of a request that cannot be written.
    pub(crate) fn unsendable<R: Resource>(reason: &'static str) -> Self {
        let route = Route::of::<R>(Verb::Create);
        let call = format!("{} {}", route.method(), route.path(""));
        let kind = Kind::Unsendable(reason);
        Self(Box::new(Failure { call, attempts: 0, kind, follows_lost_answer: false }))
    }

    /// Whether an attempt before the last one may have done what was asked.
    pub(crate) fn follows_lost_answer(&self) -> bool {
        self.0.follows_lost_answer
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { status, problem, operation_id }
            | Self::WaitTooLong { status, problem, operation_id, .. } => {
                match problem.as_ref().map(|problem| problem.error_code.as_str()) {
                    None | Some("") => write!(formatter, "the API answered {status}")?,
                    Some(code) => write!(formatter, "the API answered {status} {code}")?,
                }
                if let Some(problem) = problem.as_ref().filter(|problem| !problem.msg.is_empty()) {
                    write!(formatter, ": {}", problem.msg.trim_end_matches('.'))?;
                }
                if let Self::WaitTooLong { secs, .. } = self {
                    write!(formatter, "; it asks to wait for {secs} seconds")?;
                }
                match operation_id {
                    Some(id) => write!(formatter, " (operation {id})"),
                    None => Ok(()),
                }
            }
            Self::Redirected { status } => write!(
                formatter,
                "the answer {status} leads elsewhere, where the key must not go: give the address of the API itself"
            ),
            Self::Unreadable { status, reason } => {
                write!(formatter, "the answer {status} cannot be read: {reason}")
            }
            Self::NotJson { status, media_type } => write!(
                formatter,
                "the answer {status} is {media_type}, and no JSON: is this the address of the API?"
            ),
            Self::Transport(error) => error.fmt(formatter),
            Self::ForeignPage => formatter
                .write_str("the next page is said to be at another address, where the key must not go"),
            Self::PagesOverLimit { pages_max } => {
                write!(formatter, "the list has more than {pages_max} pages")
            }
            Self::Undated => formatter.write_str(
                "the answer has no header `Date`: what was there before cannot be told from what was created",
            ),
            Self::Unsendable(reason) => formatter.write_str(reason),
            Self::Ambiguous { creation, search: Some(search) } => write!(
                formatter,
                "{}; it may have been created all the same, and looking for it failed: {search}",
                creation.kind()
            ),
            Self::Ambiguous { creation, search: None } => write!(
                formatter,
                "{}; it may have been created all the same, and was not found: list before you create it again",
                creation.kind()
            ),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.0.call, self.0.kind)?;
        match self.0.attempts {
            0 | 1 => Ok(()),
            attempts => write!(formatter, " ({attempts} attempts)"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for Error {}
