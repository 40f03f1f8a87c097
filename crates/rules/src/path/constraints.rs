//! Name constraints (RFC 5280 §4.2.1.10, §6.1.4 g).

use std::net::IpAddr;

use certgate_facts::{Certificate, GeneralName, Name, NameConstraints};

use super::budget::{Budget, Exhausted};
use super::fault::PathReason;
use super::host::is_same_mailbox;
use super::subject_names::{is_dns_name, is_mailbox};

/// emailAddress (RFC 2985), which stands for an alternative name where there is none of that kind (RFC 5280
/// §4.2.1.10).
const EMAIL_ADDRESS: &str = "emailAddress";

/// The first constraint that is no name of its kind.
pub(super) fn malformed(constraints: &NameConstraints) -> Option<PathReason> {
    let all = constraints.permitted.iter().chain(&constraints.excluded);
    if constraints.permitted.is_empty() && constraints.excluded.is_empty() {
        return Some(PathReason::NameConstraintsEmpty);
    }
    all.into_iter().find(|tree| !is_tree(tree)).map(|tree| PathReason::ConstraintMalformed(tree.to_string()))
}

fn is_tree(tree: &GeneralName) -> bool {
    match tree {
        GeneralName::Dns(name) => name.is_empty() || is_dns_name(name),
        GeneralName::Email(tree) if tree.contains('@') => is_mailbox(tree),
        GeneralName::Email(tree) | GeneralName::Uri(tree) => {
            is_dns_name(tree.strip_prefix('.').unwrap_or(tree))
        }
        GeneralName::IpRange(_, mask) => is_prefix(*mask),
        GeneralName::Ip(_) => false,
        _ => true,
    }
}

/// Whether a mask is ones and then zeros.
fn is_prefix(mask: IpAddr) -> bool {
    match mask {
        IpAddr::V4(mask) => mask.to_bits().leading_ones() + mask.to_bits().trailing_zeros() >= 32,
        IpAddr::V6(mask) => mask.to_bits().leading_ones() + mask.to_bits().trailing_zeros() >= 128,
    }
}

/// The first name of the certificate that the constraints do not let pass.
pub(super) fn reason(
    constraints: &NameConstraints,
    certificate: &Certificate,
    budget: &mut Budget,
) -> Result<Option<PathReason>, Exhausted> {
    let trees = constraints.permitted.len() + constraints.excluded.len();
    for name in names_of(certificate) {
        budget.name_comparisons(trees)?;
        if let Some(reason) = reason_for(constraints, &name) {
            return Ok(Some(reason));
        }
    }
    Ok(None)
}

/// Every name that constraints are about: the subject where it is not empty, and the alternative names.
fn names_of(certificate: &Certificate) -> Vec<GeneralName> {
    let alternative = certificate.extensions().subject_alternative_names();
    let mut names = alternative.to_vec();
    if !alternative.iter().any(|name| matches!(name, GeneralName::Email(_))) {
        names.extend(
            certificate.subject().first(EMAIL_ADDRESS).map(|email| GeneralName::Email(email.to_owned())),
        );
    }
    if !certificate.subject().attributes().is_empty() {
        names.push(GeneralName::Directory(certificate.subject().clone()));
    }
    names
}

fn reason_for(constraints: &NameConstraints, name: &GeneralName) -> Option<PathReason> {
    for tree in &constraints.excluded {
        match lies_in(name, tree) {
            Within::No | Within::AnotherKind => {}
            Within::Yes | Within::Partly => {
                return Some(PathReason::NameExcluded { name: name.to_string(), by: tree.to_string() });
            }
            Within::Unknown => return Some(PathReason::ConstraintUnsupported(name.to_string())),
        }
    }
    let mut is_constrained = false;
    for tree in &constraints.permitted {
        match lies_in(name, tree) {
            Within::AnotherKind => {}
            Within::No | Within::Partly => is_constrained = true,
            Within::Yes => return None,
            Within::Unknown => return Some(PathReason::ConstraintUnsupported(name.to_string())),
        }
    }
    is_constrained.then(|| PathReason::NameNotPermitted(name.to_string()))
}

