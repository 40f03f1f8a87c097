//! The configuration of `sshd` (sshd_config(5)), read as it reads it, as far as certificates depend on it: keywords,
//! arguments, what is included from where, and what stands in `Match` blocks.
//!
//! Files come in through [`ServerFiles`].

mod error;
mod glob;
mod words;

use certgate_facts::{Source, SourceError};

pub use self::error::SshdConfigError;
use self::glob::expand;
use self::words::{keyword, words};

/// Most bytes of a configuration that are read, of all its files together.
pub const CONFIG_BYTES_MAX: usize = 1 << 20;
/// Most files that are read for one configuration, each as often as it is included.
pub const CONFIG_FILES_MAX: usize = 1024;
/// Most includes inside of each other, as `sshd` has it.
pub const INCLUDE_DEPTH_MAX: usize = 16;
/// Where `sshd` looks for what is included by a path that does not begin with `/`.
pub const INCLUDE_FOLDER: &str = "/etc/ssh";

/// The files of a server.
pub trait ServerFiles {
    /// What a plain file holds.
    ///
    /// # Errors
    ///
    /// [`SourceError::Io`] if it cannot be read, or is no plain file; [`SourceError::TooLarge`].
    fn source(&self, path: &str) -> Result<Source, SourceError>;

    /// The names in a folder; none if it cannot be read.
    fn entries(&self, folder: &str) -> Vec<String>;

    /// Who may do what with a file; nothing if there is none.
    fn permissions(&self, path: &str) -> Option<Permissions>;
}

/// Who may do what with a file (POSIX `stat`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// The low twelve bits of the mode.
    pub mode: u32,
    /// The number of the owner.
    pub owner: u32,
}

/// A line of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigPlace {
    /// The path of the file.
    pub path: String,
    /// The number of the line, from 1.
    pub line: usize,
}

/// A keyword and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    keyword: String,
    arguments: Vec<String>,
    place: ConfigPlace,
    in_match: bool,
}

impl Directive {
    /// The keyword in lower case.
    #[must_use]
    pub fn keyword(&self) -> &str {
        &self.keyword
    }

    /// The arguments, without their quotes.
    #[must_use]
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> &ConfigPlace {
        &self.place
    }

    /// Whether it stands in a `Match` block, other than one for all, or in a file included from one.
    #[must_use]
    pub const fn is_in_match(&self) -> bool {
        self.in_match
    }
}

/// A configuration, with all that it includes, in the order in which `sshd` meets it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SshdConfig {
    directives: Vec<Directive>,
    files: usize,
    bytes: usize,
}

impl SshdConfig {
    /// Reads the configuration that begins at `path`.
    ///
    /// # Errors
    ///
    /// A [`SshdConfigError`] for what `sshd` does not start with, or what is beyond the limits.
    pub fn read(path: &str, files: &dyn ServerFiles) -> Result<Self, SshdConfigError> {
        let mut config = Self::default();
        config.add_file(path, files, None, 0, false)?;
        Ok(config)
    }

    /// All directives, `Match` among them and `Include` not.
    #[must_use]
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    /// The directives with a keyword, given in lower case, outside of `Match` blocks.
    pub fn global(&self, keyword: &str) -> impl Iterator<Item = &Directive> {
        self.directives.iter().filter(move |directive| !directive.in_match && directive.keyword == keyword)
    }

    fn add_file(
        &mut self,
        path: &str,
        files: &dyn ServerFiles,
        from: Option<&ConfigPlace>,
        depth: usize,
        in_match: bool,
    ) -> Result<(), SshdConfigError> {
        self.files += 1;
        if let Some(place) = from.filter(|_| self.files > CONFIG_FILES_MAX) {
            return Err(SshdConfigError::TooManyFiles { place: place.clone() });
        }
        let source = files.source(path).map_err(|error| SshdConfigError::Unreadable {
            path: path.to_owned(),
            place: from.cloned(),
            reason: error.to_string(),
        })?;
        self.bytes = self.bytes.saturating_add(source.bytes().len());
        if self.bytes > CONFIG_BYTES_MAX {
            return Err(SshdConfigError::TooLarge { path: path.to_owned() });
        }
        let text = String::from_utf8_lossy(source.bytes());
        let was_in_match = in_match;
        let mut in_match = in_match;
        for (line, text) in (1..).zip(text.split('\n')) {
            let place = ConfigPlace { path: path.to_owned(), line };
            let Some((keyword, rest)) = keyword(text) else { continue };
            let arguments = words(rest).ok_or_else(|| SshdConfigError::Quotes { place: place.clone() })?;
            if arguments.is_empty() {
                return Err(SshdConfigError::ArgumentMissing { place, keyword });
            }
            match keyword.as_str() {
                "include" => self.add_included(&arguments, files, &place, depth, in_match)?,
                "match" => {
                    // What is for all counts as if there were no block.
                    in_match =
                        was_in_match || !matches!(&*arguments, [all] if all.eq_ignore_ascii_case("all"));
                    self.directives.push(Directive { keyword, arguments, place, in_match });
                }
                _ => self.directives.push(Directive { keyword, arguments, place, in_match }),
            }
        }
        Ok(())
    }

    /// What an `Include` names. A `Match` inside ends with its file.
    fn add_included(
        &mut self,
        patterns: &[String],
        files: &dyn ServerFiles,
        place: &ConfigPlace,
        depth: usize,
        in_match: bool,
    ) -> Result<(), SshdConfigError> {
        if depth >= INCLUDE_DEPTH_MAX {
            return Err(SshdConfigError::TooDeep { place: place.clone() });
        }
        for pattern in patterns {
            let absolute = pattern.starts_with('/') || pattern.starts_with('~');
            let pattern = if absolute { pattern.clone() } else { format!("{INCLUDE_FOLDER}/{pattern}") };
            let paths = expand(&pattern, files);
            let paths = paths.ok_or_else(|| SshdConfigError::TooManyFiles { place: place.clone() })?;
            for path in paths {
                self.add_file(&path, files, Some(place), depth + 1, in_match)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
