//! The arguments of `certgate ssh`.

mod krl;
mod show;
mod verify;

use clap::Subcommand;

pub(crate) use krl::{KeysAs, KrlBuildArguments, KrlCommand, KrlQueryArguments, KrlShowArguments};
pub(crate) use show::SshShowArguments;
pub(crate) use verify::VerifyArguments;

#[derive(Subcommand)]
pub(crate) enum SshCommand {
    /// Decide about a host certificate as OpenSSH clients would, and say which step decided
    Verify(VerifyArguments),
    /// Show what public keys, certificates, known hosts and revocation lists say
    Show(SshShowArguments),
    /// Show, ask and build key revocation lists
    #[command(subcommand)]
    Krl(KrlCommand),
}
