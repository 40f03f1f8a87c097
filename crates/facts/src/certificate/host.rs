//! Which hosts a certificate is good for.

use std::net::IpAddr;

use super::Certificate;

impl Certificate {
    /// Whether a client that asks for `host` finds it among the alternative names (RFC 9525 §6): an address as an
    /// address, a name whatever its case; `*` stands for exactly one label, the first. The common name plays no part.
    ///
    /// A host that is a wildcard itself is found where the same one stands.
    #[must_use]
    pub fn is_good_for(&self, host: &str) -> bool {
        match host.parse::<IpAddr>() {
            Ok(address) => self.ip_addresses().any(|known| known == address),
            Err(_) => self.dns_names().any(|name| matches(name, host.strip_suffix('.').unwrap_or(host))),
        }
    }
}

fn matches(name: &str, host: &str) -> bool {
    let below = |parent: &str| {
        let (label, rest) = host.split_once('.')?;
        Some(!label.is_empty() && !label.contains('*') && rest.eq_ignore_ascii_case(parent))
    };
    name.eq_ignore_ascii_case(host) || name.strip_prefix("*.").and_then(below).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_stands_for_one_label() {
        for (name, host, expected) in [
            ("www.example.com", "www.example.com", true),
            ("www.example.com", "WWW.Example.COM", true),
            ("www.example.com", "example.com", false),
            ("*.example.com", "www.example.com", true),
            ("*.example.com", "*.example.com", true),
            ("*.example.com", "a.b.example.com", false),
            ("*.example.com", "example.com", false),
            ("*.example.com", ".example.com", false),
            ("*.example.com", "*.b.example.com", false),
            ("w*.example.com", "www.example.com", false),
            ("*.com", "*.example.com", false),
        ] {
            assert_eq!(matches(name, host), expected, "{name} {host}");
        }
    }
}
