//! Versions of OpenSSH.

use std::str::FromStr;
use std::{error, fmt};

/// A version of OpenSSH, as far as rules depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientVersion {
    major: u16,
    minor: u16,
}

impl ClientVersion {
    /// The version `major.minor`.
    #[must_use]
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor }
    }

    /// The number before the dot.
    #[must_use]
    pub const fn major(self) -> u16 {
        self.major
    }

    /// The number after the dot.
    #[must_use]
    pub const fn minor(self) -> u16 {
        self.minor
    }
}

impl fmt::Display for ClientVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A text that is not a version of OpenSSH.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAClientVersion {
    text: String,
}

impl fmt::Display for NotAClientVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not a version of OpenSSH such as 9.2 or 10.3p1", self.text)
    }
}

impl error::Error for NotAClientVersion {}

/// Reads `9.2`, `10.3p1`, and what `ssh -V` says up to the first space or comma: `OpenSSH_9.2p1`. A third number and
/// the portable suffix are dropped.
impl FromStr for ClientVersion {
    type Err = NotAClientVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| NotAClientVersion { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<ClientVersion> {
    let bare = text.strip_prefix("OpenSSH_").unwrap_or(text);
    let (version, portable) = bare.split_once('p').unwrap_or((bare, "1"));
    number(portable)?;
    let mut numbers = version.split('.').map(number);
    let (major, minor) = (numbers.next()??, numbers.next()??);
    if let Some(third) = numbers.next() {
        third?;
    }
    numbers.next().is_none().then_some(ClientVersion { major, minor })
}

fn number(text: &str) -> Option<u16> {
    // `parse` would take a sign.
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_and_ordered_by_number() {
        for (text, expected) in [
            ("9.2", Some((9, 2))),
            ("10.3p1", Some((10, 3))),
            ("OpenSSH_9.2p1", Some((9, 2))),
            ("3.7.1p2", Some((3, 7))),
            ("9", None),
            ("", None),
            ("9.", None),
            ("+9.2", None),
            ("9.2p", None),
            ("9.2.3.4", None),
            ("9.2x", None),
        ] {
            let version = text.parse().ok();
            assert_eq!(version, expected.map(|(major, minor)| ClientVersion::new(major, minor)), "{text}");
        }
        assert!(ClientVersion::new(9, 9) < ClientVersion::new(10, 0));
    }
}
