//! `certgate ssh`: the commands about OpenSSH, one file each.

mod known_hosts;
mod krl;
mod needs_renewal;
mod show;
mod sshd_config;
mod verify;

use crate::cli::{ColorChoice, SshCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs one of them.
pub(crate) fn run(command: &SshCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        SshCommand::Verify(arguments) => verify::run(arguments, color),
        SshCommand::Show(arguments) => show::run(arguments, color),
        SshCommand::Krl(command) => krl::run(command, color),
        SshCommand::KnownHosts(arguments) => known_hosts::run(arguments, color),
        SshCommand::SshdConfig(arguments) => sshd_config::run(arguments, color),
        SshCommand::NeedsRenewal(arguments) => needs_renewal::run(arguments, color),
    }
}
