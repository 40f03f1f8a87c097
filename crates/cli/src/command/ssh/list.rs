//! `certgate ssh list` and `export`: certificates out of the ledger.

use std::io::Write;
use std::path::Path;

use certgate_facts::Timestamp;
use certgate_report::ssh::certificate::{self, Entry, Revocation};
use certgate_store::{CertificateFilter, CertificateRecord, Certificates, Ledger, Standing};

use super::{ca, fault};
use crate::cli::{ColorChoice, ExportArguments, ExportAs, Format, ListArguments, SelectionArguments, Status};
use crate::exit::Exit;
use crate::failure::Failure;

use crate::{clock, output, replacement};

/// Writes the certificates that the arguments select.
pub(crate) fn run(arguments: &ListArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let mut stdout = output::stdout(color);
    write(&mut stdout, &ledger, &arguments.selection, arguments.format)?;
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Writes them for somebody else.
pub(crate) fn export(arguments: &ExportArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let mut stdout = output::stdout(color);
    match arguments.form {
        ExportAs::Json => write(&mut stdout, &ledger, &arguments.selection, Format::Json)?,
        ExportAs::ApiRequest => {
            let id = arguments.authority_id.as_deref().unwrap_or_default();
            for record in selected(&ledger, &arguments.selection)? {
                let record = record?;
                if record.certificate().is_some() {
                    certificate::write_api_request(&mut stdout, record.fields(), id)?;
                }
            }
        }
        ExportAs::Files => {
            let folder = arguments.out_dir.as_deref().unwrap_or_else(|| Path::new("."));
            let mut written = 0_usize;
            for record in selected(&ledger, &arguments.selection)? {
                written += usize::from(write_file(folder, &record?)?);
            }
            writeln!(output::stderr(color), "{written} certificates written to `{}`", folder.display())?;
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn write(
    out: &mut dyn Write,
    ledger: &dyn Ledger,
    selection: &SelectionArguments,
    format: Format,
) -> Result<(), Failure> {
    let at = clock::at(selection.at);
    let mut list = certificate::List::begin(out, format == Format::Json)?;
    for record in selected(ledger, selection)? {
        let record = record?;
        let revocation = match record.revocation() {
            Some(id) => ledger.revocation(id).map_err(fault)?,
            None => None,
        };
        let revocation = revocation.as_ref().map(|found| Revocation { at: found.at, reason: &found.reason });
        list.add(&entry(&record, at, revocation))?;
    }
    Ok(list.end()?)
}

fn entry<'a>(record: &'a CertificateRecord, at: Timestamp, revocation: Option<Revocation<'a>>) -> Entry<'a> {
    Entry {
        number: record.id().number(),
        authority: record.authority_name().as_str(),
        standing: record.standing(at).name(),
        fields: record.fields(),
        certificate: record.certificate(),
        reserved_at: record.reserved_at(),
        closed_at: record.closed_at(),
        revocation,
    }
}

/// The certificates that are asked for.
fn selected<'l>(
    ledger: &'l dyn Ledger,
    selection: &SelectionArguments,
) -> Result<impl Iterator<Item = Result<CertificateRecord, Failure>> + 'l, Failure> {
    if let Some(name) = &selection.ca {
        ca::known(ledger, name)?;
    }
    let standing = selection.status.map(|status| (standing(status), clock::at(selection.at)));
    let filter = CertificateFilter {
        authority: selection.ca.clone(),
        serial: selection.serial,
        key_id: selection.key_id.clone().map(String::into_bytes),
        principal: selection.principal.clone().map(String::into_bytes),
        host_key: selection.host_key.clone(),
        standing,
        expiring_before: selection.expiring_before,
        signed: false,
    };
    Ok(Certificates::of(ledger, filter).map(|record| record.map_err(fault)))
}

const fn standing(status: Status) -> Standing {
    match status {
        Status::Valid => Standing::Valid,
        Status::NotYetValid => Standing::NotYetValid,
        Status::Expired => Standing::Expired,
        Status::Revoked => Standing::Revoked,
        Status::Unfinished => Standing::Unfinished,
        Status::Abandoned => Standing::Abandoned,
    }
}

/// Writes a certificate's file, named after its authority and serial, for key ids may be anything; whether there was one.
fn write_file(folder: &Path, record: &CertificateRecord) -> Result<bool, Failure> {
    let Some(certificate) = record.certificate() else { return Ok(false) };
    let name = format!("{}-{}-cert.pub", record.authority_name(), record.fields().serial());
    let line = certificate.to_line("") + "\n";
    replacement::write(&folder.join(name), line.as_bytes())?;
    Ok(true)
}
