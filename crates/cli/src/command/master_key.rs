//! `certgate master-key`.
//!
//! A rotation is: the next key is durable in its file; all secrets are sealed under it, in one transaction; its file takes the
//! place of the old one. Which key is in force is what the store says at any point, and both keys are there until the end.

use std::io::Write;
use std::path::PathBuf;

use certgate_store::{MasterKey, Resources, rotate_master_key, wait};

use crate::cli::{ColorChoice, MasterKeyCommand, MasterKeyRotateArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::master_key::{self, Place};
use crate::{clock, output, randomness};

/// Runs it.
pub(crate) fn run(command: &MasterKeyCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        MasterKeyCommand::Rotate(arguments) => rotate(arguments, color),
    }
}

fn rotate(arguments: &MasterKeyRotateArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let state = arguments.state.state()?;
    let store = state.store()?;
    let _lock = state.locked()?;
    let old = Place::of(&state, arguments.master_key_file.as_deref());
    let given = Place::of_next(arguments.to.as_deref());
    let next = match (&given, &old) {
        (Some(_), _) => None,
        (None, Place::File(path)) => Some((path, beside(path, "new"))),
        (None, Place::Variable(name)) => {
            return Err(Failure::input(format!("the master key is in {name}, where it cannot be replaced"))
                .with_hint("--to names a file for the new one"));
        }
    };
    if wait(store.master_keys()).map_err(Failure::input)?.is_empty() {
        return Err(Failure::input("nothing is sealed here: there is no key to be replaced")
            .with_hint("to begin with another key, put it in its place while no server runs"));
    }
    let new = given
        .unwrap_or_else(|| Place::File(next.as_ref().map_or_else(PathBuf::new, |(_, next)| next.clone())));
    let (from, to) = (old.key()?, new.key_made()?);
    if from.number() == to.number() {
        return Err(Failure::input(format!("{old} and {new} hold the same key"))
            .with_hint("--to names a file that is not there: it is made, with a new key"));
    }
    let (old_number, new_number) = (from.number(), to.number());
    let count = sealed_anew(store.as_ref(), (from, to))?;
    let mut stderr = output::stderr(color);
    let place = match next {
        Some((path, next)) => {
            let kept = beside(path, &old_number.to_string());
            master_key::replace(path, &next, &kept)?;
            writeln!(
                stderr,
                "the key before it is now {}: what was saved until now opens with that",
                Place::File(kept)
            )?;
            &old
        }
        None => &new,
    };
    writeln!(stderr, "{count} private keys are sealed under master key {new_number}, in {place}")?;
    writeln!(stderr, "servers that run still have master key {old_number}: start them again")?;
    Ok(Exit::Clean)
}

fn sealed_anew(store: &dyn Resources, keys: (MasterKey, MasterKey)) -> Result<u64, Failure> {
    wait(rotate_master_key(store, keys, randomness::system(), clock::now())).map_err(|error| {
        Failure::input(format!("nothing was sealed anew: {error}"))
            .with_hint("--master-key-file names the file of the key of now")
    })
}

/// The path with another ending behind it.
fn beside(path: &std::path::Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{ending}"));
    name.into()
}
