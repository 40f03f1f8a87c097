//! `certgate config`.

use std::io::Write;

use crate::cli::{ColorChoice, ConfigCommand, Format};
use crate::config::{Config, Listing, SCHEMA};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Writes what is in force, or what may be.
pub(crate) fn run(command: &ConfigCommand, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    match command {
        ConfigCommand::Schema => stdout.write_all(SCHEMA.as_bytes())?,
        ConfigCommand::Show(arguments) => {
            let config = Config::in_force(&arguments.config)?;
            let listing = Listing::of(&config, arguments)?;
            match arguments.format {
                Format::Text => listing.write_text(&mut stdout)?,
                Format::Json => listing.write_json(&mut stdout)?,
            }
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}
