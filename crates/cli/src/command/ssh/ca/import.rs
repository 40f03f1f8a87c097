//! `certgate ssh ca import`: a key that signed before, and what it signed.

use std::path::Path;

use certgate_facts::SshCertificate;
use certgate_sign::Signer;
use certgate_store::{Custody, Importing, Ledger, NewAuthority, Origin, SerialStart};

use super::{fault, known, public_key, say, warn_of_weak};
use crate::cli::{ColorChoice, ImportArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{authority_key, clock, randomness, ssh_input};

/// Takes over an authority, or certificates of one that is there.
pub(super) fn run(arguments: &ImportArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let state = arguments.state.state()?;
    let certificates = certificates(&arguments.certificate)?;
    let (mut ledger, authority) = match new(arguments)? {
        Some(new) => {
            let mut ledger = state.ledger_made()?;
            let added = ledger.add_authority(&new, clock::now()).map_err(fault)?;
            (ledger, added)
        }
        None => {
            let ledger = state.ledger()?;
            let known = known(&ledger, &arguments.name)?;
            (ledger, known)
        }
    };
    let outcomes = ledger.import(&authority.name, &certificates, clock::now()).map_err(fault)?;
    let mut counts = Counts::default();
    for (outcome, path) in outcomes.iter().zip(&arguments.certificate) {
        match outcome {
            Ok(Importing::Imported(_)) => counts.imported += 1,
            Ok(Importing::Completed(_)) => counts.completed += 1,
            Ok(Importing::Known(_)) => counts.known += 1,
            Err(error) => {
                counts.refused += 1;
                say(color, &format!("`{}`: {error}", path.display().to_string().escape_debug()))?;
            }
        }
    }
    say(
        color,
        &format!(
            "authority {}: {} certificates imported, {} completed, {} known already, {} refused",
            authority.name, counts.imported, counts.completed, counts.known, counts.refused
        ),
    )?;
    warn_of_weak(&authority, color)?;
    public_key(&authority, color)?;
    Ok(if counts.refused == 0 { Exit::Clean } else { Exit::Findings })
}

#[derive(Default)]
struct Counts {
    imported: usize,
    completed: usize,
    known: usize,
    refused: usize,
}

/// The authority that is to be added, if one is.
fn new(arguments: &ImportArguments) -> Result<Option<NewAuthority>, Failure> {
    let (public_key, custody) = match (&arguments.key, &arguments.agent) {
        (Some(path), _) => {
            let key = authority_key::in_file(path, arguments.passphrase_file.as_deref())?;
            let path = std::path::absolute(path)
                .map_err(|error| Failure::input(format!("`{}`: {error}", path.display())))?;
            let text = path.to_str().map(str::to_owned);
            let text = text.ok_or_else(|| Failure::input(format!("`{}` is not UTF-8", path.display())))?;
            (key.public_key().clone(), Custody::KeyFile(text))
        }
        (None, Some(path)) => {
            let public_key = super::public_key_file(path)?;
            authority_key::in_agent(&public_key)?;
            (public_key, Custody::Agent)
        }
        (None, None) => return Ok(None),
    };
    // What it gave before is not known: of random numbers it gave none.
    let serial_start = match arguments.first_serial {
        Some(start) => start,
        None => SerialStart::random(&mut randomness::system()).map_err(fault)?,
    };
    Ok(Some(NewAuthority {
        name: arguments.name.clone(),
        comment: public_key.comment().to_owned(),
        public_key,
        custody,
        origin: Origin::Imported,
        succeeds: None,
        serial_start,
    }))
}

fn certificates(paths: &[impl AsRef<Path>]) -> Result<Vec<SshCertificate>, Failure> {
    paths.iter().map(|path| ssh_input::certificate(path.as_ref())).collect()
}
