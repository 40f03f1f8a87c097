//! Where the API is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use http::Uri;

/// The public API.
pub const PUBLIC_API_URL: &str = "https://api.ngrok.com";

/// Where the API is: scheme, host, port, and a path in front of all others if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiUrl {
    is_encrypted: bool,
    /// Lower case; an IPv6 address has its brackets.
    host: String,
    port: u16,
    /// Empty, or begins with `/` and does not end with it.
    prefix: String,
}

/// Why a text is no address that requests may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiUrlError {
    /// It is no URL with scheme and host.
    NotAUrl,
    /// Its scheme is neither `https` nor `http`.
    Scheme,
    /// It is `http`, and the host is another machine: the key would go there for everyone on the way to read.
    Unencrypted,
    /// It has a user name, a query or a fragment.
    Extra,
}

impl ApiUrl {
    /// An address; `http` is for this very machine.
    ///
    /// # Errors
    /// [`ApiUrlError`] for a text that is no such address.
    pub fn new(text: &str) -> Result<Self, ApiUrlError> {
        let url = Self::even_if_everyone_on_the_way_can_read_the_key(text)?;
        if !url.is_encrypted && !url.is_loopback() {
            return Err(ApiUrlError::Unencrypted);
        }
        Ok(url)
    }

    /// An address, be it of another machine and not encrypted: whoever is on the way reads the API key and the private
    /// keys of certificates.
    ///
    /// # Errors
    /// [`ApiUrlError`], but for [`ApiUrlError::Unencrypted`].
    pub fn even_if_everyone_on_the_way_can_read_the_key(text: &str) -> Result<Self, ApiUrlError> {
        if text.contains(['#', '?', '@']) {
            return Err(ApiUrlError::Extra);
        }
        let uri: Uri = text.parse().map_err(|_| ApiUrlError::NotAUrl)?;
        let (scheme, host) = (uri.scheme_str(), uri.host().unwrap_or_default());
        if host.is_empty() || !is_plain(host) {
            return Err(ApiUrlError::NotAUrl);
        }
        let (is_encrypted, usual_port) = match scheme {
            Some("https") => (true, 443),
            Some("http") => (false, 80),
            _ => return Err(ApiUrlError::Scheme),
        };
        Ok(Self {
            is_encrypted,
            host: host.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(usual_port),
            prefix: uri.path().trim_end_matches('/').to_owned(),
        })
    }

    /// Whether the host is this machine, by its name or address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
        self.host == "localhost" || address.parse().is_ok_and(is_loopback)
    }

    /// Whether requests are encrypted on their way.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// The whole address of a target: a path from the API's root on, with its query.
    #[must_use]
    pub fn join(&self, target: &str) -> String {
        format!("{self}{target}")
    }

    /// The target that an address from an answer means; `None` where it leads to another scheme, host, port or path:
    /// the key is not for those.
    pub(crate) fn target_of(&self, address: &str) -> Option<String> {
        let uri: Uri = address.parse().ok()?;
        let without_path = Self::even_if_everyone_on_the_way_can_read_the_key(&format!(
            "{}://{}",
            uri.scheme_str()?,
            uri.authority()?
        ))
        .ok()?;
        let is_same = Self { prefix: String::new(), ..self.clone() } == without_path;
        let target = uri.path_and_query()?.as_str().strip_prefix(self.prefix.as_str())?;
        (is_same && target.starts_with('/')).then(|| target.to_owned())
    }
}

/// Whether all readers of URLs agree on a host: letters, digits, `-`, `.` and `_`, or an address in brackets.
fn is_plain(host: &str) -> bool {
    let is_name = |host: &str| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
    };
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => is_name(host),
    }
}

impl FromStr for ApiUrl {
    type Err = ApiUrlError;

    fn from_str(text: &str) -> Result<Self, ApiUrlError> {
        Self::new(text)
    }
}

impl fmt::Display for ApiUrl {
    /// Without a slash at the end, and without the port that the scheme implies.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual_port) = if self.is_encrypted { ("https", 443) } else { ("http", 80) };
        write!(formatter, "{scheme}://{}", self.host)?;
        if self.port != usual_port {
            write!(formatter, ":{}", self.port)?;
        }
        formatter.write_str(&self.prefix)
    }
}

impl fmt::Display for ApiUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotAUrl => "not an address of an API: expected one such as https://api.ngrok.com",
            Self::Scheme => "an address of an API begins with https://, or with http:// on this machine",
            Self::Unencrypted => {
                "http:// to another machine shows the API key to everyone on the way: use https://"
            }
            Self::Extra => "an address of an API has no user name, query or fragment",
        })
    }
}

impl std::error::Error for ApiUrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Result<String, ApiUrlError> {
        ApiUrl::new(text).map(|url| url.to_string())
    }

    #[test]
    fn an_address_is_written_in_one_way() {
        for (text, written) in [
            ("https://api.ngrok.com", "https://api.ngrok.com"),
            ("https://API.ngrok.com:443/", "https://api.ngrok.com"),
            ("https://api.example:8443//", "https://api.example:8443"),
            ("https://api.example/gate/v2/", "https://api.example/gate/v2"),
            ("http://localhost:80", "http://localhost"),
            ("http://127.8.0.1:8080", "http://127.8.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://[::ffff:127.0.0.1]:8080", "http://[::ffff:127.0.0.1]:8080"),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(written));
        }
        let url = ApiUrl::new("https://api.example/gate/").unwrap();
        assert_eq!(
            url.join("/tls_certificates?limit=1"),
            "https://api.example/gate/tls_certificates?limit=1"
        );
    }

    #[test]
    fn what_is_no_address_says_why() {
        for text in ["", "https://", "https:///x", "https://a b", "https://[::1", "https://a%6d.example"] {
            assert_eq!(shown(text), Err(ApiUrlError::NotAUrl), "{text}");
        }
        for text in ["ftp://api.example", "api.ngrok.com"] {
            assert_eq!(shown(text), Err(ApiUrlError::Scheme), "{text}");
        }
        for text in ["https://user@api.example", "https://api.example?x=1", "https://api.example/#x"] {
            assert_eq!(shown(text), Err(ApiUrlError::Extra), "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_spoken_with_in_the_clear() {
        for text in ["http://api.ngrok.com", "http://localhost.example", "http://128.0.0.1", "http://[::2]"] {
            assert_eq!(shown(text), Err(ApiUrlError::Unencrypted));
            ApiUrl::even_if_everyone_on_the_way_can_read_the_key(text).unwrap();
        }
    }

    #[test]
    fn a_target_is_told_from_addresses_elsewhere() {
        let url = ApiUrl::new("https://api.example/gate").unwrap();
        assert_eq!(url.target_of("https://api.example/gate/x?y=1").as_deref(), Some("/x?y=1"));
        for address in [
            "https://api.example/x",
            "https://api.example/gateway/x",
            "https://api.example/gate",
            "https://api.example",
        ] {
            assert_eq!(url.target_of(address), None, "{address}");
        }
    }
}
