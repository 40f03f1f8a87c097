//! A server that is to serve a declared certificate, as it is typed.

use std::fmt;
use std::str::FromStr;

/// The port of HTTPS.
const PORT_DEFAULT: u16 = 443;

/// Where to connect, and what is expected there: `[NAME=]HOST[:PORT]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServedHost {
    /// The declaration, if it is named.
    pub(crate) name: Option<String>,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// A text that names no server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotAHost;

impl FromStr for ServedHost {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Self, NotAHost> {
        let (name, place) = match text.split_once('=') {
            Some((name, place)) => (Some(name.to_owned()), place),
            None => (None, text),
        };
        let in_brackets = place.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (host, port) = match in_brackets {
            Some((host, rest)) => (host, rest),
            // More than one colon: an address of IPv6 by itself.
            None if place.matches(':').count() > 1 => (place, ""),
            None => place.split_at(place.find(':').unwrap_or(place.len())),
        };
        let port = match port.strip_prefix(':') {
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(NotAHost)?,
            None if port.is_empty() => PORT_DEFAULT,
            None => return Err(NotAHost),
        };
        let is_odd = |letter: char| letter.is_whitespace() || letter.is_control() || "/@[]".contains(letter);
        match host.is_empty() || host.contains(is_odd) {
            true => Err(NotAHost),
            false => Ok(Self { name, host: host.to_owned(), port }),
        }
    }
}

impl fmt::Display for ServedHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(formatter, "[{}]:{}", self.host, self.port),
            false => write!(formatter, "{}:{}", self.host, self.port),
        }
    }
}

impl fmt::Display for NotAHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a server: expected HOST, HOST:PORT or NAME=HOST:PORT")
    }
}

impl std::error::Error for NotAHost {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_read_with_their_parts() {
        for (text, name, shown) in [
            ("www.example.com", None, "www.example.com:443"),
            ("www.example.com:8443", None, "www.example.com:8443"),
            ("www=192.0.2.1:8443", Some("www"), "192.0.2.1:8443"),
            ("2001:db8::1", None, "[2001:db8::1]:443"),
            ("www=[2001:db8::1]:8443", Some("www"), "[2001:db8::1]:8443"),
        ] {
            let served: ServedHost = text.parse().unwrap();
            assert_eq!((served.name.as_deref(), served.to_string().as_str()), (name, shown));
        }
        for bad in ["", "www=", ":443", "a:0", "a:99999", "a:b", "[::1", "[::1]x", "https://a", "a b"] {
            assert!(bad.parse::<ServedHost>().is_err(), "{bad}");
        }
    }
}
