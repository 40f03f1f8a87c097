//! A request in its parts, each of which can be spoiled.

use certgate_api::Route;
use serde_json::{Value, json};

use super::Seeded;
use crate::harness::Served;

/// Texts for where texts are.
const TEXTS: [&str; 16] = [
    "",
    " ",
    "\0",
    "a\0b",
    "\u{feff}",
    "\u{202e}x",
    "\u{1f600}",
    "'; drop table resource; --",
    "../../etc/passwd",
    "%s%n",
    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
    "-----BEGIN CERTIFICATE-----\nMIIB////\n-----END CERTIFICATE-----",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59:59-23:59",
];
/// JSON that no field is made for.
const VALUES: [&str; 18] = [
    "null",
    "true",
    "-1",
    "0.1e-400",
    "1e400",
    "18446744073709551616",
    "-0",
    "[]",
    "{}",
    "[[]]",
    "[null]",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\t\"",
    "{\"a\":{\"a\":1}}",
    "NaN",
    "\"unended",
];
/// Paths below a collection.
const ENDS: [&str; 14] = [
    "/%00",
    "/%ff",
    "/%c3%28",
    "/..",
    "/../..",
    "/%2e%2e%2f",
    "/a/b",
    "/",
    "//",
    "/%",
    "/%zz",
    "/x%20y",
    "/*",
    "/{id}",
];
const QUERIES: [&str; 18] = [
    "?",
    "?&",
    "?=",
    "?limit",
    "?limit=",
    "?limit=-1",
    "?limit=1e3",
    "?limit=99999999999999999999999",
    "?limit=%00",
    "?before_id=%ff",
    "?before_id=%00",
    "?limit=1&limit=1",
    "?%ff=1",
    "?filter=%00",
    "?filter=((((",
    "?filter=obj.id==1e999",
    "?a[]=1&a[]=2",
    "?before_id=_",
];
/// A filter that nothing is wrong with, and pieces of others, to be had over and over.
const FILTER: &str =
    "obj.id == \"x\" && !(obj.created_at < timestamp(\"2025-01-01T00:00:00Z\") || obj.metadata in [\"a\"])";
const FILTERS: [&str; 14] = [
    "(",
    "!",
    "-",
    "[",
    "{",
    "\"",
    "obj.",
    "size(",
    " && ",
    "obj.id in [",
    "1 + ",
    "x ? ",
    "\\",
    "\u{1f600}",
];
const HEADERS: [&[u8]; 14] = [
    b"Authorization: Bearer \xff\xfe",
    b"Authorization: Basic ////",
    b"Authorization:",
    b"Ngrok-Version: 2\xc3",
    b"Ngrok-Version: 99999999999999999999",
    b"Content-Type: application/json; charset=\xff",
    b"Content-Type: multipart/form-data; boundary=x",
    b"Host: \xff",
    b"Host: a b",
    b"Host:",
    b"Origin: \xff\xfe",
    b"Content-Length: 18446744073709551616",
    b"Transfer-Encoding: gzip, chunked",
    b"Expect: 200-ok",
];

/// The parts.
pub(super) struct Request {
    method: &'static str,
    target: Vec<u8>,
    headers: Vec<Vec<u8>>,
    body: Vec<u8>,
    /// What the body is said to have, if that is not what it has.
    announced: Option<usize>,
    is_chunked: bool,
}

impl Request {
    /// One that nothing is wrong with.
    pub(super) fn sound(served: &Served, route: Route, id: &str, create: &Value) -> Self {
        let body = match route.method() {
            "POST" => create.to_string(),
            "PATCH" => json!({ "description": "d", "metadata": "m" }).to_string(),
            _ => String::new(),
        };
        // What is deleted is not there for those that come after it.
        let id = if route.method() == "DELETE" {
            format!("{}_2rwwl6y1UCOM1WjSQhSj2VPegVh", route.collection.prefix)
        } else {
            id.to_owned()
        };
        let headers = [
            format!("Host: {}", served.origin.trim_start_matches("http://")),
            format!("Authorization: Bearer {}", served.key),
            "Ngrok-Version: 2".to_owned(),
            "Content-Type: application/json".to_owned(),
        ];
        Self {
            method: route.method(),
            target: route.path(&id).into_bytes(),
            headers: headers.map(String::into_bytes).to_vec(),
            body: body.into_bytes(),
            announced: None,
            is_chunked: false,
        }
    }

