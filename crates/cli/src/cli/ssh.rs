//! The arguments of `certgate ssh`.

mod verify;

use clap::Subcommand;

pub(crate) use verify::VerifyArguments;

#[derive(Subcommand)]
pub(crate) enum SshCommand {
    /// Decide about a host certificate as OpenSSH clients would, and say which step decided
    Verify(VerifyArguments),
}
