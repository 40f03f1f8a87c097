//! Standard output and standard error.

use std::io::{self, Write};

use anstream::AutoStream;

use crate::cli::ColorChoice;

/// Standard output, written in blocks; colours are taken out where they do not belong.
///
/// Who has read enough ends nothing and changes no exit code: what comes after is written to nobody.
pub(crate) fn stdout(color: ColorChoice) -> Stdout {
    let stream = AutoStream::new(io::stdout(), resolve(color));
    Stdout(io::BufWriter::new(Unbroken { stream, is_broken: false }))
}

/// Standard output.
pub(crate) struct Stdout(io::BufWriter<Unbroken<AutoStream<io::Stdout>>>);

impl Stdout {
    /// Whether nobody reads any more, as far as is known: for what takes long to write.
    pub(crate) fn is_broken(&self) -> bool {
        self.0.get_ref().is_broken
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A writer that takes everything once its pipe is broken.
struct Unbroken<W> {
    stream: W,
    is_broken: bool,
}

impl<W: Write> Write for Unbroken<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.stream.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_broken = true;
                Ok(bytes.len())
            }
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.stream.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_broken = true;
                Ok(())
            }
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

/// Whether standard error takes colours.
pub(crate) fn has_color_on_stderr(color: ColorChoice) -> bool {
    match color {
        ColorChoice::Auto => AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// Standard error; colours are taken out where they do not belong.
pub(crate) fn stderr(color: ColorChoice) -> impl Write {
    AutoStream::new(io::stderr(), resolve(color))
}

/// Standard error as it is, for what has no colours.
pub(crate) fn plain_stderr() -> impl Write + Send {
    io::stderr()
}

fn resolve(color: ColorChoice) -> anstream::ColorChoice {
    match color {
        ColorChoice::Auto => anstream::ColorChoice::Auto,
        ColorChoice::Always => anstream::ColorChoice::Always,
        ColorChoice::Never => anstream::ColorChoice::Never,
    }
}
