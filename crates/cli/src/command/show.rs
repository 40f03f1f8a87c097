//! `certgate show`.

use std::io::Write;

use certgate_report::show;
use certgate_rules::TlsUpload;

use crate::cli::{ColorChoice, Format, ShowArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::{Item, Survey};
use crate::{input, output, threads};

/// Writes the facts of what the arguments name.
pub(crate) fn run(arguments: &ShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    if let Some(upload) = input::of_fields(&arguments.input)? {
        write(&mut stdout, arguments.format, &Item::Upload(Box::new(upload)))?;
        stdout.flush()?;
        return Ok(Exit::Clean);
    }
    let survey = Survey::of(&arguments.input.files, &arguments.input.passphrases, threads::available())?;
    let mut unread = Vec::new();
    let mut is_first = true;
    for number in 0..survey.items() {
        match survey.item(number) {
            Ok(item) => {
                if !is_first && arguments.format == Format::Text {
                    writeln!(stdout)?;
                }
                is_first = false;
                write(&mut stdout, arguments.format, &item)?;
            }
            Err(failure) => unread.push(failure),
        }
    }
    stdout.flush()?;
    Ok(survey.tell(color, unread)?.unwrap_or(Exit::Clean))
}

fn write(out: &mut dyn Write, format: Format, item: &Item) -> Result<(), Failure> {
    match (format, item) {
        (Format::Text, Item::Upload(upload)) => write_text(out, upload),
        (Format::Text, Item::Ssh(reading)) => Ok(show::write_reading(out, reading)?),
        (Format::Json, Item::Upload(upload)) => Ok(out.write_all(json(upload)?.as_bytes())?),
        (Format::Json, Item::Ssh(reading)) => Ok(out.write_all(show::reading_json(reading)?.as_bytes())?),
    }
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
