//! `certgate ssh krl show`.

use std::io::Write;

use certgate_report::ssh::revocations;

use crate::cli::{ColorChoice, Format, KrlShowArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, ssh_input};

/// Writes what is in the list.
pub(super) fn run(arguments: &KrlShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let list = ssh_input::revocation_list(&arguments.list)?;
    let path = ssh_input::name(&arguments.list);
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => revocations::write_text(&mut stdout, &path, &list)?,
        Format::Json => stdout.write_all(revocations::json(&path, &list)?.as_bytes())?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}
