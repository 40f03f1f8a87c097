//! `certgate ssh ca`.

mod import;
mod new_key;
mod rotate;
mod show;

use std::fs;
use std::io::Write;

use certgate_facts::{SshKeyKind, SshPublicKey};
use certgate_rules::rules::ssh::authority_key_weak::RSA_BITS_MIN;
use certgate_store::{AuthorityName, AuthorityRecord, Custody, Ledger, NewAuthority, Origin, SerialStart};

use super::fault;
use crate::cli::{CaCommand, ColorChoice, NewKeyArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::state::State;
use crate::{clock, output, randomness};

/// Runs one of them.
pub(crate) fn run(command: &CaCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        CaCommand::Create(arguments) => {
            let state = arguments.state.state()?;
            let added = add(&state, &arguments.name, &arguments.key, None)?;
            say(color, &format!("authority {} signs with {}", added.name, added.public_key.fingerprint()))?;
            warn_of_weak(&added, color)?;
            public_key(&added, color)
        }
        CaCommand::Import(arguments) => import::run(arguments, color),
        CaCommand::List(arguments) => show::list(arguments, color),
        CaCommand::Show(arguments) => show::one(arguments, color),
        CaCommand::Rotate(command) => rotate::run(command, color),
        CaCommand::Retire(arguments) => rotate::retire(arguments, color),
    }
}

/// Makes an authority, or takes one whose key an agent holds. A key file is written before the ledger knows of it, for a key
/// without an entry is of no harm.
fn add(
    state: &State,
    name: &AuthorityName,
    arguments: &NewKeyArguments,
    succeeds: Option<&AuthorityName>,
) -> Result<AuthorityRecord, Failure> {
    let mut ledger = state.ledger_made()?;
    if ledger.authority(name).map_err(fault)?.is_some() {
        return Err(Failure::input(format!("an authority is called {name} already"))
            .with_hint("`certgate ssh ca list` lists them"));
    }
    if let Some(old) = succeeds {
        known(&ledger, old)?;
    }
    let (public_key, custody) = new_key::of(state, name, arguments)?;
    let serial_start = match arguments.random_serials {
        true => SerialStart::random(&mut randomness::system()).map_err(fault)?,
        false => SerialStart::ONE,
    };
    let comment = public_key.comment().to_owned();
    let new = NewAuthority {
        name: name.clone(),
        public_key,
        comment,
        custody,
        origin: Origin::Created,
        succeeds: succeeds.cloned(),
        serial_start,
    };
    ledger.add_authority(&new, clock::now()).map_err(|error| {
        take_back(state, &ledger, &new);
        fault(error)
    })
}

/// Removes the key file of an authority that the ledger did not take, and of which it knows nothing for certain: it would stand in
/// the way of the next attempt.
fn take_back(state: &State, ledger: &dyn Ledger, new: &NewAuthority) {
    if let (Custody::KeyFile(path), Ok(None)) = (&new.custody, ledger.authority(&new.name)) {
        // That it cannot be removed adds nothing to why it should be.
        let _ = fs::remove_file(state.resolve(path));
    }
}

/// The authority of a name, which must be there.
pub(super) fn known(ledger: &dyn Ledger, name: &AuthorityName) -> Result<AuthorityRecord, Failure> {
    ledger.authority(name).map_err(fault)?.ok_or_else(|| {
        Failure::input(format!("no authority is called {name}"))
            .with_hint("`certgate ssh ca list` lists them")
    })
}

/// Warns of a key that signs, and is not taken to last.
fn warn_of_weak(authority: &AuthorityRecord, color: ColorChoice) -> Result<(), Failure> {
    match *authority.public_key.kind() {
        SshKeyKind::Rsa { bits } if bits < RSA_BITS_MIN => say(
            color,
            &format!(
                "warning: the authority's rsa key has {bits} bits, fewer than {RSA_BITS_MIN}: rotate to a better one"
            ),
        ),
        _ => Ok(()),
    }
}

/// Writes the public key as the line of a `.pub` file.
fn public_key(authority: &AuthorityRecord, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    writeln!(stdout, "{}", authority.public_key.to_line(&authority.comment))?;
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// The public key in a file, for a key that an agent holds.
fn public_key_file(path: &std::path::Path) -> Result<SshPublicKey, Failure> {
    crate::ssh_input::public_key(path)
}

fn say(color: ColorChoice, text: &str) -> Result<(), Failure> {
    Ok(writeln!(output::stderr(color), "{text}")?)
}
