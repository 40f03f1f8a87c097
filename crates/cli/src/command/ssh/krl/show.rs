//! `certgate ssh krl show`.

use std::io::Write;
use std::path::Path;

use certgate_report::ssh::revocations;
use certgate_sign::krl::RevocationList;

use crate::cli::{ColorChoice, Format, KrlShowArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, ssh_input};

/// Writes what is in the list.
pub(super) fn run(arguments: &KrlShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let list = ssh_input::revocation_list(&arguments.list)?;
    write(&arguments.list, &list, arguments.format, color)
}

/// Writes what is in the list of a file.
pub(super) fn write(
    path: &Path,
    list: &RevocationList,
    format: Format,
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let path = ssh_input::name(path);
    let mut stdout = output::stdout(color);
    match format {
        Format::Text => revocations::write_text(&mut stdout, &path, list)?,
        Format::Json => stdout.write_all(revocations::json(&path, list)?.as_bytes())?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}
