//! `certgate ssh`: the commands about OpenSSH, one file each.

mod audit;
mod ca;
mod doctor;
mod export;
mod issue;
mod krl;
mod list;
mod revoke;
mod known_hosts;
mod needs_renewal;
mod show;
mod sshd_config;
mod verify;

use std::fmt::Display;

use crate::cli::{ColorChoice, SshCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs one of them.
pub(crate) fn run(command: &SshCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        SshCommand::Ca(command) => ca::run(command, color),
        SshCommand::Issue(arguments) => issue::issue(arguments, color),
        SshCommand::Renew(arguments) => issue::renew(arguments, color),
        SshCommand::Revoke(arguments) => revoke::run(arguments, color),
        SshCommand::List(arguments) => list::run(arguments, color),
        SshCommand::Export(arguments) => export::run(arguments, color),
        SshCommand::Audit(command) => audit::run(command, color),
        SshCommand::Verify(arguments) => verify::run(arguments, color),
        SshCommand::Show(arguments) => show::run(arguments, color),
        SshCommand::Krl(command) => krl::run(command, color),
        SshCommand::KnownHosts(arguments) => known_hosts::run(arguments, color),
        SshCommand::SshdConfig(arguments) => sshd_config::run(arguments, color),
        SshCommand::Doctor(arguments) => doctor::run(arguments, color),
        SshCommand::NeedsRenewal(arguments) => needs_renewal::run(arguments, color),
    }
}

/// What the ledger or a signer says no to.
fn fault(error: impl Display) -> Failure {
    Failure::input(error)
}
