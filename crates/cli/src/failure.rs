//! Why the job could not be done.

use std::fmt::{self, Display};
use std::io::{self, Write};

use crate::cli::ColorChoice;
use crate::output;

/// A failure in words, and hints at a way out.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    hints: Vec<String>,
}

#[derive(Debug)]
enum Kind {
    /// Something given cannot be used; what, in words.
    Input(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl Failure {
    /// Something given cannot be used.
    pub(crate) fn input(what: impl Display) -> Self {
        Self { kind: Kind::Input(what.to_string()), hints: Vec::new() }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The failure with its hints, in one line.
    pub(crate) fn in_one_line(&self) -> String {
        std::iter::once(self.to_string()).chain(self.hints.iter().cloned()).collect::<Vec<_>>().join("; ")
    }

    /// Writes the failure to standard error; where that is gone too there is nobody left to tell.
    pub(crate) fn report(&self, color: ColorChoice) {
        let mut stderr = output::stderr(color);
        let _ = writeln!(stderr, "\u{1b}[1;31merror:\u{1b}[0m {self}");
        for hint in &self.hints {
            let _ = writeln!(stderr, "hint: {hint}");
        }
    }
}

/// What is wrong, without the hints.
impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Input(what) => f.write_str(what),
            Kind::Output(error) => write!(f, "cannot write the output: {error}"),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self { kind: Kind::Output(error), hints: Vec::new() }
    }
}
