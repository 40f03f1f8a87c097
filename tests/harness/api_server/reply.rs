//! A response on its way out.

use std::io::Write;

/// Status, headers, body.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Reply {
    pub(super) fn json(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// 204.
    pub(super) fn nothing() -> Self {
        Self { status: 204, headers: Vec::new(), body: String::new() }
    }

    /// Sets a header, in place of one of the same name.
    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// All but the body.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        write!(head, "HTTP/1.1 {} Scripted\r\n", self.status).unwrap();
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        // A length is not allowed where there is never a body.
        if self.status != 204 {
            write!(head, "Content-Length: {}\r\n", self.body.len()).unwrap();
        }
        head.extend_from_slice(b"\r\n");
        head
    }
}
