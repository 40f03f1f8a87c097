//! `certgate ssh krl query`.

use std::io::Write;
use std::path::Path;

use certgate_report::ssh::revocations::{Asked, Subject, queried_json, write_queried};
use certgate_sign::krl::Revocations;
use certgate_sign::verify::ClientVersion;

use crate::cli::{ColorChoice, Format, KrlQueryArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::ssh_input::{self, KeyOrCertificate};

/// What this version does not read, none does.
const NEWEST_KNOWN: ClientVersion = ClientVersion::new(10, 3);

/// Asks the list about each key and certificate; exit code 1 if any is revoked.
pub(super) fn run(arguments: &KrlQueryArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let list = ssh_input::revocation_list(&arguments.list)?;
    if let Some(unsupported) = list.unsupported_by(NEWEST_KNOWN) {
        return Err(ssh_input::unusable(&arguments.list, format!("no client reads the list: {unsupported}"))
            .with_hint(
                "clients that have it refuse every host; `certgate ssh krl show` shows what is in it",
            ));
    }
    let revocations = Revocations::of(&list);
    let mut asked = Vec::new();
    for path in &arguments.keys {
        asked.extend(answers(&revocations, path)?);
    }
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => write_queried(&mut stdout, &asked)?,
        Format::Json => {
            let path = ssh_input::name(&arguments.list);
            stdout.write_all(queried_json(&path, list.header(), &asked)?.as_bytes())?;
        }
    }
    stdout.flush()?;
    Ok(if asked.iter().any(|one| one.cause.is_some()) { Exit::Findings } else { Exit::Clean })
}

fn answers(revocations: &Revocations, path: &Path) -> Result<Vec<Asked>, Failure> {
    let lines = ssh_input::keys_and_certificates(path)?;
    let answer = |(line, one)| {
        let (subject, cause) = match &one {
            KeyOrCertificate::Key(key) => (Subject::Key, revocations.cause_for_key(key)),
            KeyOrCertificate::Certificate(certificate) => {
                let fields = certificate.fields().ok_or_else(|| {
                    let what =
                        format!("line {line}: certificates of type {} are not known", certificate.name());
                    ssh_input::unusable(path, what)
                })?;
                (Subject::Certificate, revocations.cause_for_certificate(fields))
            }
        };
        Ok(Asked { path: ssh_input::name(path), line, subject, cause })
    };
    lines.into_iter().map(answer).collect()
}
