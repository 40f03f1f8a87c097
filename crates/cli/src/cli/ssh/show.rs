//! The arguments of `certgate ssh show`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Format;

#[derive(Args)]
pub(crate) struct SshShowArguments {
    /// Public keys, certificates, known hosts, revocation lists; `-` is standard input
    ///
    /// What a file is, is found by its content.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// How to write the facts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}
