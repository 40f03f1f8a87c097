//! Standard output and standard error.

use std::io::{self, Write};

use anstream::AutoStream;

use crate::cli::ColorChoice;

/// Standard output, written in blocks; colours are taken out where they do not belong.
pub(crate) fn stdout(color: ColorChoice) -> impl Write {
    io::BufWriter::new(AutoStream::new(io::stdout(), resolve(color)))
}

/// Whether standard output takes colours.
pub(crate) fn has_color(color: ColorChoice) -> bool {
    match color {
        ColorChoice::Auto => AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// Standard error; colours are taken out where they do not belong.
pub(crate) fn stderr(color: ColorChoice) -> impl Write {
    AutoStream::new(io::stderr(), resolve(color))
}

fn resolve(color: ColorChoice) -> anstream::ColorChoice {
    match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}
