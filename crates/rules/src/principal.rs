//! Names and addresses of hosts in the one form in which clients compare them.

mod fault;
mod odd_address;
mod port;
mod unseen;

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use certgate_facts::{SshRole, SshText};

pub use fault::PrincipalFault;
pub(crate) use odd_address::{OddAddress, Oddity};
pub(crate) use unseen::first_unseen;

/// The longest text that is repaired, in bytes; of longer ones only the fault is told.
const REPAIRED_BYTES_MAX: usize = 4096;
/// The longest name that a repair gives, in bytes: that of DNS (RFC 1035 §2.3.4), written with dots.
const NAME_BYTES_MAX: usize = 253;
/// The most texts that a repair gives.
const TEXTS_MAX: usize = 8;

/// A name or an address that a host certificate can be issued for: clients find it byte for byte as it stands.
///
/// It is in lower case and ASCII, an address as `ssh` writes it, and has neither port, brackets, commas, white space,
/// a dot at its end, characters that are not seen, nor wildcards. Whether such a host exists is not said, nor whether
/// DNS could have it: a `HostKeyAlias` may be any text.
///
/// ```
/// use certgate_rules::{Principal, PrincipalFault};
///
/// let principal: Principal = "web-1.example.com".parse()?;
/// assert_eq!(principal.as_str(), "web-1.example.com");
/// assert_eq!("web-1.example.com:22".parse::<Principal>(), Err(PrincipalFault::Port));
/// assert_eq!("*.example.com".parse::<Principal>(), Err(PrincipalFault::Wildcard));
/// # Ok::<(), PrincipalFault>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal(String);

impl Principal {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Principal {
    type Err = PrincipalFault;

    /// Takes a text that is in normal form already, and changes nothing: see [`NormalForm`] for what else it may have
    /// been meant as.
    fn from_str(text: &str) -> Result<Self, PrincipalFault> {
        PrincipalFault::of(text).map_or_else(|| Ok(Self(text.to_owned())), Err)
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// What a text that was given as a principal is meant to be, and what was wrong with it.
///
/// ```
/// use certgate_rules::{NormalForm, PrincipalFault};
///
/// let form = NormalForm::of("[WEB-1.example.com]:22");
/// assert_eq!(form.fault(), Some(PrincipalFault::Port));
/// assert_eq!(form.texts(), ["web-1.example.com"]);
///
/// assert_eq!(NormalForm::of("2001:DB8:0::1").texts(), ["2001:db8::1"]);
/// assert_eq!(NormalForm::of("web-1, bücher.example.").texts(), ["web-1", "xn--bcher-kva.example"]);
/// assert_eq!(NormalForm::of("web[1-3]").texts(), [""; 0]); // that would be a guess
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NormalForm {
    fault: Option<PrincipalFault>,
    texts: Vec<String>,
}

impl NormalForm {
    /// Normalises a text. Normalising what comes of it changes nothing.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_name(text, SshRole::Host)
    }

    /// Normalises a principal of a certificate for this role.
    pub(crate) fn of_name(text: &str, role: SshRole) -> Self {
        let fault = PrincipalFault::of_name(text, role);
        let texts = match fault {
            None | Some(PrincipalFault::Wildcard) => vec![text.to_owned()],
            // Parts of a private key that was given by mistake are no names.
            Some(_) if text.len() > REPAIRED_BYTES_MAX || text.contains("PRIVATE KEY") => Vec::new(),
            Some(_) => {
                let mut texts = Vec::new();
                repair(text, role, &mut texts).map_or_else(Vec::new, |()| texts)
            }
        };
        Self { fault, texts }
    }

    /// Normalises a principal of a certificate, where what is not UTF-8 is no name either.
    #[must_use]
    pub fn of_certified(principal: &SshText) -> Self {
        Self::of(&String::from_utf8_lossy(principal.as_bytes()))
    }

    /// The fault that says most about the text; there may be others beside it.
    #[must_use]
    pub fn fault(&self) -> Option<PrincipalFault> {
        self.fault
    }

    /// The names and addresses without any fault, to be given as a principal each, at most eight. A pattern such as
    /// `*.example.com` stays one, as what it should name cannot be known. Empty where all would be a guess, and for a
    /// pattern that any host matches.
    #[must_use]
    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    /// What to have certified instead, in words; `None` for a text in normal form.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let texts = || self.texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
        Some(match self.fault? {
            PrincipalFault::AnyHost | PrincipalFault::Wildcard => {
                "list the names in full, as long as there are clients before 10.3".to_owned()
            }
            PrincipalFault::Empty => "leave it out".to_owned(),
            _ if self.texts.is_empty() => "write the name as DNS has it, one principal each".to_owned(),
            _ => format!("write {}", texts()),
        })
    }

    pub(crate) fn into_texts(self) -> Vec<String> {
        self.texts
    }
}

/// Takes fault after fault away and adds what is left; `None` where that is nothing to be named.
fn repair(text: &str, role: SshRole, texts: &mut Vec<String>) -> Option<()> {
    let fault = PrincipalFault::of_name(text, role);
    let Some(fault) = fault.filter(|fault| *fault != PrincipalFault::Wildcard) else {
        if !is_plain(text, role) {
            return None;
        }
        if !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
        }
        return (texts.len() <= TEXTS_MAX).then_some(());
    };
    let parts = without(fault, text);
    if parts.is_empty() {
        return None;
    }
    parts.iter().try_for_each(|part| repair(part, role, texts))
}

/// What is left of a text when one fault is taken away; nothing where that would be a guess.
fn without(fault: PrincipalFault, text: &str) -> Vec<Cow<'_, str>> {
    let one = |text: Option<String>| text.into_iter().map(Cow::Owned).collect();
    match fault {
        PrincipalFault::Empty | PrincipalFault::AnyHost | PrincipalFault::Wildcard => Vec::new(),
        PrincipalFault::ControlCharacter => one(unseen::without_unseen(text)),
        PrincipalFault::Comma => {
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Cow::Borrowed).collect()
        }
        PrincipalFault::Whitespace => text.split_whitespace().map(Cow::Borrowed).collect(),
        PrincipalFault::Port => port::host_of(text).map(Cow::Borrowed).into_iter().collect(),
        PrincipalFault::Brackets => {
            let inside = text.trim_start_matches('[').trim_end_matches(']');
            if inside.contains(['[', ']']) { Vec::new() } else { vec![inside.into()] }
        }
        PrincipalFault::AddressNotCanonical => {
            one(OddAddress::of(text).and_then(|address| address.canonical()))
        }
        PrincipalFault::NotAscii => {
            let label = idna::domain_to_ascii_cow(text.as_bytes(), idna::AsciiDenyList::URL);
            one(label.ok().map(Cow::into_owned))
        }
        PrincipalFault::TrailingDot => vec![text.trim_end_matches('.').into()],
        PrincipalFault::NotLowerCase => one(Some(text.to_ascii_lowercase())),
    }
}

/// Whether a repaired text has only what names, addresses and patterns are made of: it may be pasted into a shell.
fn is_plain(text: &str, role: SshRole) -> bool {
    let is_plain = |byte: u8| match role {
        SshRole::User => byte.is_ascii_alphanumeric() || b"-_.@+".contains(&byte),
        _ => byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_.:*?".contains(&byte),
    };
    text.len() <= NAME_BYTES_MAX && text.bytes().all(is_plain)
}

#[cfg(test)]
pub(crate) mod tests;
