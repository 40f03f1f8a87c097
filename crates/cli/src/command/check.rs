//! `certgate check`.

use std::io::Write;

use certgate_report::{json, text};
use certgate_rules::{Level, TlsUpload, Verdict, judge};

use crate::cli::{CheckArguments, ColorChoice, FailOn, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, output, policy};

/// Judges what the arguments name and writes the verdicts.
pub(crate) fn run(arguments: &CheckArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let policy = policy::of(arguments)?;
    let uploads = input::uploads(&arguments.input)?;
    refuse_openssh(&uploads)?;
    let with_texts = |upload: TlsUpload| {
        upload.with_description(arguments.description.as_str()).with_metadata(arguments.metadata.as_str())
    };
    let verdicts: Vec<Verdict<TlsUpload>> =
        uploads.into_iter().map(|upload| judge(with_texts(upload), &policy)).collect();
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => {
            let style =
                text::Style { color: output::has_color(color), quiet: arguments.quiet, ..text::Style::PLAIN };
            text::write(&mut stdout, &verdicts, style)?;
        }
        Format::Json => json::write(&mut stdout, &verdicts, policy.at())?,
    }
    stdout.flush()?;
    let fails = match arguments.fail_on {
        FailOn::Error => verdicts.iter().any(|verdict| verdict.has(Level::Error)),
        FailOn::Warning => verdicts.iter().any(|verdict| verdict.has(Level::Warning)),
        FailOn::Never => false,
    };
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

/// OpenSSH keys are read, but no rule judges them: to pass over them would look like a verdict.
fn refuse_openssh(uploads: &[TlsUpload]) -> Result<(), Failure> {
    let readings =
        uploads.iter().flat_map(|upload| [upload.certificate().reading(), upload.private_key().reading()]);
    match readings.into_iter().find(|reading| !reading.ssh_lines().is_empty()) {
        None => Ok(()),
        Some(reading) => {
            let name = reading.source().name().escape_debug();
            Err(Failure::input(format!("`{name}` holds OpenSSH keys, which `check` does not judge"))
                .with_hint(format!("`certgate show {name}` shows what they say")))
        }
    }
}