    /// With something wrong in one part of it, or in two.
    pub(super) fn spoiled(mut self, seeded: &mut Seeded) -> Self {
        for _ in 0..=seeded.below(2) {
            match seeded.below(if self.body.is_empty() { 3 } else { 9 }) {
                0 => self.spoil_path(seeded),
                1 => self.spoil_query(seeded),
                2 => self.spoil_headers(seeded),
                3 => self.announced = Some(seeded.below(2 * self.body.len() + 2)),
                4 => self.is_chunked = true,
                5 => self.body = seeded.mangled(&self.body),
                _ => self.spoil_field(seeded),
            }
        }
        self
    }

    fn spoil_path(&mut self, seeded: &mut Seeded) {
        match seeded.below(4) {
            0 => self.target.extend(seeded.one_of(&ENDS).bytes()),
            1 => self.target.extend(std::iter::repeat_n(b'x', 1 + seeded.below(20_000))),
            // A space or a line feed would be another request.
            2 => {
                self.target =
                    seeded.mangled(&self.target).into_iter().filter(|byte| !b" \r\n".contains(byte)).collect()
            }
            _ => self.target.extend([0xff, 0xc3, 0x28]),
        }
        if !self.target.starts_with(b"/") {
            self.target.insert(0, b'/');
        }
    }

    fn spoil_query(&mut self, seeded: &mut Seeded) {
        if seeded.below(2) == 0 {
            return self.target.extend(seeded.one_of(&QUERIES).bytes());
        }
        let filter = match seeded.below(3) {
            0 => seeded.one_of(&FILTERS).repeat(1 + seeded.below(2_000)).into_bytes(),
            1 => seeded.mangled(FILTER.as_bytes()),
            _ => [FILTER, seeded.one_of(&FILTERS), FILTER].concat().into_bytes(),
        };
        let encoded: String = filter.iter().map(|byte| format!("%{byte:02x}")).collect();
        self.target.extend(format!("?filter={encoded}").bytes());
    }

    fn spoil_headers(&mut self, seeded: &mut Seeded) {
        match seeded.below(4) {
            0 => drop(self.headers.remove(seeded.below(self.headers.len()))),
            1 => self.headers.push([b"X: ".as_slice(), &vec![b'x'; seeded.below(40_000)]].concat()),
            2 => {
                let again = self.headers[seeded.below(self.headers.len())].clone();
                self.headers.push(again);
            }
            _ => {
                let header = seeded.one_of(&HEADERS);
                let name = header.split(|byte| *byte == b':').next().unwrap();
                self.headers.retain(|other| !other.starts_with(name));
                self.headers.push(header.to_vec());
            }
        }
    }

    /// Another value in a field, another field, or the same one twice.
    fn spoil_field(&mut self, seeded: &mut Seeded) {
        let Ok(Value::Object(fields)) = serde_json::from_slice(&self.body) else { return };
        let names: Vec<&str> = fields.keys().map(String::as_str).collect();
        let name = if names.is_empty() || seeded.below(4) == 0 {
            "metadata"
        } else {
            names[seeded.below(names.len())]
        };
        let value = match seeded.below(6) {
            0 => Value::from(seeded.one_of(&TEXTS)).to_string(),
            1 => Value::from("x".repeat(seeded.below(200_000))).to_string(),
            2 => "[".repeat(1 + seeded.below(50_000)),
            3 => "9".repeat(1 + seeded.below(5_000)),
            4 => {
                let text = fields.get(name).and_then(Value::as_str).unwrap_or_default();
                Value::from(String::from_utf8_lossy(&seeded.mangled(text.as_bytes())).as_ref()).to_string()
            }
            _ => seeded.one_of(&VALUES).to_owned(),
        };
        let others = fields.iter().filter(|(other, _)| *other != name || seeded.below(8) == 0);
        let fields: Vec<String> =
            others.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
        let separator = if fields.is_empty() { "" } else { "," };
        self.body = format!("{{{}{separator}{}:{value}}}", fields.join(","), Value::from(name)).into_bytes();
    }

    /// Whether it ends before it is said to, or elsewhere.
    pub(super) fn is_cut(&self) -> bool {
        self.announced.is_some() || self.headers.iter().any(|header| header.starts_with(b"Transfer-Encoding"))
    }

    /// As it goes over the wire.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes =
            [self.method.as_bytes(), b" ", &self.target, b" HTTP/1.1\r\nConnection: close\r\n"].concat();
        for header in &self.headers {
            bytes.extend([header, b"\r\n".as_slice()].concat());
        }
        let mut body = self.body.clone();
        if self.is_chunked {
            bytes.extend(b"Transfer-Encoding: chunked\r\n");
            let announced = self.announced.unwrap_or(body.len());
            body = [format!("{announced:x}\r\n").as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
        } else if !body.is_empty() {
            bytes.extend(format!("Content-Length: {}\r\n", self.announced.unwrap_or(body.len())).bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(body);
        bytes
    }
}
