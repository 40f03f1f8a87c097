//! `certgate ssh needs-renewal`.

use std::io::Write;

use certgate_report::ssh::renewals::{OfCertificate, Renewals, State};

use crate::cli::{ColorChoice, Format, NeedsRenewalArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, ssh_input};

/// Writes which certificates are due; exit code 1 if any is, 2 if of any it could not be told.
pub(super) fn run(arguments: &NeedsRenewalArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let (at, fraction) = (clock::at(arguments.at), arguments.fraction);
    let of = |path: &std::path::PathBuf| {
        let name = ssh_input::name(path);
        match ssh_input::certificate(path) {
            Ok(certificate) => OfCertificate::of(&name, &certificate, fraction, at),
            Err(failure) => OfCertificate::unknown(&name, failure.to_string()),
        }
    };
    let renewals = Renewals::new(arguments.files.iter().map(of).collect(), fraction, at);
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => renewals.write_text(&mut stdout)?,
        Format::Json => stdout.write_all(renewals.json()?.as_bytes())?,
    }
    stdout.flush()?;
    let has = |state| renewals.certificates.iter().any(|one| one.state == state);
    Ok(match (has(State::Unknown), has(State::Due)) {
        (true, _) => Exit::Failed,
        (false, true) => Exit::Findings,
        (false, false) => Exit::Clean,
    })
}
