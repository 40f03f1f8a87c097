//! Why the job could not be done.

use std::fmt::{self, Display};
use std::io::{self, Write};

use certgate_facts::Span;

use crate::cli::ColorChoice;
use crate::handwritten::Fault;
use crate::output;

/// A failure in words, and hints at a way out.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    hints: Vec<String>,
    /// What else is wrong.
    more: Vec<Self>,
}

/// Failures that are told one by one; a longer list tells nobody more.
const TOLD_MAX: usize = 20;

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
        Self { kind: Kind::Input(what.to_string()), hints: Vec::new(), more: Vec::new() }
    }

    /// Several at once: one at least, in the order in which they are to be told.
    pub(crate) fn several(mut failures: Vec<Self>) -> Self {
        let left_out = failures.len().saturating_sub(TOLD_MAX);
        failures.truncate(TOLD_MAX);
        if left_out > 0 {
            failures.push(Self::input(format!("and {left_out} more")));
        }
        let mut rest = failures.into_iter();
        let first = rest.next().unwrap_or_else(|| Self::input("nothing is said of what is wrong"));
        Self { more: rest.collect(), ..first }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// The same as a fault of what stands somewhere, with the first hint.
    pub(crate) fn into_fault(self, span: Span) -> Fault {
        let fault = Fault::new(span, self.to_string());
        match self.hints.into_iter().next() {
            Some(hint) => fault.with_hint(hint),
            None => fault,
        }
    }

    /// The failure with its hints, in one line.
    pub(crate) fn in_one_line(&self) -> String {
        std::iter::once(self.to_string()).chain(self.hints.iter().cloned()).collect::<Vec<_>>().join("; ")
    }

    /// The failure and what else is wrong, each in one line.
    #[cfg(test)]
    pub(crate) fn all_in_lines(&self) -> String {
        std::iter::once(self).chain(&self.more).map(Self::in_one_line).collect::<Vec<_>>().join("\n")
    }

    /// Writes the failure to standard error; where that is gone too there is nobody left to tell.
    pub(crate) fn report(&self, color: ColorChoice) {
        let mut stderr = output::stderr(color);
        let _ = writeln!(stderr, "\u{1b}[1;31merror:\u{1b}[0m {self}");
        for hint in &self.hints {
            let _ = writeln!(stderr, "hint: {hint}");
        }
        self.more.iter().for_each(|failure| failure.report(color));
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
        Self { kind: Kind::Output(error), hints: Vec::new(), more: Vec::new() }
    }
}
