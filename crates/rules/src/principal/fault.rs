//! What may be wrong with a principal.

use std::fmt;

use certgate_facts::SshRole;

use super::{OddAddress, odd_address, port, unseen};

/// Why clients do not find a host under a text, or find too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PrincipalFault {
    /// An address in another form than the one clients compare, or a text that looks like an address and is none.
    AddressNotCanonical,
    /// A pattern of wildcards and dots alone.
    AnyHost,
    /// A bracket, such as around an IPv6 address.
    Brackets,
    /// A comma.
    Comma,
    /// A control character, or one that is not seen, such as those that turn the direction of writing.
    ControlCharacter,
    /// Nothing, or white space alone.
    Empty,
    /// A character outside of ASCII, such as in a name that has an A-label.
    NotAscii,
    /// A capital letter.
    NotLowerCase,
    /// A port behind the host.
    Port,
    /// A dot at the end.
    TrailingDot,
    /// White space before, in or behind the name.
    Whitespace,
    /// A `*` or `?`, and something else beside it. Nothing else is wrong with the text.
    Wildcard,
}

/// Tells whether a text has one fault.
type HasFault = fn(&str) -> bool;

impl PrincipalFault {
    /// The fault that says most about a text; `None` for one in normal form.
    ///
    /// Wildcards come last: a pattern that is allowed is to have no other fault.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if is_lower_case_name(text) || odd_address::is_as_compared(text) {
            return None;
        }
        let faults: [(HasFault, Self); 12] = [
            (|text| text.chars().all(char::is_whitespace), Self::Empty),
            (|text| unseen::first_unseen(text).is_some(), Self::ControlCharacter),
            (|text| text.contains(','), Self::Comma),
            (|text| text.contains(char::is_whitespace), Self::Whitespace),
            (|text| text.bytes().all(|byte| b"*?.".contains(&byte)) && has_wildcard(text), Self::AnyHost),
            (|text| port::host_of(text).is_some(), Self::Port),
            (|text| text.contains(['[', ']']), Self::Brackets),
            (|text| OddAddress::of(text).is_some(), Self::AddressNotCanonical),
            (|text| !text.is_ascii(), Self::NotAscii),
            (|text| text.ends_with('.'), Self::TrailingDot),
            (|text| text.bytes().any(|byte| byte.is_ascii_uppercase()), Self::NotLowerCase),
            (has_wildcard, Self::Wildcard),
        ];
        faults.into_iter().find(|(has_fault, _)| has_fault(text)).map(|(_, fault)| fault)
    }

    /// The same of a principal of a certificate for this role. Users may be called anything, as long as a server can be told
    /// of it: it compares their names as they stand, and never as patterns.
    pub(crate) fn of_name(text: &str, role: SshRole) -> Option<Self> {
        if role != SshRole::User {
            return Self::of(text);
        }
        let faults: [(HasFault, Self); 5] = [
            (|text| text.chars().all(char::is_whitespace), Self::Empty),
            (|text| unseen::first_unseen(text).is_some(), Self::ControlCharacter),
            (|text| text.contains(','), Self::Comma),
            (|text| text.contains(char::is_whitespace), Self::Whitespace),
            (has_wildcard, Self::Wildcard),
        ];
        faults.into_iter().find(|(has_fault, _)| has_fault(text)).map(|(_, fault)| fault)
    }

    /// Whether some clients find a host under such a text all the same: where the dot was typed too, or from OpenSSH
    /// 10.3 on, which match patterns.
    #[must_use]
    pub const fn is_found_by_some(self) -> bool {
        matches!(self, Self::AnyHost | Self::TrailingDot | Self::Wildcard)
    }
}

/// The usual good case, told in one pass: letters in lower case, digits, hyphens, underscores and dots, and a letter first,
/// which no address has that is not IPv6.
fn is_lower_case_name(text: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.".contains(&byte);
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('.')
        && text.bytes().all(is_of_name)
}

fn has_wildcard(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// What is wrong, as half a sentence about the principal.
impl fmt::Display for PrincipalFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AddressNotCanonical => "is an address, but not in the form that clients compare",
            Self::AnyHost => "is a pattern that any host matches, where clients match patterns: from 10.3 on",
            Self::Brackets => "has brackets, which names are compared without",
            Self::Comma => "has a comma",
            Self::ControlCharacter => "has a control character, or one that is not seen",
            Self::Empty => "is empty",
            Self::NotAscii => "has characters outside of ASCII",
            Self::NotLowerCase => "has capital letters",
            Self::Port => "has a port, which names are compared without",
            Self::TrailingDot => "ends with a dot, and is found only where that is typed",
            Self::Whitespace => "has white space",
            Self::Wildcard => "is a pattern, which clients before 10.3 never match",
        })
    }
}

impl std::error::Error for PrincipalFault {}
