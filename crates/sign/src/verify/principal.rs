//! Principals that clients do not match, or not all of them.

use std::fmt;

use certgate_facts::SshText;

use super::Target;

/// Why a principal of a host certificate does not do what it looks like (ssh(1) compares it with the name as typed, in
/// lower case, without a port).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PrincipalFault {
    /// A character that no name of a host has.
    Character {
        /// The first such character.
        character: char,
    },
    /// Nothing at all.
    Empty,
    /// An upper-case name, or an address in another form than clients compare with.
    NotCanonical {
        /// What clients compare with.
        canonical: String,
    },
    /// Not UTF-8.
    NotText,
    /// Brackets or a port, which names are compared without.
    Port {
        /// The name without them.
        name: String,
    },
    /// A dot at the end: matched only where it was typed.
    TrailingDot,
    /// A pattern, which clients before 10.3 compare letter by letter.
    Wildcard,
}

impl PrincipalFault {
    /// What is wrong with a principal; nothing if every client matches it.
    #[must_use]
    pub fn of(principal: &SshText) -> Option<Self> {
        let Some(text) = principal.as_str() else {
            return Some(Self::NotText);
        };
        let odd = |character: &char| !character.is_ascii_graphic() || ",\"'|\\".contains(*character);
        if text.is_empty() {
            return Some(Self::Empty);
        }
        if let Some(character) = text.chars().find(odd) {
            return Some(Self::Character { character });
        }
        if let Some(name) = without_port(text) {
            return Some(Self::Port { name: name.to_ascii_lowercase() });
        }
        let canonical = Target::new(text, crate::known_hosts::DEFAULT_PORT).name().to_owned();
        if canonical != text {
            return Some(Self::NotCanonical { canonical });
        }
        if text.contains(['*', '?']) {
            return Some(Self::Wildcard);
        }
        text.ends_with('.').then_some(Self::TrailingDot)
    }

    /// Whether some clients match it all the same.
    #[must_use]
    pub const fn is_matched_by_some(&self) -> bool {
        matches!(self, Self::TrailingDot | Self::Wildcard)
    }

    /// What to write instead, in words.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Character { .. } | Self::NotText => {
                "write the name as DNS has it, one principal each".to_owned()
            }
            Self::Empty => "leave it out".to_owned(),
            Self::NotCanonical { canonical } => format!("write `{canonical}`"),
            Self::Port { name } => format!("write `{name}`: a port never belongs in a principal"),
            Self::TrailingDot => "write it without the dot".to_owned(),
            Self::Wildcard => "list the names in full, as long as there are clients before 10.3".to_owned(),
        }
    }
}

/// What is wrong, as half a sentence about the principal.
impl fmt::Display for PrincipalFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Character { character } => write!(f, "has {character:?}, which no name of a host has"),
            Self::Empty => f.write_str("is empty"),
            Self::NotCanonical { canonical } => write!(f, "is compared with `{canonical}`"),
            Self::NotText => f.write_str("is not UTF-8"),
            Self::Port { .. } => f.write_str("has a port or brackets, which names are compared without"),
            Self::TrailingDot => f.write_str("ends in a dot and matches only where that is typed"),
            Self::Wildcard => f.write_str("is a pattern, which clients before 10.3 never match"),
        }
    }
}

/// The name in `[name]`, `[name]:port` and `name:port`; nothing for what has neither brackets nor a port.
fn without_port(text: &str) -> Option<&str> {
    if text.contains(['[', ']']) {
        return Some(text.trim_start_matches('[').split(']').next().unwrap_or_default());
    }
    // More than one colon is an IPv6 address.
    text.split_once(':').filter(|(_, port)| !port.contains(':')).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_that_clients_do_not_match_are_told_from_those_they_do() {
        for (principal, expected) in [
            ("web.example.com", None),
            ("192.0.2.1", None),
            ("2001:db8::7", None),
            ("fe80::1%eth0", None),
            ("", Some(PrincipalFault::Empty)),
            (
                "WEB.example.com",
                Some(PrincipalFault::NotCanonical { canonical: "web.example.com".to_owned() }),
            ),
            ("2001:DB8:0::7", Some(PrincipalFault::NotCanonical { canonical: "2001:db8::7".to_owned() })),
            ("192.0.2.01", Some(PrincipalFault::NotCanonical { canonical: "192.0.2.1".to_owned() })),
            ("[web]:2222", Some(PrincipalFault::Port { name: "web".to_owned() })),
            ("[2001:db8::7]", Some(PrincipalFault::Port { name: "2001:db8::7".to_owned() })),
            ("Web:22", Some(PrincipalFault::Port { name: "web".to_owned() })),
            ("a,b", Some(PrincipalFault::Character { character: ',' })),
            ("a b", Some(PrincipalFault::Character { character: ' ' })),
            ("bücher.example", Some(PrincipalFault::Character { character: 'ü' })),
            ("web.example.com.", Some(PrincipalFault::TrailingDot)),
            ("*.example.com", Some(PrincipalFault::Wildcard)),
            ("*.Example.com", Some(PrincipalFault::NotCanonical { canonical: "*.example.com".to_owned() })),
        ] {
            assert_eq!(PrincipalFault::of(&text(principal.as_bytes())), expected, "{principal}");
        }
        assert_eq!(PrincipalFault::of(&text(b"\xff")), Some(PrincipalFault::NotText));
    }

    /// A text as a key holds it: the only way to have one.
    fn text(bytes: &[u8]) -> SshText {
        use certgate_facts::{SshKeyKind, SshPublicKey};
        let mut blob = Vec::new();
        for field in [&b"sk-ssh-ed25519@openssh.com"[..], &[1; 32], bytes] {
            blob.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
            blob.extend(field);
        }
        match SshPublicKey::from_blob(&blob).unwrap().kind() {
            SshKeyKind::SkEd25519 { application } => application.clone(),
            other => panic!("{other}"),
        }
    }
}
