//! `certgate ssh show`.

use std::io::Write;
use std::path::Path;

use certgate_facts::Reading;
use certgate_report::ssh::inspection::{self, File};
use certgate_sign::krl::{REVOCATION_LIST_MAGIC, RevocationList};

use crate::cli::{ColorChoice, Format, SshShowArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, output, ssh_input};

/// Writes what the files say, one after the other.
pub(super) fn run(arguments: &SshShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut files = Vec::new();
    for path in &arguments.files {
        files.push((ssh_input::name(path), file(path)?));
    }
    let mut stdout = output::stdout(color);
    for (index, (path, file)) in files.iter().enumerate() {
        match arguments.format {
            Format::Text => {
                if index > 0 {
                    writeln!(stdout)?;
                }
                inspection::write_text(&mut stdout, path, file)?;
            }
            Format::Json => stdout.write_all(inspection::json(path, file)?.as_bytes())?,
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn file(path: &Path) -> Result<File, Failure> {
    let source = input::source(path)?;
    if source.bytes().starts_with(&REVOCATION_LIST_MAGIC) {
        let list = RevocationList::read(source.bytes()).map_err(|error| ssh_input::unusable(path, error))?;
        return Ok(File::RevocationList(list));
    }
    let reading = Reading::of(source);
    if reading.ssh_lines().is_empty() {
        return Err(ssh_input::no_line(path, &reading));
    }
    Ok(File::Lines(reading))
}
