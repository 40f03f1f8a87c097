//! The master key, which seals private keys: out of a file or the environment, made where there is none.

use std::fmt::{self, Display};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::{env, process};

use certgate_store::{MasterKey, Resources, wait};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::state::State;
use crate::{key_file, randomness};

/// Most bytes of the file: 64 digits, and white space around them.
const FILE_BYTES_MAX: usize = 256;
/// What may hold the key.
const VARIABLE: &str = "CERTGATE_MASTER_KEY";
/// What may hold the key that takes its place.
const NEXT_VARIABLE: &str = "CERTGATE_MASTER_KEY_NEW";

/// Where a master key is.
pub(crate) enum Place {
    File(PathBuf),
    Variable(&'static str),
}

/// The key in the file given, or in the environment, or in the state folder, where it is made while nothing is sealed.
pub(crate) fn of(state: &State, given: Option<&Path>, store: &dyn Resources) -> Result<MasterKey, Failure> {
    let place = Place::of(state, given);
    if let (None, Place::File(path)) = (given, &place)
        && !path.exists()
    {
        if let Some(number) = wait(store.master_keys()).map_err(Failure::input)?.first() {
            return Err(Failure::input(format!(
                "{place} is missing; what is sealed needs master key {number}"
            ))
            .with_hint("restore the file from its copy, or name where the key is with --master-key-file"));
        }
        make(path)?;
    }
    place.key()
}

impl Place {
    /// The file given, or the environment, or the file in the state folder.
    pub(crate) fn of(state: &State, given: Option<&Path>) -> Self {
        match given {
            Some(path) => Self::File(path.to_owned()),
            None if in_environment(VARIABLE).is_some() => Self::Variable(VARIABLE),
            None => Self::File(state.master_key_file()),
        }
    }

    /// Where the next key is: in the file given, or in the environment; nothing if in neither.
    pub(crate) fn of_next(given: Option<&Path>) -> Option<Self> {
        match given {
            Some(path) => Some(Self::File(path.to_owned())),
            None => in_environment(NEXT_VARIABLE).map(|_| Self::Variable(NEXT_VARIABLE)),
        }
    }

    /// The key that is there.
    pub(crate) fn key(&self) -> Result<MasterKey, Failure> {
        match self {
            Self::File(path) => in_file(path),
            Self::Variable(name) => MasterKey::read(&in_environment(name).unwrap_or_default())
                .map_err(|error| Failure::input(format!("{name}: {error}"))),
        }
    }

    /// The key that is there; a file that is not is made.
    pub(crate) fn key_made(&self) -> Result<MasterKey, Failure> {
        if let Self::File(path) = self {
            make(path)?;
        }
        self.key()
    }
}

impl Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "`{}`", path.display().to_string().escape_debug()),
            Self::Variable(name) => formatter.write_str(name),
        }
    }
}

/// Puts the key in `next` where the one in `path` is, which stays beside it as `kept`. Whenever this ends, `path` is one of
/// the two; done again, it goes on.
pub(crate) fn replace(path: &Path, next: &Path, kept: &Path) -> Result<(), Failure> {
    let cannot = |error: io::Error| {
        let shown = path.display().to_string();
        Failure::input(format!("cannot replace the master key `{}`: {error}", shown.escape_debug()))
    };
    match fs::hard_link(path, kept) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        linked => linked.map_err(cannot)?,
    }
    // The old key has its other name for good before the first one leads elsewhere.
    sync_folder(path).and_then(|()| fs::rename(next, path)).and_then(|()| sync_folder(path)).map_err(cannot)
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the key out of the environment")]
fn in_environment(name: &str) -> Option<Zeroizing<String>> {
    env::var(name).ok().map(Zeroizing::new).filter(|text| !text.is_empty())
}

/// A name is durable once its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder =
        path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    File::open(folder)?.sync_all()
}

fn in_file(path: &Path) -> Result<MasterKey, Failure> {
    let shown = path.display().to_string();
    let cannot = |why: &dyn Display| {
        Failure::input(format!("cannot read the master key `{}`: {why}", shown.escape_debug()))
    };
    let file = File::open(path).map_err(|error| cannot(&error))?;
    let metadata = file.metadata().map_err(|error| cannot(&error))?;
    key_file::check(&metadata).map_err(|why| cannot(&why))?;
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
    sync_folder(path).map_err(cannot)
}
