//! `certgate show`.

use std::io::Write;

use certgate_report::show;
use certgate_rules::TlsUpload;

use crate::cli::{ColorChoice, Format, ShowArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, output};

/// Writes the facts of what the arguments name.
pub(crate) fn run(arguments: &ShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let given = input::given(&arguments.input)?;
    let mut stdout = output::stdout(color);
    for (index, upload) in given.uploads.iter().enumerate() {
        match arguments.format {
            Format::Text => {
                if index > 0 {
                    writeln!(stdout)?;
                }
                write_text(&mut stdout, upload)?;
            }
            Format::Json => stdout.write_all(json(upload)?.as_bytes())?,
        }
    }
    for (index, reading) in given.openssh.iter().enumerate() {
        match arguments.format {
            Format::Text => {
                if index + given.uploads.len() > 0 {
                    writeln!(stdout)?;
                }
                show::write_reading(&mut stdout, reading)?;
            }
            Format::Json => stdout.write_all(show::reading_json(reading)?.as_bytes())?,
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn write_text(out: &mut dyn Write, upload: &TlsUpload) -> Result<(), Failure> {
    if upload.certificates().next().is_some() {
        return Ok(show::write_upload(out, upload)?);
    }
    for slot in [upload.certificate(), upload.private_key()] {
        if slot.is_given() {
            show::write_reading(out, slot.reading())?;
        }
    }
    Ok(())
}

/// The API's fields of a chain; what else a source holds where there is none.
fn json(upload: &TlsUpload) -> Result<String, Failure> {
    if upload.certificate().entries().any(certgate_facts::Entry::is_certificate) {
        let name = upload.certificate().reading().source().name().escape_debug();
        return show::tls_certificate_json(upload).ok_or_else(|| {
            Failure::input(format!("the leaf in `{name}` does not read"))
                .with_hint(format!("`certgate check {name}` says why"))
        });
    }
    let given = [upload.certificate(), upload.private_key()].into_iter().filter(|slot| slot.is_given());
    let texts: Result<Vec<String>, _> = given.map(|slot| show::reading_json(slot.reading())).collect();
    Ok(texts?.concat())
}
