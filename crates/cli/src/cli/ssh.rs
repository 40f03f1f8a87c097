//! The arguments of `certgate ssh`.

mod krl;
mod verify;

use clap::Subcommand;

pub(crate) use krl::{KeysAs, KrlBuildArguments, KrlCommand, KrlQueryArguments, KrlShowArguments};
pub(crate) use verify::VerifyArguments;

#[derive(Subcommand)]
pub(crate) enum SshCommand {
    /// Decide about a host certificate as OpenSSH clients would, and say which step decided
    Verify(VerifyArguments),
    /// Show, ask and build key revocation lists
    #[command(subcommand)]
    Krl(KrlCommand),
}
