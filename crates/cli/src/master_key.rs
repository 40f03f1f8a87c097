//! The master key, which seals private keys: out of a file or the environment, made where there is none.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::{env, process};

use certgate_sign::check_key_file_mode;
use certgate_store::MasterKey;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::randomness;
use crate::state::State;

/// Most bytes of the file: 64 digits, and white space around them.
const FILE_BYTES_MAX: usize = 256;
/// What may hold the key.
const VARIABLE: &str = "CERTGATE_MASTER_KEY";

/// The key in the file given, or in the environment, or in the state folder, where it is made.
pub(crate) fn of(state: &State, given: Option<&Path>) -> Result<MasterKey, Failure> {
    if let Some(path) = given {
        return in_file(path);
    }
    if let Some(text) = in_environment() {
        return MasterKey::read(&text).map_err(|error| Failure::input(format!("{VARIABLE}: {error}")));
    }
    let path = state.master_key_file();
    make(&path)?;
    in_file(&path)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the key out of the environment")]
fn in_environment() -> Option<Zeroizing<String>> {
    env::var(VARIABLE).ok().map(Zeroizing::new).filter(|text| !text.is_empty())
}

fn in_file(path: &Path) -> Result<MasterKey, Failure> {
    let shown = path.display().to_string();
    let cannot = |why: &dyn std::fmt::Display| {
        Failure::input(format!("cannot read the master key `{}`: {why}", shown.escape_debug()))
    };
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let mode = file.metadata().map_err(|error| cannot(&error))?.mode();
    check_key_file_mode(mode).map_err(|error| cannot(&error))?;
    // Room from the start: a buffer that grows leaves copies behind that nobody wipes.
    let mut text = Zeroizing::new(String::with_capacity(FILE_BYTES_MAX + 1));
    let limit = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX) + 1;
    file.take(limit).read_to_string(&mut text).map_err(|error| cannot(&error))?;
    MasterKey::read(&text).map_err(|error| cannot(&error))
}

/// Makes the file, for its owner alone, unless there is one: whole or not at all, whoever else makes it.
fn make(path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let cannot = |error: io::Error| {
        Failure::input(format!("cannot make the master key `{}`: {error}", shown.escape_debug()))
    };
    if path.exists() {
        return Ok(());
    }
    let text = MasterKey::generate(&mut randomness::system()).map_err(Failure::input)?;
    let draft = path.with_extension(format!("draft-{}", process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::hard_link(&draft, path));
    // A draft that stays holds a key that seals nothing.
    let _ = fs::remove_file(&draft);
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => {}
        written => written.map_err(cannot)?,
    }
    // The name is durable once the folder is.
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all()).map_err(cannot)
}
