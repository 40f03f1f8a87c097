//! The findings that were there before: a file of them, as JSON (RFC 8259).
//!
//! Each is known by its path, its rule and the fingerprint that [SARIF](crate::sarif) has, too. They are sorted, and each stands on a
//! line of its own, so that a review shows which came and which went. What is known is
//! [not reported](certgate_rules::Suppression::Known); nothing becomes clear by it that the API would refuse.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write};

use certgate_rules::Suppression;
use serde::{Deserialize, Serialize};

use crate::identity::found;
use crate::judged::Judged;

/// The JSON Schema (draft 2020-12) of version 1; it allows no field it does not name.
pub const SCHEMA: &str = include_str!("baseline/baseline.schema.json");

/// The version that is written and read.
const VERSION: u64 = 1;

/// Findings that were there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    findings: BTreeSet<KnownFinding>,
}

/// A finding that was there before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KnownFinding {
    /// The path, as seen from the folder of the baseline; `-` for standard input.
    pub path: String,
    /// The name of the rule, such as `leaf-expired`.
    pub rule: String,
    /// What it is recognised by, and its number among those of the file that are the same.
    pub fingerprint: String,
}

/// The whole file.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    /// The version of this format: 1.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u64,
    /// What is known, sorted.
    findings: Vec<KnownFinding>,
}

/// Why a file is no baseline.
#[derive(Debug)]
pub enum NoBaseline {
    /// It is not JSON, or has other fields than a baseline: what, and where.
    Json(serde_json::Error),
    /// It is of this version, which is not known.
    Version(u64),
}

impl fmt::Display for NoBaseline {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(formatter, "{error}"),
            Self::Version(version) => write!(formatter, "version {version}, where only {VERSION} is known"),
        }
    }
}

impl std::error::Error for NoBaseline {}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// [`NoBaseline`], where it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, NoBaseline> {
        let file: BaselineFile = serde_json::from_slice(bytes).map_err(NoBaseline::Json)?;
        match file.version {
            VERSION => Ok(Self { findings: file.findings.into_iter().collect() }),
            other => Err(NoBaseline::Version(other)),
        }
    }

    /// What is reported of verdicts; `seen` gives the path of a source as it is to be written.
    #[must_use]
    pub fn of(verdicts: &[Judged], seen: impl Fn(&str) -> String) -> Self {
        let reported = found(verdicts).into_iter().flatten().filter(|found| found.is_reported());
        let findings = reported.map(|found| KnownFinding {
            path: seen(found.finding.primary().path()),
            rule: found.finding.rule().name().to_owned(),
            fingerprint: found.in_any_file(),
        });
        Self { findings: findings.collect() }
    }

    /// How many findings are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.findings.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    /// Reports no longer what is known, and gives what is known and was not found; `seen` is as for [`Baseline::of`].
    pub fn suppress(&self, verdicts: &mut [Judged], seen: impl Fn(&str) -> String) -> Vec<&KnownFinding> {
        let mut gone: BTreeSet<&KnownFinding> = self.findings.iter().collect();
        // Asked for each finding that is reported, in the order in which they are.
        let known_by_case: Vec<Vec<bool>> = found(verdicts)
            .into_iter()
            .map(|case| {
                let reported = case.iter().filter(|found| found.is_reported());
                let is_known = reported.map(|found| {
                    let known = KnownFinding {
                        path: seen(found.finding.primary().path()),
                        rule: found.finding.rule().name().to_owned(),
                        fingerprint: found.in_any_file(),
                    };
                    gone.remove(&known);
                    self.findings.contains(&known)
                });
                is_known.collect()
            })
            .collect();
        for (judged, are_known) in verdicts.iter_mut().zip(known_by_case) {
            let mut are_known = are_known.into_iter();
            judged.suppress(|_| are_known.next().unwrap_or_default().then_some(Suppression::Known));
        }
        gone.into_iter().collect()
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What `out` answers.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\n  \"version\": {VERSION},\n  \"findings\": [")?;
        for (index, finding) in self.findings.iter().enumerate() {
            write!(out, "{}\n    ", if index == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut *out, finding)?;
        }
        writeln!(out, "{}]\n}}", if self.is_empty() { "" } else { "\n  " })
    }
}

#[cfg(test)]
mod tests;
