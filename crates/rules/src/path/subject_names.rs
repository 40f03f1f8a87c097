//! The names of a leaf: whether each is a name of its kind, and one that may be issued.

use std::net::IpAddr;

use certgate_facts::{Certificate, GeneralName, HostAddress};

use super::fault::PathReason;

/// Most characters of a label and of a whole DNS name (RFC 1035 §2.3.4).
pub(crate) const LABEL_MAX: usize = 63;
pub(crate) const NAME_MAX: usize = 253;

/// Whether `name` is a DNS name in the preferred syntax (RFC 5280 §4.2.1.6): letters, digits and hyphens inside.
pub(crate) fn is_dns_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_MAX).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    name.len() <= NAME_MAX && name.split('.').all(is_label)
}

/// Whether `address` is one mailbox on a host (RFC 5280 §4.2.1.6).
pub(super) fn is_mailbox(address: &str) -> bool {
    address.split_once('@').is_some_and(|(local, host)| !local.is_empty() && is_dns_name(host))
}

/// The first alternative name that no leaf may have.
pub(super) fn reason(leaf: &Certificate) -> Option<PathReason> {
    let names = leaf.extensions().subject_alternative_names();
    names.iter().find_map(fault_of).or_else(|| common_name_apart(leaf))
}

fn fault_of(name: &GeneralName) -> Option<PathReason> {
    let malformed = || Some(PathReason::NameMalformed(name.to_string()));
    match name {
        GeneralName::Dns(dns) => match dns.strip_prefix("*.") {
            Some(parent) if !is_dns_name(parent) => malformed(),
            Some(_) => None,
            None if !is_dns_name(dns) || dns.parse::<IpAddr>().is_ok() => malformed(),
            None => None,
        },
        GeneralName::Email(address) if !is_mailbox(address) => malformed(),
        _ => None,
    }
}

/// Whether registries hand out names directly below `name`, by the Public Suffix List, its private part included.
pub(crate) fn is_public_suffix(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    psl::suffix(name.as_bytes())
        .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes())
}

/// A common name that is one of the alternative names in another spelling: where it repeats a name, it must do so
/// character by character, addresses in the form of RFC 5952 (Baseline Requirements §7.1.4.3).
fn common_name_apart(leaf: &Certificate) -> Option<PathReason> {
    let common_name = leaf.subject().first("CN")?;
    let names = leaf.extensions().subject_alternative_names();
    let is_repeated = names.iter().any(|name| match name {
        GeneralName::Dns(dns) => dns == common_name,
        GeneralName::Ip(address) => address.to_string() == common_name,
        _ => false,
    });
    let is_another_spelling = |name: &GeneralName| match name {
        GeneralName::Dns(dns) => dns.eq_ignore_ascii_case(common_name),
        GeneralName::Ip(address) => {
            HostAddress::read(common_name).is_some_and(|written| written.ip() == *address)
        }
        _ => false,
    };
    // A host in U-labels is never a copy of an alternative name, which has A-labels.
    let is_in_u_labels = !common_name.is_ascii() && common_name.contains('.') && !common_name.contains(' ');
    let is_apart = !is_repeated && (is_in_u_labels || names.iter().any(is_another_spelling));
    is_apart.then(|| PathReason::CommonNameSpelledOtherwise(common_name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_names_are_letters_digits_and_hyphens_inside() {
        let long_label = format!("{}.com", "a".repeat(LABEL_MAX + 1));
        let longest_label = format!("{}.com", "a".repeat(LABEL_MAX));
        let long_name = format!("{}a", "a.".repeat(NAME_MAX / 2 + 1));
        for (name, expected) in [
            ("example.com", true),
            ("xn--n3h.com", true),
            ("localhost", true),
            (longest_label.as_str(), true),
            (long_label.as_str(), false),
            (long_name.as_str(), false),
            ("", false),
            (".example.com", false),
            ("example.com.", false),
            ("-a.example.com", false),
            ("a-.example.com", false),
            ("a_b.example.com", false),
            ("*.example.com", false),
        ] {
            assert_eq!(is_dns_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_mailbox_has_one_at_sign_and_a_host() {
        assert!(is_mailbox("*@example.com"));
        for bad in ["example.com", "@example.com", "a@b@example.com", "a@", "a@.example.com"] {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }

    #[test]
    fn public_suffixes_are_those_of_the_list_and_no_others() {
        for (name, expected) in [
            ("com", true),
            ("CO.UK", true),
            ("s3.amazonaws.com", true),
            ("example.com", false),
            ("internal", false),
        ] {
            assert_eq!(is_public_suffix(name), expected, "{name}");
        }
    }
}
