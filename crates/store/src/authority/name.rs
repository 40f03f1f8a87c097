//! The name of an authority.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// Most bytes of an authority's name.
pub const AUTHORITY_NAME_BYTES_MAX: usize = 64;

/// What the ids of authorities begin with that are resources.
const SERVED: &str = "sshca_";

/// A name for an authority, fit for a file name: one to [`AUTHORITY_NAME_BYTES_MAX`] of `a-z`, `0-9`, `.`, `_` and
/// `-`, the first of them a letter or a digit. The id of an authority that is a resource, `sshca_…`, is read as the name that
/// this authority has: in small letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthorityName(String);

impl AuthorityName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AuthorityName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let unfit = |reason| Err(Error::TextUnfit { field: "authority name", reason });
        let is_plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let name = if text.starts_with(SERVED) { text.to_ascii_lowercase() } else { text.to_owned() };
        match name.as_bytes() {
            [] => unfit("it is empty"),
            bytes if bytes.len() > AUTHORITY_NAME_BYTES_MAX => unfit("it has more than 64 bytes"),
            [first, ..] if !is_plain(first) => unfit("it starts with neither a-z nor 0-9"),
            bytes if !bytes.iter().all(|byte| is_plain(byte) || b"._-".contains(byte)) => {
                unfit("it has something else than a-z, 0-9, '.', '_' and '-'")
            }
            _ => Ok(Self(name)),
        }
    }
}

impl fmt::Display for AuthorityName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_fit_for_files_and_lines() {
        for good in ["a", "0", "prod", "prod-2026.q4_b", &"x".repeat(AUTHORITY_NAME_BYTES_MAX)] {
            assert_eq!(good.parse::<AuthorityName>().unwrap().as_str(), good);
        }
        let id = "sshca_2rwwl5W69MehwEDvLbShGAxoZqs";
        assert_eq!(id.parse::<AuthorityName>().unwrap().as_str(), id.to_ascii_lowercase());
        for bad in ["", ".hidden", "-rf", "_a", "Prod", "a/b", "a b", "a\n", "ä", &"x".repeat(65)] {
            assert!(bad.parse::<AuthorityName>().is_err(), "{bad:?}");
        }
    }
}
