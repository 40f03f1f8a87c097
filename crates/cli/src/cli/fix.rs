//! The arguments of `fix`.

use std::path::PathBuf;

use clap::Args;

use super::{ConfigArguments, LevelArguments};

#[derive(Args)]
pub(crate) struct FixArguments {
    /// Chains and private keys in PEM, in any order; a chain's key tells which certificate is the leaf; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// Repair the files in place instead of showing what would change
    ///
    /// Each file is replaced whole, keeps its owner and its mode, and is refused if it is a symbolic link or has changed since it
    /// was read. One with a private key is left to its owner alone.
    #[arg(long, conflicts_with = "diff")]
    pub(crate) write: bool,

    /// Show what would change and leave the files as they are, which is done unless --write is given
    #[arg(long)]
    pub(crate) diff: bool,

    /// Drop, too, what the chain does not need: unrelated certificates, the root that clients have, parameters
    #[arg(long = "unsafe")]
    pub(crate) is_unsafe: bool,

    /// Judge as of this time (RFC 3339, or a date) instead of now
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<certgate_facts::Timestamp>,

    #[command(flatten)]
    pub(crate) levels: LevelArguments,

    #[command(flatten)]
    pub(crate) config: ConfigArguments,
}
