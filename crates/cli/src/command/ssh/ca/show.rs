//! `certgate ssh ca list` and `show`.

use std::io::Write;

use certgate_report::ssh::authority::{self, Authority, Counts};
use certgate_store::{AuthorityRecord, CertificateFilter, Certificates, Custody, Ledger, Standing};

use super::{fault, known, public_key};
use crate::cli::{CaListArguments, CaShowArguments, ColorChoice, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output};

/// Writes all authorities.
pub(super) fn list(arguments: &CaListArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let records = ledger.authorities().map_err(fault)?;
    let counted: Result<Vec<Counts>, Failure> =
        records.iter().map(|record| counts(&ledger, record)).collect();
    let authorities: Vec<Authority<'_>> =
        records.iter().zip(counted?).map(|(record, counts)| shown(record, counts)).collect();
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => authority::write_list(&mut stdout, &authorities)?,
        Format::Json => stdout.write_all(authority::json(&authorities)?.as_bytes())?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Writes one.
pub(super) fn one(arguments: &CaShowArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let ledger = arguments.state.state()?.ledger()?;
    let record = known(&ledger, &arguments.name)?;
    if arguments.public_key {
        return public_key(&record, color);
    }
    let authority = shown(&record, counts(&ledger, &record)?);
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => authority::write_one(&mut stdout, &authority)?,
        Format::Json => stdout.write_all(authority::json(&[authority])?.as_bytes())?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

fn shown(record: &AuthorityRecord, counts: Counts) -> Authority<'_> {
    Authority {
        name: record.name.as_str(),
        public_key: &record.public_key,
        comment: &record.comment,
        key_file: match &record.custody {
            Custody::KeyFile(path) => Some(path),
            Custody::Agent => None,
        },
        state: record.state.name(),
        state_since: record.state_since,
        added_at: record.added_at,
        succeeds: record.succeeds.as_ref().map(certgate_store::AuthorityName::as_str),
        next_serial: record.next_serial,
        counts,
    }
}

/// How its certificates stand.
fn counts(ledger: &dyn Ledger, record: &AuthorityRecord) -> Result<Counts, Failure> {
    let filter = CertificateFilter { authority: Some(record.name.clone()), ..CertificateFilter::default() };
    let (mut counts, now) = (Counts::default(), clock::now());
    for certificate in Certificates::of(ledger, filter) {
        match certificate.map_err(fault)?.standing(now) {
            Standing::Valid => counts.valid += 1,
            Standing::NotYetValid => counts.not_yet_valid += 1,
            Standing::Expired => counts.expired += 1,
            Standing::Revoked => counts.revoked += 1,
            Standing::Unfinished => counts.unfinished += 1,
            Standing::Abandoned => counts.abandoned += 1,
        }
    }
    Ok(counts)
}
