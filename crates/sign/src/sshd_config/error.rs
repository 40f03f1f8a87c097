//! Why a configuration is not read.

use std::{error, fmt};

use super::{CONFIG_BYTES_MAX, CONFIG_FILES_MAX, ConfigPlace, INCLUDE_DEPTH_MAX};

/// Why a configuration is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SshdConfigError {
    /// A keyword without an argument.
    ArgumentMissing {
        /// Where it stands.
        place: ConfigPlace,
        /// The keyword.
        keyword: String,
    },
    /// Quotes that do not end.
    Quotes {
        /// Where they stand.
        place: ConfigPlace,
    },
    /// More includes inside of each other than [`INCLUDE_DEPTH_MAX`].
    TooDeep {
        /// Where the first too many stands.
        place: ConfigPlace,
    },
    /// More bytes than [`CONFIG_BYTES_MAX`], of all files together.
    TooLarge {
        /// The file with the first too many.
        path: String,
    },
    /// More files than [`CONFIG_FILES_MAX`].
    TooManyFiles {
        /// Where the first too many is included.
        place: ConfigPlace,
    },
    /// A file that cannot be read.
    Unreadable {
        /// The file.
        path: String,
        /// Where it is included, if it is.
        place: Option<ConfigPlace>,
        /// Why not.
        reason: String,
    },
}

impl fmt::Display for ConfigPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.path, self.line)
    }
}

impl fmt::Display for SshdConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ArgumentMissing { place, keyword } => write!(f, "{place}: `{keyword}` has no argument"),
            Self::Quotes { place } => write!(f, "{place}: quotes do not end"),
            Self::TooDeep { place } => {
                write!(f, "{place}: more than {INCLUDE_DEPTH_MAX} includes inside of each other")
            }
            Self::TooLarge { path } => {
                write!(f, "the configuration has more than {CONFIG_BYTES_MAX} bytes, up to `{path}`")
            }
            Self::TooManyFiles { place } => write!(f, "{place}: more than {CONFIG_FILES_MAX} files"),
            Self::Unreadable { path, place: Some(place), reason } => {
                write!(f, "{place}: cannot read `{path}`: {reason}")
            }
            Self::Unreadable { path, place: None, reason } => write!(f, "cannot read `{path}`: {reason}"),
        }
    }
}

impl error::Error for SshdConfigError {}
