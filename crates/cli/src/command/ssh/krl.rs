//! `certgate ssh krl`: key revocation lists.

mod build;
mod query;
mod show;

use crate::cli::{ColorChoice, KrlCommand};
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs one of its commands.
pub(super) fn run(command: &KrlCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        KrlCommand::Show(arguments) => show::run(arguments, color),
        KrlCommand::Query(arguments) => query::run(arguments, color),
        KrlCommand::Build(arguments) => build::run(arguments, color),
    }
}
