//! Patterns for lines that are written.

use std::{error, fmt};

use super::{DEFAULT_PORT, HOST_PATTERN_BYTES_MAX};

/// Patterns for hosts, fit for a line: not empty, in lower case, and without a way to mean every host but
/// [`HostPatterns::every_host`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostPatterns {
    patterns: Vec<String>,
}

impl HostPatterns {
    /// Patterns as `web.example.com`, `*.example.com`, `[bastion.example.com]:2222`, `!old.example.com`.
    ///
    /// # Errors
    ///
    /// A [`HostPatternError`] for the first pattern that clients would take otherwise than it looks, and for patterns
    /// that match no host or any.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Result<Self, HostPatternError> {
        let patterns = patterns.into_iter().map(checked).collect::<Result<Vec<_>, _>>()?;
        if patterns.is_empty() {
            return Err(HostPatternError::Empty);
        }
        if patterns.iter().all(|pattern| pattern.starts_with('!')) {
            return Err(HostPatternError::OnlyNegated);
        }
        Ok(Self { patterns })
    }

    /// `*`: every host there is. For an authority this is trust without bounds; for a revoked key it is what is wanted.
    #[must_use]
    pub fn every_host() -> Self {
        Self { patterns: vec!["*".to_owned()] }
    }

    /// The patterns, in order.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }
}

impl fmt::Display for HostPatterns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.patterns.join(","))
    }
}

fn checked(pattern: &str) -> Result<String, HostPatternError> {
    let own = || pattern.to_owned();
    let bare = pattern.strip_prefix('!').unwrap_or(pattern);
    if bare.is_empty() {
        return Err(HostPatternError::PatternEmpty);
    }
    if bare.len() > HOST_PATTERN_BYTES_MAX {
        return Err(HostPatternError::TooLong { bytes: bare.len() });
    }
    let allowed = |character: &char| character.is_ascii_alphanumeric() || "-._*?[]:%".contains(*character);
    if let Some(character) = bare.chars().find(|character| !allowed(character)) {
        return Err(HostPatternError::Character { pattern: own(), character });
    }
    let name = match bare.strip_prefix('[').map(|rest| rest.split_once("]:")) {
        Some(Some((_, port))) if port == DEFAULT_PORT.to_string() => {
            return Err(HostPatternError::DefaultPort { pattern: own() });
        }
        Some(Some((name, _))) => name,
        Some(None) => return Err(HostPatternError::Brackets { pattern: own() }),
        None => bare,
    };
    let is_address = name.contains(':') && !name.contains(['*', '?']);
    if !is_address && !name.contains(|character: char| character.is_ascii_alphanumeric()) {
        return Err(HostPatternError::EveryHost { pattern: own() });
    }
    Ok(pattern.to_ascii_lowercase())
}

/// Why patterns are not written to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostPatternError {
    /// Brackets without a port, which match no name.
    Brackets {
        /// The pattern.
        pattern: String,
    },
    /// A character that names and addresses do not have, or that means something else in a line.
    Character {
        /// The pattern.
        pattern: String,
        /// The character.
        character: char,
    },
    /// Brackets with port 22, which match nothing: hosts on that port are looked up by name alone.
    DefaultPort {
        /// The pattern.
        pattern: String,
    },
    /// No patterns.
    Empty,
    /// A pattern for any host or nearly; [`HostPatterns::every_host`] says so in words.
    EveryHost {
        /// The pattern.
        pattern: String,
    },
    /// Patterns that only take hosts away.
    OnlyNegated,
    /// An empty pattern.
    PatternEmpty,
    /// A pattern of more than [`HOST_PATTERN_BYTES_MAX`] bytes.
    TooLong {
        /// How many.
        bytes: usize,
    },
}

impl fmt::Display for HostPatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Brackets { pattern } => write!(f, "`{pattern}` has brackets and no port"),
            Self::Character { pattern, character } => {
                write!(f, "`{pattern}` has {character:?}, which no host pattern can have")
            }
            Self::DefaultPort { pattern } => {
                write!(f, "`{pattern}` matches nothing: clients look port 22 up by name alone")
            }
            Self::Empty => f.write_str("there are no host patterns"),
            Self::EveryHost { pattern } => write!(f, "`{pattern}` matches every host or nearly"),
            Self::OnlyNegated => f.write_str("every host pattern is negated, so that none matches"),
            Self::PatternEmpty => f.write_str("a host pattern is empty"),
            Self::TooLong { bytes } => {
                write!(f, "a host pattern has {bytes} bytes, more than {HOST_PATTERN_BYTES_MAX}")
            }
        }
    }
}

impl error::Error for HostPatternError {}
