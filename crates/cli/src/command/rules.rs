//! `certgate rules`.

use std::io::Write;

use certgate_report::rule_list;

use crate::cli::{ColorChoice, Format, RulesArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Writes the list of rules.
pub(crate) fn run(arguments: &RulesArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => rule_list::write_text(&mut stdout)?,
        Format::Json => rule_list::write_json(&mut stdout)?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}
