//! The arguments of `certgate ssh`.

mod known_hosts;
mod krl;
mod needs_renewal;
mod show;
mod sshd_config;
mod verify;

use clap::Subcommand;

pub(crate) use known_hosts::KnownHostsArguments;
pub(crate) use krl::{KeysAs, KrlBuildArguments, KrlCommand, KrlQueryArguments, KrlShowArguments};
pub(crate) use needs_renewal::NeedsRenewalArguments;
pub(crate) use show::SshShowArguments;
pub(crate) use sshd_config::SshdConfigArguments;
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
    /// Write the lines by which clients know authorities, and keys that are revoked
    KnownHosts(KnownHostsArguments),
    /// Write what a server needs to show its certificates, and to have them renewed
    SshdConfig(SshdConfigArguments),
    /// Ask which certificates are to be renewed: exit code 0 none, 1 some, 2 could not tell
    NeedsRenewal(NeedsRenewalArguments),
}