enum Within {
    AnotherKind,
    No,
    /// Of the names that a wildcard stands for, some do.
    Partly,
    /// No way to compare the two is known.
    Unknown,
    Yes,
}

impl From<bool> for Within {
    fn from(is_within: bool) -> Self {
        if is_within { Self::Yes } else { Self::No }
    }
}

fn lies_in(name: &GeneralName, tree: &GeneralName) -> Within {
    match (name, tree) {
        (GeneralName::Dns(name), GeneralName::Dns(tree)) => dns_lies_in(name, tree),
        (GeneralName::Ip(address), GeneralName::IpRange(network, mask)) => {
            ip_lies_in(*address, *network, *mask)
        }
        (GeneralName::Email(mailbox), GeneralName::Email(tree)) => email_lies_in(mailbox, tree).into(),
        (GeneralName::Uri(uri), GeneralName::Uri(tree)) => match host_of(uri) {
            Some(host) => host_lies_in(host, tree).into(),
            None => Within::Unknown,
        },
        (GeneralName::Directory(name), GeneralName::Directory(tree)) => directory_lies_in(name, tree),
        (GeneralName::Other(kind), GeneralName::Other(other)) if kind == other => Within::Unknown,
        _ => Within::AnotherKind,
    }
}

/// A name lies below itself and below any of its parents. A dot in front, which RFC 5280 does not know and some root has,
/// leaves out the name itself.
fn dns_lies_in(name: &str, tree: &str) -> Within {
    if tree.is_empty() {
        return Within::Yes;
    }
    if let Some(parent) = tree.strip_prefix('.') {
        return (is_below(name, parent) && !name.eq_ignore_ascii_case(parent)).into();
    }
    match name.strip_prefix("*.") {
        None => is_below(name, tree).into(),
        Some(parent) if is_below(parent, tree) => Within::Yes,
        // `*.example.com` stands for `bar.example.com` too, and that lies in the tree `bar.example.com`.
        Some(parent) if is_child(tree, parent) => Within::Partly,
        Some(_) => Within::No,
    }
}

fn is_below(name: &str, tree: &str) -> bool {
    let start = name.len().checked_sub(tree.len());
    start.and_then(|start| name.get(start..)).is_some_and(|end| end.eq_ignore_ascii_case(tree))
        && start.is_some_and(|start| start == 0 || name.as_bytes()[start - 1] == b'.')
}

fn is_child(name: &str, parent: &str) -> bool {
    name.split_once('.').is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(parent))
}

fn ip_lies_in(address: IpAddr, network: IpAddr, mask: IpAddr) -> Within {
    match (address, network, mask) {
        (IpAddr::V4(address), IpAddr::V4(network), IpAddr::V4(mask)) => {
            (address.to_bits() & mask.to_bits() == network.to_bits() & mask.to_bits()).into()
        }
        (IpAddr::V6(address), IpAddr::V6(network), IpAddr::V6(mask)) => {
            (address.to_bits() & mask.to_bits() == network.to_bits() & mask.to_bits()).into()
        }
        // Addresses are one kind of name (RFC 5280 §4.2.1.10): where only the other family is permitted, none is.
        _ => Within::No,
    }
}

/// A mailbox, all mailboxes of a host, or with a dot in front all of the hosts below it.
fn email_lies_in(mailbox: &str, tree: &str) -> bool {
    if tree.contains('@') {
        return is_same_mailbox(mailbox, tree);
    }
    mailbox.rsplit_once('@').is_some_and(|(_, host)| host_lies_in(host, tree))
}

/// A host, or with a dot in front all hosts below it and not itself.
fn host_lies_in(host: &str, tree: &str) -> bool {
    match tree.strip_prefix('.') {
        Some(parent) => is_below(host, parent) && host.len() > parent.len(),
        None => host.eq_ignore_ascii_case(tree),
    }
}

