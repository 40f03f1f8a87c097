//! Names that a client asks a certificate for.

use std::fmt;
use std::net::IpAddr;

use certgate_facts::{Certificate, GeneralName};

use super::client::ClientKind;
use super::subject_names::{is_dns_name, is_public_suffix};

/// A name by which the other side is known (the reference identifier of RFC 9525 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceName {
    /// A DNS name in A-labels; without regard to case.
    Dns(String),
    /// A mailbox; its host without regard to case.
    Email(String),
    /// An address.
    Ip(IpAddr),
}

impl ReferenceName {
    /// Reads what somebody calls a host: an address, or a DNS name, which becomes A-labels in lower case; `*` may stand for
    /// its first label, and then exactly that wildcard is meant. `None` where it is neither.
    #[must_use]
    pub fn host(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::Ip(address));
        }
        let (wildcard, name) = match text.strip_prefix("*.") {
            Some(parent) => ("*.", parent),
            None => ("", text),
        };
        let name = idna::domain_to_ascii(name.strip_suffix('.').unwrap_or(name)).ok()?;
        is_dns_name(&name).then(|| Self::Dns(format!("{wildcard}{name}")))
    }

    /// The same for clients of one kind: only browsers mind registries; OpenSSL takes the common name where there is no DNS name.
    pub(super) fn is_covered_for(&self, kind: ClientKind, certificate: &Certificate) -> bool {
        let Self::Dns(host) = self else { return self.is_covered_by(certificate) };
        if kind == ClientKind::Browsers || host.parse::<IpAddr>().is_ok() {
            return self.is_covered_by(certificate);
        }
        let common_name = certificate.subject().first("CN").filter(|_| kind == ClientKind::OpenSsl);
        if let Some(name) = common_name.filter(|_| certificate.dns_names().next().is_none()) {
            let stands_for = |parent: &str| {
                let rest = host.split_once('.').map(|(_, rest)| rest);
                rest.is_some_and(|rest| rest.eq_ignore_ascii_case(parent))
            };
            return name.eq_ignore_ascii_case(host) || name.strip_prefix("*.").is_some_and(stands_for);
        }
        certificate.is_good_for(host)
    }

    /// Whether the certificate covers the name: a DNS name also by a `*` for exactly its first label, unless what follows
    /// is a name below which a registry hands out others (Baseline Requirements §3.2.2.6). The common name plays no part.
    #[must_use]
    pub fn is_covered_by(&self, certificate: &Certificate) -> bool {
        match self {
            Self::Dns(host) => {
                // An address written as a DNS name is asked for as an address.
                if host.parse::<IpAddr>().is_ok() || !certificate.is_good_for(host) {
                    return false;
                }
                let is_there = certificate.dns_names().any(|name| name.eq_ignore_ascii_case(host));
                is_there || host.split_once('.').is_some_and(|(_, parent)| !is_public_suffix(parent))
            }
            Self::Email(mailbox) => certificate
                .extensions()
                .subject_alternative_names()
                .iter()
                .any(|name| matches!(name, GeneralName::Email(known) if is_same_mailbox(known, mailbox))),
            Self::Ip(address) => certificate.ip_addresses().any(|known| known == *address),
        }
    }
}

/// Local parts are compared as they stand, hosts without regard to case (RFC 5280 §7.5).
pub(super) fn is_same_mailbox(one: &str, other: &str) -> bool {
    match (one.rsplit_once('@'), other.rsplit_once('@')) {
        (Some((local, host)), Some((other_local, other_host))) => {
            local == other_local && host.eq_ignore_ascii_case(other_host)
        }
        _ => false,
    }
}

impl fmt::Display for ReferenceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) | Self::Email(name) => f.write_str(name),
            Self::Ip(address) => write!(f, "{address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_addresses_or_names_in_a_labels() {
        let read = |text: &str| ReferenceName::host(text).map(|name| name.to_string());
        assert_eq!(read("Example.COM."), Some("example.com".to_owned()));
        assert_eq!(read("*.example.com"), Some("*.example.com".to_owned()));
        assert_eq!(read("zürich.example"), Some("xn--zrich-kva.example".to_owned()));
        assert_eq!(read("2001:DB8::1"), Some("2001:db8::1".to_owned()));
        for bad in ["", "https://example.com", "a b.example.com", "exa_mple.com", "*", "a.*.example.com"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
