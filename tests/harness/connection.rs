//! A connection to a server that is kept from one request to the next: a test may make thousands.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// A connection that is kept, as long as there is a server.
pub(crate) struct Connection {
    stream: TcpStream,
    head: String,
}

impl Connection {
    /// To an address, with an API key; nothing if nobody listens.
    pub(crate) fn open((address, key): &(String, String)) -> Option<Self> {
        let stream = TcpStream::connect(address).ok()?;
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let head = format!("Host: {address}\r\nAuthorization: Bearer {key}\r\nNgrok-Version: 2\r\n");
        Some(Self { stream, head })
    }

    /// Status and body of an answer; nothing if the connection ended before that was whole.
    pub(crate) fn ask(&mut self, line: &str, body: &str) -> Option<(String, String)> {
        let (head, length) = (&self.head, body.len());
        let content = match length {
            0 => String::new(),
            _ => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let request = format!("{line} HTTP/1.1\r\n{head}{content}\r\n{body}");
        self.stream.write_all(request.as_bytes()).ok()?;
        let (mut answer, mut buffer) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            let bytes = self.stream.read(&mut buffer).ok().filter(|bytes| *bytes > 0)?;
            answer.extend_from_slice(&buffer[..bytes]);
            let text = String::from_utf8_lossy(&answer);
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() == length.parse::<usize>().unwrap() {
                return Some((head.split(' ').nth(1).unwrap().to_owned(), body.to_owned()));
            }
        }
    }

    /// Creates something; its id comes back.
    pub(crate) fn create(&mut self, name: &str, body: &Value) -> Option<String> {
        let (status, json) = self.ask(&format!("POST /{name}"), &body.to_string())?;
        assert_eq!(status, "201", "{json}");
        Some(serde_json::from_str::<Value>(&json).unwrap()["id"].as_str().unwrap().to_owned())
    }

    /// The ids of all that is in a list.
    pub(crate) fn listed(&mut self, name: &str, origin: &str) -> BTreeSet<String> {
        let (mut ids, mut path) = (BTreeSet::new(), format!("/{name}"));
        loop {
            let (status, json) = self.ask(&format!("GET {path}"), "").unwrap();
            assert_eq!(status, "200", "{json}");
            let page: Value = serde_json::from_str(&json).unwrap();
            let id = |item: &Value| item["id"].as_str().unwrap().to_owned();
            ids.extend(page[name].as_array().unwrap().iter().map(id));
            let Some(next) = page["next_page_uri"].as_str() else { return ids };
            path = next.strip_prefix(origin).unwrap().to_owned();
        }
    }
}
