//! `certgate explain`.

use std::io::Write;

use crate::cli::{ColorChoice, ExplainArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, policy};

/// Writes what a word means.
pub(crate) fn run(arguments: &ExplainArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let text = certgate_report::explain::text(&arguments.word)
        .ok_or_else(|| policy::unknown_rule(&arguments.word))?;
    let mut stdout = output::stdout(color);
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Clean)
}
