//! `certgate ssh list`: certificates out of the ledger.

use std::io::Write;

use certgate_facts::Timestamp;
use certgate_report::ssh::certificate::{self, Entry, Revocation};
use certgate_store::{CertificateFilter, CertificateRecord, Certificates, Ledger, Standing};

use super::{ca, fault};
use crate::cli::{ColorChoice, Format, ListArguments, SelectionArguments, Status};
use crate::exit::Exit;
use crate::failure::Failure;

use crate::{clock, output};

/// Writes the certificates that the arguments select.
pub(crate) fn run(arguments: &ListArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let mut stdout = output::stdout(color);
    write(&mut stdout, &ledger, &arguments.selection, arguments.format)?;
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Writes those that are selected, as they are read.
pub(super) fn write(
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
pub(super) fn selected<'l>(
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
