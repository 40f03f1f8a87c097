//! The formats of verdicts.

use std::io::{self, Write};

use certgate_facts::Timestamp;
use certgate_rules::Level;

use crate::judged::Judged;
use crate::{github, gitlab, json, junit, sarif, text};

/// What verdicts are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// [Commands](github) to GitHub's runners.
    Github,
    /// GitLab's [code quality](gitlab).
    Gitlab,
    /// [JSON](json), version 1.
    Json,
    /// [Results of tests](junit), as XML.
    Junit,
    /// [SARIF](sarif) 2.1.0.
    Sarif,
    /// [Text](text) for people.
    Text(text::Style),
}

/// What is to be said of a run besides its verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The instant at which was judged.
    pub at: Timestamp,
    /// How much a finding weighs that fails the run; `None` where none does.
    pub fails_at: Option<Level>,
}

impl Run {
    /// Whether the run fails because of what was found.
    #[must_use]
    pub fn fails(self, verdicts: &[Judged]) -> bool {
        self.fails_at.is_some_and(|level| verdicts.iter().any(|verdict| verdict.has(level)))
    }
}

impl Format {
    /// Writes the verdicts of a run.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write(self, out: &mut dyn Write, verdicts: &[Judged], run: Run) -> io::Result<()> {
        match self {
            Self::Github => github::write(out, verdicts),
            Self::Gitlab => gitlab::write(out, verdicts),
            Self::Json => json::write(out, verdicts, run.at),
            Self::Junit => junit::write(out, verdicts, run),
            Self::Sarif => sarif::write(out, verdicts, run),
            Self::Text(style) => text::write(out, verdicts, style),
        }
    }
}

#[cfg(test)]
mod tests;
