//! What goes wrong, and when.

use std::time::Duration;

/// Something that goes wrong with one request.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// Nothing is done; this is answered.
    Answers { status: u16, headers: Vec<(&'static str, String)>, body: String },
    /// What is asked is done; a 502 in HTML is answered all the same.
    ActsAndFails,
    /// So many bytes of the request, from its first, are read; then the connection is closed. Of a request that is shorter, all.
    CutsRequestAfter(usize),
    /// The request is read and the connection closed; nothing is done.
    DropsRequest,
    /// What is asked is done; so many bytes of the response, from its first, are sent; then the connection is closed.
    CutsReplyAfter(usize),
    /// What is asked is done; the answer comes this much later.
    Waits(Duration),
    /// The body of the answer comes byte by byte, with this pause before each.
    Drips(Duration),
    /// The body of the answer ends in the middle, and the length says so, too.
    TruncatesJson,
    /// The answer has this content type.
    CallsItself(&'static str),
    /// Nothing is done; the answer is a redirection to this URL.
    Redirects(String),
    /// The page names its next one on this origin.
    PagesOn(String),
    /// Nothing is done; the answer is a refusal that says the key in every way that servers do.
    EchoesKey,
}

/// Which requests a fault is for.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// What method, path and query begin with.
    start: String,
    skip: usize,
    times: usize,
    fault: Fault,
}

impl Script {
    /// For the next request whose line begins like this, as in `POST /tls_certificates`; with an empty text for any.
    pub(crate) fn on(start: &str, fault: Fault) -> Self {
        Self { start: start.to_owned(), skip: 0, times: 1, fault }
    }

    /// Lets so many such requests pass first.
    pub(crate) fn after(mut self, skip: usize) -> Self {
        self.skip = skip;
        self
    }

    /// For so many requests, and not for one alone.
    pub(crate) fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// For all of them.
    pub(crate) fn always(self) -> Self {
        self.times(usize::MAX)
    }

    pub(super) fn is_used_up(&self) -> bool {
        self.times == 0
    }

    /// The fault, if it is this request's turn.
    pub(super) fn turn(&mut self, line: &str) -> Option<Fault> {
        if self.is_used_up() || !line.starts_with(&self.start) {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        self.times -= 1;
        Some(self.fault.clone())
    }
}

impl Fault {
    /// An answer of this status with a problem of the API's form; `code` is the number behind `ERR_NGROK_`.
    pub(crate) fn problem(status: u16, code: u16, message: &str) -> Self {
        let body = format!(
            "{{\"error_code\":\"ERR_NGROK_{code}\",\"status_code\":{status},\"msg\":{},\"details\":{{\"operation_id\":\"op_2rwwl4Y81Rw2C9CbleWWfl7v3Js\"}}}}",
            serde_json::Value::from(message)
        );
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Self::Answers { status, headers, body }
    }

    /// An answer of this status that is not one of the API's, but of something before it.
    pub(crate) fn gateway(status: u16) -> Self {
        let body = "<html><body>bad gateway</body></html>".to_owned();
        Self::Answers { status, headers: vec![("Content-Type", "text/html".to_owned())], body }
    }

    /// The same with one more header.
    pub(crate) fn with(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Answers { status, mut headers, body } => {
                headers.push((name, value.to_owned()));
                Self::Answers { status, headers, body }
            }
            other => panic!("{other:?} is no answer"),
        }
    }
}
