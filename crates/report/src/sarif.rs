//! Verdicts as SARIF 2.1.0 (OASIS), as GitHub's code scanning and other viewers take it.
//!
//! Each finding is a result with a region of four coordinates, and a fingerprint that neither the order of blocks nor the day
//! changes. What the policy allows, or a baseline knows, stays there as suppressed: who leaves it out makes its alert close and open again.

mod result;
mod rule;

use std::cmp::Reverse;
use std::io::{self, Write};

use serde::Serialize;

use crate::format::Run;
use crate::identity::{Found, found};
use crate::json::pretty;
use crate::judged::Judged;
use crate::tally::counted;

pub use result::*;
pub use rule::*;

/// Where the schema is.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The most results that code scanning takes of a run; it refuses a log with more. It shows the worst 5,000 of them.
pub const RESULTS_MAX: usize = 25_000;

/// A whole file.
#[derive(Clone, Debug, Serialize)]
pub struct Log {
    /// Where the schema is.
    #[serde(rename = "$schema")]
    pub schema: &'static str,
    /// The version of SARIF: `2.1.0`.
    pub version: &'static str,
    /// One run.
    pub runs: [SarifRun; 1],
}

/// A run of the tool.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifRun {
    /// The tool.
    pub tool: Tool,
    /// How it ended.
    pub invocations: [Invocation; 1],
    /// What columns count: `unicodeCodePoints`.
    pub column_kind: &'static str,
    /// The files that results are in.
    pub artifacts: Vec<Artifact>,
    /// The findings.
    pub results: Vec<SarifResult>,
}

/// The tool.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// What it is made of.
    pub driver: Driver,
}

/// What the tool is and knows.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Driver {
    /// What it is called.
    pub name: &'static str,
    /// Its version.
    pub semantic_version: &'static str,
    /// The rules that results name.
    pub rules: Vec<SarifRule>,
}

/// How a run ended.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Invocation {
    /// Whether everything was judged, whatever was found: always, or there is no file.
    pub execution_successful: bool,
    /// The exit code: 1 where something was found that weighs enough, else 0.
    pub exit_code: u8,
    /// What is to be said of the log itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_execution_notifications: Vec<Notification>,
}

/// Something to be said of the log itself.
#[derive(Clone, Debug, Serialize)]
pub struct Notification {
    /// How much it weighs.
    pub level: SarifLevel,
    /// What is to be said.
    pub message: Text,
}

/// A file that was read.
#[derive(Clone, Debug, Serialize)]
pub struct Artifact {
    /// Where it is.
    pub location: FileLocation,
}

/// Where a file is.
#[derive(Clone, Debug, Serialize)]
pub struct FileLocation {
    /// The path as given, as a reference to a resource.
    pub uri: String,
}

/// Writes the verdicts of a run: of more than [`RESULTS_MAX`] findings the worst, and how many are left out.
///
/// # Errors
/// What `out` answers.
pub fn write(out: &mut dyn Write, verdicts: &[Judged], run: Run) -> io::Result<()> {
    out.write_all(pretty(&Log::of(verdicts, run))?.as_bytes())
}

impl Log {
    /// What is to be written of the verdicts of a run.
    #[must_use]
    pub fn of(verdicts: &[Judged], run: Run) -> Self {
        Self::with_at_most(RESULTS_MAX, verdicts, run)
    }

    pub(crate) fn with_at_most(results_max: usize, verdicts: &[Judged], run: Run) -> Self {
        let all: Vec<Found<'_>> = found(verdicts).into_iter().flatten().collect();
        let left_out = all.len().saturating_sub(results_max);
        let found = worst(all, results_max);
        let rules = Rules::of(&found);
        let files = Files::of(&found);
        let results = found.iter().map(|found| SarifResult::of(found, &rules, &files)).collect();
        let driver = Driver {
            name: "certgate",
            semantic_version: env!("CARGO_PKG_VERSION"),
            rules: rules.into_sarif(),
        };
        let invocation = Invocation {
            execution_successful: true,
            exit_code: u8::from(run.fails(verdicts)),
            tool_execution_notifications: notification(left_out).into_iter().collect(),
        };
        let artifacts = files.into_artifacts();
        let run = SarifRun {
            tool: Tool { driver },
            invocations: [invocation],
            column_kind: "unicodeCodePoints",
            artifacts,
            results,
        };
        Self { schema: SCHEMA, version: "2.1.0", runs: [run] }
    }
}

/// At most so many, in the order in which they were; what the policy allows goes first.
fn worst(found: Vec<Found<'_>>, results_max: usize) -> Vec<Found<'_>> {
    let mut ranked: Vec<_> = found.into_iter().enumerate().collect();
    ranked.sort_by_key(|(_, found)| (!found.is_reported(), Reverse(found.finding.level())));
    ranked.truncate(results_max);
    ranked.sort_by_key(|(index, _)| *index);
    ranked.into_iter().map(|(_, found)| found).collect()
}

fn notification(left_out: usize) -> Option<Notification> {
    let text = format!("{} are left out: code scanning takes no more", counted(left_out, "finding"));
    (left_out > 0).then(|| Notification { level: SarifLevel::Warning, message: Text::plain(&text) })
}
