//! Signing, recording, and writing what was recorded.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use certgate_sign::{IssuedCertificate, Signer};
use certgate_store::{AuthorityRecord, Issuance, Issued, Ledger, NotIssued, Outcome, issue};
use indicatif::{ProgressBar, ProgressDrawTarget};

use super::Job;
use super::row::{Row, Stage};
use crate::cli::ColorChoice;
use crate::command::ssh::fault;
use crate::failure::Failure;
use crate::{authority_key, clock, output, randomness, replacement};

/// From so many on, a run shows how far it is.
const PROGRESS_FROM: usize = 200;
/// What comforts where a file could not be written.
const IN_THE_LEDGER: &str =
    "the certificate is in the ledger: `certgate ssh export --as files` writes it again";

/// Signs what is to be signed, authority by authority, and writes the files. The outer error is one before anything was
/// signed; the inner one ended the run early: what was done until then is in the rows.
pub(super) fn sign(job: &mut Job<'_>, rows: &mut [Row]) -> Result<Result<(), Failure>, Failure> {
    let authorities = job.ledger.authorities().map_err(fault)?;
    let is_written = |row: &&Row| matches!(row.stage, Stage::ToBeCopied(_) | Stage::ToBeSigned(..));
    replacement::remove_leftovers(rows.iter().filter(is_written).filter_map(|row| row.out.as_deref()));
    // All keys are opened before anything is done: a passphrase that is wrong ends nothing halfway.
    let mut work = Vec::new();
    for (index, authority) in authorities.iter().enumerate() {
        let waiting = |row: &Row| matches!(row.stage, Stage::ToBeSigned(of, _) if of == index);
        let places: Vec<usize> =
            rows.iter().enumerate().filter(|(_, row)| waiting(row)).map(|(place, _)| place).collect();
        if places.is_empty() {
            continue;
        }
        let signer = authority_key::signer(&job.state, authority, job.signing.passphrase_file.as_deref())?;
        work.push((authority, signer, places));
    }
    for row in rows.iter_mut() {
        if let Stage::ToBeCopied(line) = &row.stage {
            let written = row.out.as_deref().map(|path| replacement::write_copy(path, line.as_bytes()));
            row.stage = Stage::Copied;
            if let Some(Err(failure)) = written {
                row.fail(failure.to_string());
            }
        }
    }
    for (authority, signer, places) in &work {
        if let Err(failure) = sign_under(job, authority, &**signer, rows, places) {
            return Ok(Err(failure));
        }
    }
    Ok(Ok(()))
}

fn sign_under(
    job: &mut Job<'_>,
    authority: &AuthorityRecord,
    signer: &(dyn Signer + Sync),
    rows: &mut [Row],
    places: &[usize],
) -> Result<(), Failure> {
    let mut requests = Vec::with_capacity(places.len());
    for place in places {
        if let Some(row) = rows.get_mut(*place)
            && let Stage::ToBeSigned(_, cleared) = std::mem::replace(&mut row.stage, Stage::InFlight)
        {
            requests.push(*cleared);
        }
    }
    let issuance = Issuance { authority: &authority.name, signer, threads: job.threads, clock: &clock::now };
    let progress = progress(places.len());
    // What an inventory lost is written again by the same command; nobody else does that.
    let is_durable = job.due.is_none();
    let (color, ledger) = (job.color, &mut job.ledger);
    let mut left = places.iter();
    let issued = std::thread::scope(|scope| {
        let (to_writers, from_ledger) = mpsc::channel();
        let from_ledger = Arc::new(Mutex::new(from_ledger));
        let writers: Vec<_> = (0..job.threads.get().min(places.len()))
            .map(|_| {
                let from_ledger = Arc::clone(&from_ledger);
                scope.spawn(move || write_all(&from_ledger, is_durable))
            })
            .collect();
        let issued =
            issue(ledger, &issuance, requests, &mut randomness::system(), &mut |outcomes: Vec<Outcome>| {
                let count = u64::try_from(outcomes.len()).unwrap_or(u64::MAX);
                for (outcome, place) in outcomes.into_iter().zip(left.by_ref()) {
                    if let Some(row) = rows.get_mut(*place) {
                        settle(row, *place, outcome, &to_writers, color);
                    }
                }
                progress.inc(count);
            });
        drop(to_writers);
        let unwritten = writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        for (place, why) in unwritten {
            if let Some(row) = rows.get_mut(place) {
                row.fail(format!("{why}; {IN_THE_LEDGER}"));
            }
        }
        issued
    });
    progress.finish_and_clear();
    for place in places {
        if let Some(row) = rows.get_mut(*place).filter(|row| matches!(row.stage, Stage::InFlight)) {
            row.fail("it was not tried: run the same command again");
        }
    }
    issued.map_err(|error| match error {
        certgate_store::Error::SerialsExhausted { .. } => fault(error),
        _ => fault(error).with_hint("what was reserved is in the ledger: `certgate ssh list --status unfinished` names it; run the same command again"),
    })
}

