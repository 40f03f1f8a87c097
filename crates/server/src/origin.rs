//! Where clients reach the server: what URIs in answers begin with.
//!
//! Clients follow `next_page_uri` with their key. So it is made of what this client asked, or of what whoever runs the server
//! said, and of nothing that a proxy may have put into a header.

use std::fmt;
use std::str::FromStr;

use axum::http::header::HOST;
use axum::http::{HeaderMap, Uri};

use crate::problem::Refusal;

/// Most bytes of a host with its port.
const HOST_BYTES_MAX: usize = 255 + 6;

/// What URIs in answers begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The host that the request was sent to; `https` if this server speaks TLS itself.
    Asked {
        /// Whether connections are encrypted.
        is_tls: bool,
    },
    /// Always this one: that of a proxy in front.
    Public(PublicUrl),
}

/// `https://` or `http://`, a host, and a port if need be. No path: some clients lose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// A text that is no [`PublicUrl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicUrlError {
    /// It begins with something else.
    Scheme,
    /// There is a path, a query, or a fragment.
    Path,
    /// There is no host, or one that has what hosts have not; or the port is none.
    Host,
}

impl fmt::Display for PublicUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Scheme => "it begins with neither `https://` nor `http://`",
            Self::Path => {
                "it has a path, and the API is served at the root: end it behind the host or the port"
            }
            Self::Host => "it has no host that reads: write `https://HOST` or `https://HOST:PORT`",
        })
    }
}

impl std::error::Error for PublicUrlError {}

impl FromStr for PublicUrl {
    type Err = PublicUrlError;

    fn from_str(text: &str) -> Result<Self, PublicUrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(PublicUrlError::Scheme)?;
        let scheme = scheme.to_ascii_lowercase();
        if !["http", "https"].contains(&scheme.as_str()) {
            return Err(PublicUrlError::Scheme);
        }
        let host = rest.strip_suffix('/').unwrap_or(rest);
        if host.contains(['/', '?', '#']) {
            return Err(PublicUrlError::Path);
        }
        // Browsers leave it out of what they call an origin.
        let port = if scheme == "https" { ":443" } else { ":80" };
        match is_host(host) {
            true => {
                let host = host.strip_suffix(port).unwrap_or(host);
                Ok(Self(format!("{scheme}://{}", host.to_ascii_lowercase())))
            }
            false => Err(PublicUrlError::Host),
        }
    }
}

impl Origin {
    /// What URIs in the answer to a request begin with.
    pub(crate) fn of(&self, uri: &Uri, headers: &HeaderMap) -> Result<String, Refusal> {
        let mut hosts = headers.get_all(HOST).iter();
        let first = hosts.next().map(|host| host.to_str().unwrap_or_default());
        if hosts.next().is_some() {
            return Err(Refusal::coded(213, "there are several Host headers; send one"));
        }
        if first.is_some_and(|host| !is_host(host)) {
            return Err(Refusal::coded(213, "the Host header is no host"));
        }
        let is_tls = match self {
            Self::Public(url) => return Ok(url.0.clone()),
            Self::Asked { is_tls } => *is_tls,
        };
        // A target that says where it is outranks the header (RFC 9112, 3.2.2).
        let host = uri.authority().map(|authority| authority.as_str()).or(first);
        let host = host.filter(|host| is_host(host)).ok_or_else(|| {
            Refusal::coded(213, "the request does not say which host it is for; send a Host header")
        })?;
        Ok(format!("{}://{host}", if is_tls { "https" } else { "http" }))
    }
}

/// Whether a text is a host, with a port or without: nothing in it needs an escape in JSON.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_name = |host: &str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
    };
    let is_address = |host: &str| host.parse::<std::net::Ipv6Addr>().is_ok();
    let has_host = match host.strip_prefix('[').map(|host| host.strip_suffix(']')) {
        Some(inner) => inner.is_some_and(is_address),
        None => is_name(host),
    };
    let has_port = port.is_none_or(|port| {
        port.bytes().all(|digit| digit.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    text.len() <= HOST_BYTES_MAX && has_host && has_port
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(uri: &str, hosts: &[&'static str], is_tls: bool) -> Result<String, Option<u16>> {
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(HOST, HeaderValue::from_static(host));
        }
        let origin = Origin::Asked { is_tls };
        origin.of(&uri.parse().unwrap(), &headers).map_err(|refusal| refusal.code())
    }

    #[test]
    fn the_origin_is_where_the_request_was_sent() {
        assert_eq!(asked("/x", &["a.example:81"], false).unwrap(), "http://a.example:81");
        assert_eq!(asked("/x", &["[::1]:81"], true).unwrap(), "https://[::1]:81");
        assert_eq!(asked("http://b.example/x", &["a.example"], true).unwrap(), "https://b.example");
        assert_eq!(asked("http://b.example:1/x", &[], false).unwrap(), "http://b.example:1");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for hosts in [
            &[][..],
            &[""],
            &["a", "a"],
            &["a\"b"],
            &["u@a"],
            &["a:"],
            &["a:0"],
            &["a:65536"],
            &["[::g]"],
            &["::1"],
        ] {
            assert_eq!(asked("/x", hosts, false), Err(Some(213)), "{hosts:?}");
        }
        assert_eq!(asked("http://u@b.example/x", &["a"], false), Err(Some(213)));
        assert_eq!(asked("/x", &["a", "a"], false), Err(Some(213)));
    }

    #[test]
    fn a_public_url_has_a_scheme_and_a_host_and_nothing_else() {
        let read = |text: &str| text.parse::<PublicUrl>();
        for good in
            ["https://API.example", "https://api.example/", "HTTPS://api.example", "https://api.example:443"]
        {
            assert_eq!(read(good).unwrap().0, "https://api.example", "{good}");
        }
        for (text, due) in [
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://[::1]:80", "http://[::1]"),
            ("https://[::443]", "https://[::443]"),
            ("https://api.example:80", "https://api.example:80"),
            ("https://api.example:8443", "https://api.example:8443"),
        ] {
            assert_eq!(read(text).unwrap().0, due, "{text}");
        }
        for (bad, error) in [
            ("", PublicUrlError::Scheme),
            ("api.example", PublicUrlError::Scheme),
            ("ftp://api.example", PublicUrlError::Scheme),
            ("https://api.example/v1", PublicUrlError::Path),
            ("https://api.example?x", PublicUrlError::Path),
            ("https://", PublicUrlError::Host),
            ("https://user:pass@api.example", PublicUrlError::Host),
            ("https://api.example:x", PublicUrlError::Host),
            ("https://a b", PublicUrlError::Host),
        ] {
            assert_eq!(read(bad), Err(error), "{bad}");
        }
    }

    #[test]
    fn behind_a_proxy_the_origin_is_the_proxys_whatever_is_asked() {
        let origin = Origin::Public("https://api.example".parse().unwrap());
        let mut headers = HeaderMap::new();
        assert_eq!(origin.of(&Uri::from_static("/x"), &headers).unwrap(), "https://api.example");
        headers.insert(HOST, HeaderValue::from_static("inside:4180"));
        assert_eq!(origin.of(&Uri::from_static("http://evil/x"), &headers).unwrap(), "https://api.example");
    }
}
