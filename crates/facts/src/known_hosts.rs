//! The files by which OpenSSH clients know hosts and authorities (sshd(8) "SSH_KNOWN_HOSTS FILE FORMAT"): read and
//! matched.

mod line;
mod names;

pub use self::line::{Entry, LineDefect, Marker};
pub use self::names::{HostNames, NamePattern};

use std::{error, fmt};

/// Most bytes of a file that is read.
pub const KNOWN_HOSTS_BYTES_MAX: usize = 64 << 20;
/// Most bytes of one pattern; OpenSSH takes a line with a longer one to match nothing.
pub const HOST_PATTERN_BYTES_MAX: usize = 1022;
/// The port that stands in no name.
pub const DEFAULT_PORT: u16 = 22;

/// A file of known hosts. Empty lines and comments are not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownHosts {
    lines: Vec<Line>,
}

/// A line that is neither empty nor a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    number: usize,
    entry: Result<Entry, LineDefect>,
}

impl Line {
    /// The number of the line, from 1.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.number
    }

    /// What the line says.
    ///
    /// # Errors
    ///
    /// Why it says nothing: clients pass over such lines without a word.
    pub const fn entry(&self) -> Result<&Entry, &LineDefect> {
        self.entry.as_ref()
    }
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KnownHostsError {
    /// More bytes than [`KNOWN_HOSTS_BYTES_MAX`].
    TooLarge {
        /// How many.
        bytes: usize,
    },
}

impl fmt::Display for KnownHostsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                write!(f, "the file of known hosts has {bytes} bytes, more than {KNOWN_HOSTS_BYTES_MAX}")
            }
        }
    }
}

impl error::Error for KnownHostsError {}

impl KnownHosts {
    /// Reads a file. As in OpenSSH, a line ends at its first NUL byte.
    ///
    /// # Errors
    ///
    /// [`KnownHostsError::TooLarge`]. Lines that cannot be read are kept, with their defects.
    pub fn read(bytes: &[u8]) -> Result<Self, KnownHostsError> {
        if bytes.len() > KNOWN_HOSTS_BYTES_MAX {
            return Err(KnownHostsError::TooLarge { bytes: bytes.len() });
        }
        let lines = (1..).zip(bytes.split(|byte| *byte == b'\n')).filter_map(|(number, text)| {
            let entry = read_line(text)?;
            Some(Line { number, entry })
        });
        Ok(Self { lines: lines.collect() })
    }

    /// The lines, in order of the file.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The readable lines that match a name as [`lookup_name`] gives it, each with its number.
    pub fn matching(&self, name: &str) -> impl Iterator<Item = (usize, &Entry)> {
        self.lines.iter().filter_map(move |line| {
            let entry = line.entry().ok().filter(|entry| entry.names().matches(name))?;
            Some((line.number, entry))
        })
    }
}

/// Reads a line without its end; nothing where it is empty or a comment.
pub(crate) fn read_line(text: &[u8]) -> Option<Result<Entry, LineDefect>> {
    let text = text.split(|byte| *byte == 0).next().unwrap_or_default();
    let text = line::trim_start(text);
    let says_something = text.first().is_some_and(|first| *first != b'#');
    says_something.then(|| Entry::read(text))
}

/// The name under which clients look a host up: `host`, or `[host]:port` when the port is not 22.
#[must_use]
pub fn lookup_name(host: &str, port: u16) -> String {
    if port == DEFAULT_PORT { host.to_owned() } else { format!("[{host}]:{port}") }
}

#[cfg(test)]
mod tests;
