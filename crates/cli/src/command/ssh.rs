//! `certgate ssh`: the commands about OpenSSH, one file each.

mod krl;
mod show;
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
    }
}