/// A certificate on its way to its file, with the place of its row.
type Certificate = (usize, PathBuf, IssuedCertificate);

/// Writes certificates until there are no more; gives those that could not be written, and why.
fn write_all(from_ledger: &Mutex<Receiver<Certificate>>, is_durable: bool) -> Vec<(usize, String)> {
    let next = || from_ledger.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
    let write = |(place, path, certificate): Certificate| {
        let write = if is_durable { replacement::write } else { replacement::write_copy };
        let failure = write(&path, certificate.line().as_bytes()).err()?;
        Some((place, failure.to_string()))
    };
    std::iter::from_fn(next).filter_map(write).collect()
}

/// Hands on a certificate that is in the ledger, or says why there is none.
fn settle(
    row: &mut Row,
    place: usize,
    outcome: Outcome,
    to_writers: &Sender<Certificate>,
    color: ColorChoice,
) {
    match outcome {
        Ok(Issued { certificate, .. }) => {
            let fields = certificate.certificate().fields();
            let (serial, valid_before) =
                fields.map_or((0, 0), |fields| (fields.serial(), fields.valid_before()));
            row.stage = Stage::Issued { serial, valid_before };
            let handed_on = match &row.out {
                Some(path) => to_writers
                    .send((place, path.clone(), certificate))
                    .map_err(|_| "it was not written".to_owned()),
                None => print(&certificate.line(), color).map_err(|failure| failure.to_string()),
            };
            if let Err(why) = handed_on {
                row.fail(format!("{why}; {IN_THE_LEDGER}"));
            }
        }
        Err(NotIssued::ClosedMeanwhile(_)) => {
            row.fail("it was given up in the ledger while it was being signed")
        }
        Err(NotIssued::NotRecorded(id)) => {
            row.fail(format!(
                "it was signed and could not be recorded; its serial is reserved as number {} of the ledger",
                id.number()
            ));
        }
        Err(NotIssued::NotTried) => row.fail("it was not tried, for the authority's key does not sign"),
        Err(NotIssued::Refused(error)) => row.fail(error.to_string()),
        Err(NotIssued::Revoked(_)) => row.fail("its key or its key id is revoked"),
        Err(NotIssued::SignatureFailed(id, error)) => {
            row.fail(format!("{error}; its serial is reserved as number {} of the ledger", id.number()));
        }
        Err(_) => row.fail("it was not issued"),
    }
}

fn print(line: &str, color: ColorChoice) -> Result<(), Failure> {
    let mut stdout = output::stdout(color);
    stdout.write_all(line.as_bytes())?;
    Ok(stdout.flush()?)
}

fn progress(count: usize) -> ProgressBar {
    let length = u64::try_from(count).unwrap_or(u64::MAX);
    let is_shown = count >= PROGRESS_FROM && std::io::stderr().is_terminal();
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    ProgressBar::with_draw_target(Some(length), target).with_message("signing")
}
