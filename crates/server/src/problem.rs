//! Answers that are no success: the only place of status codes.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use certgate_api::Problem;
use certgate_rules::{Case, Verdict};
use certgate_store::Error as StoreError;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: Option<u16>,
    /// For whoever asked.
    public: String,
    /// For whoever runs the server.
    internal: Option<String>,
    /// The path, of what is not routed.
    path: Option<String>,
    /// Seconds after which it may be tried again.
    pub(crate) retry_after_secs: Option<u64>,
}

/// The status that goes with a code.
const fn status_of(code: u16) -> StatusCode {
    match code {
        200..=209 | 635 => StatusCode::FORBIDDEN,
        210 | 216 => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        222 => StatusCode::NOT_FOUND,
        225 | 226 => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::BAD_REQUEST,
    }
}

impl Refusal {
    fn of(status: StatusCode, public: impl Into<String>) -> Self {
        let (code, internal, path, retry_after_secs) = (None, None, None, None);
        Self { status, code, public: public.into(), internal, path, retry_after_secs }
    }

    /// With a code of the API's catalogue.
    pub(crate) fn coded(code: u16, public: impl Into<String>) -> Self {
        Self { code: Some(code), ..Self::of(status_of(code), public) }
    }

    /// With the seconds after which it may be tried again.
    pub(crate) fn with_retry_after(self, secs: u64) -> Self {
        Self { retry_after_secs: Some(secs), ..self }
    }

    /// With other words for whoever asked.
    pub(crate) fn with_public(self, public: &str) -> Self {
        Self { public: public.to_owned(), ..self }
    }

    /// A path that there is not, or that does not take the method.
    pub(crate) fn unrouted(path: &str) -> Self {
        Self { path: Some(path.to_owned()), ..Self::of(StatusCode::NOT_FOUND, "Not Found") }
    }

    /// An id that nothing has.
    pub(crate) fn not_found() -> Self {
        Self::of(StatusCode::NOT_FOUND, "Resource not found")
    }

    /// Something here failed; what, is not for whoever asked.
    pub(crate) fn fault(internal: impl ToString) -> Self {
        let public = "something failed here; the operation id finds it in the server's log";
        let internal = Some(internal.to_string());
        Self { internal, ..Self::of(StatusCode::INTERNAL_SERVER_ERROR, public) }
    }

    /// Something here cannot be done for now.
    fn unavailable(internal: impl ToString) -> Self {
        let public = "the store cannot be reached or written to for now; try again later";
        let internal = Some(internal.to_string());
        Self { internal, ..Self::of(StatusCode::SERVICE_UNAVAILABLE, public) }
    }

    /// A form that a page of another origin sent.
    pub(crate) fn foreign() -> Self {
        Self::of(StatusCode::FORBIDDEN, "this form was sent by a page of another origin; open the page here")
    }

    /// It took too long.
    pub(crate) fn late() -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE, "this took too long; try again later")
    }

    /// A change that took too long: nobody waits for it any more, and it may have begun.
    pub(crate) fn late_change() -> Self {
        let public = "this took too long, and may have been done all the same; look before you try again";
        Self::of(StatusCode::SERVICE_UNAVAILABLE, public)
    }

    /// What the API would answer to what was judged; `None` where it would not mind.
    pub(crate) fn of_verdict<C: Case>(verdict: &Verdict<C>) -> Option<Self> {
        let code = verdict.api_code()?;
        let finding = verdict.findings().iter().find(|finding| finding.api_code() == Some(code));
        let public = finding.map_or_else(
            || "refused".to_owned(),
            |finding| match finding.help() {
                Some(help) => format!("{}; {help}", finding.message()),
                None => finding.message().to_owned(),
            },
        );
        Some(Self::coded(code.number(), public))
    }

    /// The status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// What is for whoever asked.
    pub(crate) fn public(&self) -> &str {
        &self.public
    }

    /// What is for the log alone.
    pub(crate) fn internal(&self) -> Option<&str> {
        self.internal.as_deref()
    }

    /// The number of the code, if there is one.
    pub(crate) const fn code(&self) -> Option<u16> {
        self.code
    }

    /// The body of the answer. What is not routed tells its path instead of an operation.
    pub(crate) fn problem(self, operation: &str) -> Problem {
        let detail = match self.path {
            Some(path) => ("path".to_owned(), path),
            None => ("operation_id".to_owned(), operation.to_owned()),
        };
        Problem {
            error_code: self.code.map(|code| format!("ERR_NGROK_{code}")).unwrap_or_default(),
            status_code: self.status.as_u16(),
            msg: self.public,
            details: BTreeMap::from([detail]),
        }
    }
}

/// What fails in the store is for the log.
impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy
            | StoreError::Full
            | StoreError::MasterKeyDiffers { .. }
            | StoreError::NotCommitted(_)
            | StoreError::ReadOnly
            | StoreError::Unreachable { .. } => Self::unavailable(error),
            error => Self::fault(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(refusal: Refusal) -> String {
        serde_json::to_string(&refusal.problem("op_2rwwkzywPBcB9nU1EhdK2wXHRNw")).unwrap()
    }

    #[test]
    fn a_problem_has_one_of_three_shapes_when_something_is_not_found() {
        assert_eq!(
            json(Refusal::unrouted("/tls")),
            r#"{"status_code":404,"msg":"Not Found","details":{"path":"/tls"}}"#
        );
        assert_eq!(
            json(Refusal::not_found()),
            r#"{"status_code":404,"msg":"Resource not found","details":{"operation_id":"op_2rwwkzywPBcB9nU1EhdK2wXHRNw"}}"#
        );
        let bad_id = json(Refusal::coded(222, "no id"));
        assert!(
            bad_id.starts_with(r#"{"error_code":"ERR_NGROK_222","status_code":404,"msg":"no id","#),
            "{bad_id}"
        );
    }

    #[test]
    fn what_fails_here_is_not_told_outside() {
        let refusal = Refusal::fault("/var/lib/certgate: no space");
        assert_eq!(refusal.internal(), Some("/var/lib/certgate: no space"));
        assert!(!json(refusal).contains("/var"));
    }
}
