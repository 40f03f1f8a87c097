//! Ids: what kind of resource it is, and a KSUID.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::ksuid::{KSUID_LETTERS, Ksuid};
use crate::resource::Resource;

/// The id of a resource `R`, such as `cert_2rwwl6y1UCOM1WjSQhSj2VPegVh`; orders by the time of creation.
pub struct Id<R> {
    ksuid: Ksuid,
    of: PhantomData<fn() -> R>,
}

/// Why a text is no id. It does not hold the text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdError {
    /// It does not begin with the prefix of its kind.
    Prefix {
        /// The prefix it should have, without the underscore.
        expected: &'static str,
    },
    /// What follows the prefix is not 27 letters and digits long.
    Length {
        /// How long it is.
        letters: usize,
    },
    /// Something follows the prefix that is neither a letter nor a digit of ASCII.
    Alphabet,
    /// The letters and digits stand for a number of more than 20 bytes.
    Overflow,
}

impl<R: Resource> Id<R> {
    /// The id of a resource that has this KSUID.
    #[must_use]
    pub const fn new(ksuid: Ksuid) -> Self {
        Self { ksuid, of: PhantomData }
    }

    /// The part behind the prefix, which tells when the resource was created.
    #[must_use]
    pub const fn ksuid(self) -> Ksuid {
        self.ksuid
    }
}

impl<R: Resource> FromStr for Id<R> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let expected = R::COLLECTION.prefix;
        let rest = text.strip_prefix(expected).and_then(|rest| rest.strip_prefix('_'));
        Ksuid::read(rest.ok_or(IdError::Prefix { expected })?).map(Self::new)
    }
}

impl<R: Resource> fmt::Display for Id<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", R::COLLECTION.prefix, self.ksuid)
    }
}

impl<R: Resource> fmt::Debug for Id<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

// By hand: derived, they would ask the same of `R`.
impl<R> Clone for Id<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Id<R> {}

impl<R> PartialEq for Id<R> {
    fn eq(&self, other: &Self) -> bool {
        self.ksuid == other.ksuid
    }
}

impl<R> Eq for Id<R> {}

impl<R> PartialOrd for Id<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R> Ord for Id<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.ksuid.cmp(&other.ksuid)
    }
}

impl<R> Hash for Id<R> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ksuid.hash(state);
    }
}

impl<R: Resource> Serialize for Id<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, R: Resource> Deserialize<'de> for Id<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl fmt::Display for IdError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Prefix { expected } => write!(formatter, "an id of this kind begins with `{expected}_`"),
            Self::Length { letters } => write!(
                formatter,
                "{letters} letters and digits follow the prefix, where an id has {KSUID_LETTERS}"
            ),
            Self::Alphabet => formatter.write_str("what follows the prefix of an id is letters and digits"),
            Self::Overflow => formatter.write_str("what follows the prefix is larger than any id"),
        }
    }
}

impl std::error::Error for IdError {}

#[cfg(test)]
mod tests {
    use crate::{SshCertificateAuthorityId, TlsCertificateId};

    #[test]
    fn ids_are_read_and_written() {
        let text = "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
        let id: TlsCertificateId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(format!("{id:?}"), text);
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(TlsCertificateId::new(id.ksuid()), id);
    }

    #[test]
    fn later_ids_are_larger() {
        let earlier: TlsCertificateId = "cert_2rwwiJpwl6XDu1WKzHVQuLm5oPo".parse().unwrap();
        let later: TlsCertificateId = "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap();
        assert!(earlier < later && earlier.ksuid().made_at() < later.ksuid().made_at());
    }

    #[test]
    fn what_is_no_id_of_its_kind_says_why() {
        let refusal = |text: &str| text.parse::<SshCertificateAuthorityId>().unwrap_err().to_string();
        let shown = [
            "ca_2rwwl6y1UCOM1WjSQhSj2VPegVh",
            "sshca2rwwl6y1UCOM1WjSQhSj2VPegVh",
            "sshca_2rwwl6y1UCOM1WjSQhSj2VPegV",
            "sshca_2rwwl6y1UCOM1WjSQhSj2VPegVh0",
            "sshca_",
            "sshca_2rwwl6y1UCOM1WjSQhSj2VPeg-h",
            "sshca_2rwwl6y1UCOM1WjSQhSj2VPegVé",
            "sshca_zzzzzzzzzzzzzzzzzzzzzzzzzzz",
        ]
        .map(|text| format!("{text}: {}", refusal(text)))
        .join("\n");
        insta::assert_snapshot!(shown, @"
        ca_2rwwl6y1UCOM1WjSQhSj2VPegVh: an id of this kind begins with `sshca_`
        sshca2rwwl6y1UCOM1WjSQhSj2VPegVh: an id of this kind begins with `sshca_`
        sshca_2rwwl6y1UCOM1WjSQhSj2VPegV: 26 letters and digits follow the prefix, where an id has 27
        sshca_2rwwl6y1UCOM1WjSQhSj2VPegVh0: 28 letters and digits follow the prefix, where an id has 27
        sshca_: 0 letters and digits follow the prefix, where an id has 27
        sshca_2rwwl6y1UCOM1WjSQhSj2VPeg-h: what follows the prefix of an id is letters and digits
        sshca_2rwwl6y1UCOM1WjSQhSj2VPegVé: what follows the prefix of an id is letters and digits
        sshca_zzzzzzzzzzzzzzzzzzzzzzzzzzz: what follows the prefix is larger than any id
        ");
    }
}
