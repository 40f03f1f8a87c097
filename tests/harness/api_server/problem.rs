//! What is answered instead of a resource.

use serde_json::{Value, json};

use super::reply::Reply;

/// A refusal.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: u16,
    /// The number behind `ERR_NGROK_`, where there is one.
    pub(super) code: Option<u16>,
    pub(super) message: String,
    /// Instead of the operation id.
    pub(super) path: Option<String>,
}

impl Problem {
    pub(super) fn new(status: u16, code: u16, message: impl Into<String>) -> Self {
        Self { status, code: Some(code), message: message.into(), path: None }
    }

    /// Nothing is there: no such route, or the method is not one of it.
    pub(super) fn unrouted(path: &str) -> Self {
        Self { status: 404, code: None, message: "Not Found".to_owned(), path: Some(path.to_owned()) }
    }

    /// An id that is well-formed, and nothing has.
    pub(super) fn not_found() -> Self {
        Self { status: 404, code: None, message: "Resource not found".to_owned(), path: None }
    }

    /// In the order of the wire.
    pub(super) fn into_reply(self, operation_id: &str) -> Reply {
        let code = self.code.map(|code| format!("\"error_code\":\"ERR_NGROK_{code}\",")).unwrap_or_default();
        let details = match self.path {
            Some(path) => json!({ "path": path }),
            None => json!({ "operation_id": operation_id }),
        };
        let message = Value::from(self.message);
        let body =
            format!("{{{code}\"status_code\":{},\"msg\":{message},\"details\":{details}}}", self.status);
        Reply::json(self.status, body)
    }
}
