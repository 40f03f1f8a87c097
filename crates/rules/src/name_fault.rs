//! DNS names of a certificate that are none.

use std::net::IpAddr;

use certgate_facts::Certificate;

use crate::path::{LABEL_MAX, NAME_MAX, is_dns_name};

/// What is wrong with the form of a name that stands among the DNS names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NameFault {
    /// It is an address.
    Address,
    /// It is no DNS name (RFC 5280 §4.2.1.6): why, in words.
    Malformed(String),
    /// It would be one but for its underscores.
    Underscore,
    /// It has a `*` that is not the whole of its first label.
    Wildcard,
}

impl NameFault {
    /// The one fault of a name that counts most; `None` of a sound one.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let host = name.strip_prefix("*.").unwrap_or(name);
        let unbracketed = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
        if host.contains('*') {
            Some(Self::Wildcard)
        } else if unbracketed.parse::<IpAddr>().is_ok() {
            Some(Self::Address)
        } else if is_dns_name(host) {
            let label = host.split('.').find(|label| is_bad_a_label(label))?;
            Some(Self::Malformed(format!("`{label}` stands for no international label")))
        } else if host.contains('_') && is_dns_name(&host.replace('_', "a")) {
            Some(Self::Underscore)
        } else {
            Some(Self::Malformed(reason(host)))
        }
    }

    /// The DNS names of a leaf that have a fault.
    pub(crate) fn all_of(leaf: &Certificate) -> impl Iterator<Item = (&str, Self)> {
        leaf.dns_names().filter_map(|name| Some((name, Self::of(name)?)))
    }
}

/// Whether it looks like an A-label (RFC 5890 §2.3.2.1) and cannot be turned into letters.
fn is_bad_a_label(label: &str) -> bool {
    let is_prefixed = label.get(..4).is_some_and(|prefix| prefix.eq_ignore_ascii_case("xn--"));
    is_prefixed && idna::domain_to_unicode(label).1.is_err()
}

/// Why it is no DNS name.
fn reason(host: &str) -> String {
    let is_odd = |character: &char| !character.is_ascii_alphanumeric() && !"-.".contains(*character);
    let longest = host.split('.').map(str::len).max().unwrap_or(0);
    if host.is_empty() {
        "it is empty".to_owned()
    } else if host.ends_with('.') {
        "it ends in a dot".to_owned()
    } else if host.split('.').any(str::is_empty) {
        "it has an empty label".to_owned()
    } else if let Some(odd) = host.chars().find(is_odd) {
        match odd {
            ' ' => "it has a space".to_owned(),
            odd => format!("it has a `{}`", odd.escape_debug()),
        }
    } else if longest > LABEL_MAX {
        format!("it has a label of {longest} characters, {LABEL_MAX} are the most")
    } else if host.len() > NAME_MAX {
        format!("it has {} characters, {NAME_MAX} are the most", host.len())
    } else {
        "a label begins or ends with a hyphen".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_fault_that_counts_most() {
        let malformed = |reason: &str| Some(NameFault::Malformed(reason.to_owned()));
        let long_label = format!("{}.example.com", "a".repeat(64));
        let long_name = format!("{}example.com", "a.".repeat(122));
        for (name, expected) in [
            ("example.com", None),
            ("*.example.com", None),
            ("localhost", None),
            ("xn--zrich-kva.example", None),
            ("_acme.example.com", Some(NameFault::Underscore)),
            ("*.a_b.example.com", Some(NameFault::Underscore)),
            ("a_ b.example.com", malformed("it has a `_`")),
            ("*", Some(NameFault::Wildcard)),
            ("w*.example.com", Some(NameFault::Wildcard)),
            ("*.*.example.com", Some(NameFault::Wildcard)),
            ("a.*.example.com", Some(NameFault::Wildcard)),
            ("192.0.2.1", Some(NameFault::Address)),
            ("2001:db8::1", Some(NameFault::Address)),
            ("[2001:db8::1]", Some(NameFault::Address)),
            ("", malformed("it is empty")),
            ("*.", malformed("it is empty")),
            ("example.com.", malformed("it ends in a dot")),
            ("a..example.com", malformed("it has an empty label")),
            (".example.com", malformed("it has an empty label")),
            ("a b.example.com", malformed("it has a space")),
            ("https://example.com", malformed("it has a `:`")),
            ("-a.example.com", malformed("a label begins or ends with a hyphen")),
            ("xn--a.example", malformed("`xn--a` stands for no international label")),
            (&long_label, malformed("it has a label of 64 characters, 63 are the most")),
            (&long_name, malformed("it has 255 characters, 253 are the most")),
        ] {
            assert_eq!(NameFault::of(name), expected, "{name}");
        }
    }
}
