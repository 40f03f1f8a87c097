//! Why a signature is not believed.

use std::{error, fmt};

/// Why a signature is not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshSignatureFault {
    /// An algorithm that must not be used any more: SHA-1.
    AlgorithmRefused {
        /// Its name.
        name: String,
    },
    /// An algorithm that is not known here.
    AlgorithmUnsupported {
        /// Its name, as far as it can be shown.
        name: String,
    },
    /// A certificate of a type whose layout is not known, so that nobody can tell which bytes were signed.
    CertificateTypeUnknown {
        /// The name of its type.
        name: String,
    },
    /// The key did not make the signature over these bytes.
    Invalid,
    /// The bytes are not a signature of their algorithm.
    Malformed,
    /// The signature was made under another algorithm than the key's, or than was asked for.
    OfOtherAlgorithm {
        /// The algorithm it should be.
        due: String,
        /// The algorithm it is.
        found: &'static str,
    },
}

/// The fact, in lower case, without a full stop.
impl fmt::Display for SshSignatureFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlgorithmRefused { name } => write!(formatter, "signatures of {name} are refused: SHA-1"),
            Self::AlgorithmUnsupported { name } => write!(formatter, "unknown signature algorithm {name}"),
            Self::CertificateTypeUnknown { name } => write!(formatter, "unknown certificate type {name}"),
            Self::Invalid => formatter.write_str("the signature was not made by this key over these bytes"),
            Self::Malformed => formatter.write_str("the signature is malformed"),
            Self::OfOtherAlgorithm { due, found } => {
                write!(formatter, "the signature is {found} and should be {due}")
            }
        }
    }
}

impl error::Error for SshSignatureFault {}
