//! What was found before.

use std::path::PathBuf;

use clap::Args;

// What was found before.
#[derive(Args)]
pub(crate) struct BaselineArguments {
    /// Do not report what stands in this file: what was found when it was written
    ///
    /// Findings are recognised by path, rule and what they are about, wherever in a file that stands; a certificate that was renewed is
    /// another. What stands there and is not found any more is told on standard error. `push` knows no baseline: nothing becomes
    /// acceptable to the API by it.
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write what is found now into the baseline, and nothing else: run it over all that the baseline is for
    #[arg(long, requires = "baseline")]
    pub(crate) write_baseline: bool,
}