/// The host of a URI; `None` where it has none, or an address, which constraints do not speak of.
fn host_of(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (is_dns_name(host) && host.parse::<IpAddr>().is_err()).then_some(host)
}

fn directory_lies_in(name: &Name, tree: &Name) -> Within {
    name.is_within(tree).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(within: &Within) -> &'static str {
        match within {
            Within::AnotherKind => "another kind",
            Within::No => "no",
            Within::Partly => "partly",
            Within::Unknown => "unknown",
            Within::Yes => "yes",
        }
    }

    #[test]
    fn a_dns_name_lies_in_itself_and_its_parents() {
        for (name, tree, expected) in [
            ("example.com", "example.com", "yes"),
            ("WWW.Example.com", "example.COM", "yes"),
            ("a.b.example.com", "example.com", "yes"),
            ("notexample.com", "example.com", "no"),
            ("com", "example.com", "no"),
            ("example.com", "", "yes"),
            ("*.example.com", "example.com", "yes"),
            ("*.example.com", "bar.example.com", "partly"),
            ("*.example.com", "foo.bar.example.com", "no"),
            ("*.example.com", "example.org", "no"),
            ("example.com.tr", ".tr", "yes"),
            ("tr", ".tr", "no"),
            ("example.org", ".tr", "no"),
        ] {
            assert_eq!(word(&dns_lies_in(name, tree)), expected, "{name} in {tree}");
        }
    }

    #[test]
    fn a_mailbox_is_constrained_by_itself_its_host_or_a_domain_above() {
        for (mailbox, tree, expected) in [
            ("a@example.com", "a@EXAMPLE.com", true),
            ("A@example.com", "a@example.com", false),
            ("a@example.com", "example.com", true),
            ("a@mail.example.com", "example.com", false),
            ("a@mail.example.com", ".example.com", true),
            ("a@example.com", ".example.com", false),
        ] {
            assert_eq!(email_lies_in(mailbox, tree), expected, "{mailbox} in {tree}");
        }
    }

    #[test]
    fn a_uri_is_constrained_by_its_host() {
        for (uri, host) in [
            ("https://www.example.com/path", Some("www.example.com")),
            ("https://user@www.example.com:8443?query", Some("www.example.com")),
            ("https://192.0.2.1/", None),
            ("https://[2001:db8::1]/", None),
            ("urn:uuid:1", None),
        ] {
            assert_eq!(host_of(uri), host, "{uri}");
        }
        assert!(host_lies_in("www.example.com", ".example.com"));
        assert!(!host_lies_in("www.example.com", "example.com"));
        assert!(!host_lies_in("example.com", ".example.com"));
    }

    #[test]
    fn addresses_are_compared_under_the_mask_and_within_their_family() {
        let lies_in = |address: &str, network: &str, mask: &str| {
            let parsed = |text: &str| text.parse::<IpAddr>().unwrap();
            word(&ip_lies_in(parsed(address), parsed(network), parsed(mask)))
        };
        assert_eq!(lies_in("192.0.2.77", "192.0.2.0", "255.255.255.0"), "yes");
        assert_eq!(lies_in("192.0.3.77", "192.0.2.0", "255.255.255.0"), "no");
        assert_eq!(lies_in("2001:db8::1", "2001:db8::", "ffff:ffff::"), "yes");
        assert_eq!(lies_in("2001:db9::1", "2001:db8::", "ffff:ffff::"), "no");
        assert_eq!(lies_in("2001:db8::1", "0.0.0.0", "0.0.0.0"), "no");
    }

    #[test]
    fn a_mask_is_ones_and_then_zeros() {
        for (mask, expected) in [
            ("255.255.255.0", true),
            ("0.0.0.0", true),
            ("255.255.255.255", true),
            ("255.0.255.0", false),
            ("0.255.255.255", false),
            ("ffff::", true),
            ("::ffff", false),
        ] {
            assert_eq!(is_prefix(mask.parse().unwrap()), expected, "{mask}");
        }
    }
}
