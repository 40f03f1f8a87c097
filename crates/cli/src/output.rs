//! Standard output and standard error.

use std::io::{self, Write};

use anstream::AutoStream;

use crate::cli::ColorChoice;

/// Standard output, written in blocks; colours are taken out where they do not belong.
///
/// Who has read enough ends nothing and changes no exit code: what comes after is written to nobody.
pub(crate) fn stdout(color: ColorChoice) -> impl Write {
    io::BufWriter::new(Unbroken(AutoStream::new(io::stdout(), resolve(color))))
}

/// A writer that takes everything once its pipe is broken.
struct Unbroken<W>(W);

impl<W: Write> Write for Unbroken<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
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
