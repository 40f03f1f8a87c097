//! A yes, asked for on the terminal.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};

use crate::failure::Failure;

/// Whether the answer to a question is yes, typed on the terminal wherever standard input and output go.
pub(crate) fn is_given(question: &str) -> Result<bool, Failure> {
    let terminal = OpenOptions::new().read(true).write(true).open("/dev/tty");
    let answered = terminal.and_then(|mut terminal| {
        write!(terminal, "{question} [y/N] ")?;
        let mut answer = String::new();
        BufReader::new(terminal).read_line(&mut answer)?;
        Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
    });
    answered.map_err(|error| {
        Failure::input(format!("{question} There is no terminal to answer on: {error}"))
            .with_hint("nothing was done: say --yes")
    })
}
