//! Why a container stays closed.

use std::fmt;

use crate::der::DerDefect;
use crate::passphrase::Passphrases;

/// Why what is inside of a container, or of an encrypted key, cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContainerFault {
    /// Not as its format says.
    Malformed {
        /// What is wrong, as half a sentence. Never quotes contents.
        reason: String,
    },
    /// More of something than is read; what, and the limit.
    OverLimit {
        /// What there is too much of, as half a sentence.
        reason: String,
    },
    /// It is under a passphrase, and none was given.
    PassphraseMissing,
    /// None of the passphrases given opens it.
    PassphraseWrong,
    /// It is protected in a way that is not read here.
    Unsupported {
        /// The algorithm's name, or its object identifier.
        algorithm: String,
    },
}

impl ContainerFault {
    pub(crate) fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed { reason: reason.into() }
    }

    /// Where no passphrase was given, none was wrong.
    pub(crate) fn without(self, passphrases: &Passphrases) -> Self {
        match self {
            Self::PassphraseWrong if passphrases.is_empty() => Self::PassphraseMissing,
            fault => fault,
        }
    }

    pub(crate) fn unsupported(algorithm: impl Into<String>) -> Self {
        Self::Unsupported { algorithm: algorithm.into() }
    }
}

impl From<DerDefect> for ContainerFault {
    fn from(defect: DerDefect) -> Self {
        Self::malformed(defect.to_string())
    }
}

impl fmt::Display for ContainerFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { reason } => write!(formatter, "is malformed: {reason}"),
            Self::OverLimit { reason } => write!(formatter, "is over a limit: {reason}"),
            Self::PassphraseMissing => formatter.write_str("is under a passphrase, and none was given"),
            Self::PassphraseWrong => formatter.write_str("is not opened by the passphrase given"),
            Self::Unsupported { algorithm } => {
                write!(formatter, "is protected with {algorithm}, which is not read here")
            }
        }
    }
}
