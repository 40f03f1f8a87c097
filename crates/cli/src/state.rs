//! The state folder: the ledger, and the key files of authorities.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_store::{
    AuthorityName, LEDGER_FILE_NAME, OpenLedger, PostgresAddress, PostgresLedger, PostgresStore, Resources,
    SqliteLedger, SqliteStore,
};

use crate::database;
use crate::failure::Failure;

/// The file beside the ledger that one process at a time has locked. It is empty, and stays.
const LOCK_FILE_NAME: &str = "lock";
/// How one comes to a ledger.
const NO_LEDGER: &str = "`certgate ssh ca create NAME` makes an authority, and a ledger for it; `certgate api-key create` one to serve";

/// What a process has to itself until this is dropped, or the process ends.
#[must_use = "the lock is gone once this is dropped"]
pub(crate) struct StateLock {
    _file: File,
}

/// Where what was signed is kept, and what it is signed with: a folder, and a database where the ledger is not in the folder.
pub(crate) struct State {
    folder: PathBuf,
    database: Option<PostgresAddress>,
}

impl State {
    /// The folder given, or named by `CERTGATE_STATE`, or `certgate` in the user's data folder (XDG); the database given, or
    /// named by `CERTGATE_STORE`, if there is one.
    pub(crate) fn of(given: Option<&Path>, database: Option<&str>) -> Result<Self, Failure> {
        let database = database::address(database)?;
        let variable = |name: &str| named_by(name);
        let folder = given
            .map(Path::to_owned)
            .or_else(|| variable("CERTGATE_STATE"))
            .or_else(|| Some(variable("XDG_DATA_HOME")?.join("certgate")))
            .or_else(|| Some(variable("HOME")?.join(".local/share/certgate")));
        let folder = folder.ok_or_else(|| {
            Failure::input("there is no state folder")
                .with_hint("name one with --state, or in CERTGATE_STATE")
        })?;
        std::path::absolute(&folder)
            .map(|folder| Self { folder, database })
            .map_err(|error| Failure::input(format!("`{}`: {error}", folder.display())))
    }

    /// The ledger that is there.
    pub(crate) fn ledger(&self) -> Result<OpenLedger, Failure> {
        match &self.database {
            None => {
                self.require_ledger()?;
                self.ledger_made()
            }
            Some(address) => match PostgresLedger::found(address) {
                Ok(Some(ledger)) => Ok(ledger.into()),
                Ok(None) => {
                    Err(Failure::input(format!("there is no ledger in {address}")).with_hint(NO_LEDGER))
                }
                Err(error) => Err(self.unusable(&error)),
            },
        }
    }

    /// The lock for what is done by the ledger and by a file together, such as the next version of a list and the list: waits until
    /// no other process has it. The ledger itself needs none.
    pub(crate) fn locked(&self) -> Result<StateLock, Failure> {
        match &self.database {
            None => self.require_ledger()?,
            Some(_) => make_folder(&self.folder)?,
        }
        let path = self.folder.join(LOCK_FILE_NAME);
        let opened = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        opened.and_then(|file| file.lock().map(|()| StateLock { _file: file })).map_err(|error| {
            match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    self.unusable(&certgate_store::Error::ReadOnly)
                }
                _ => Failure::input(format!("cannot lock `{}`: {error}", path.display())),
            }
        })
    }

    fn require_ledger(&self) -> Result<(), Failure> {
        let path = self.folder.join(LEDGER_FILE_NAME);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() == 0 => {
                Err(Failure::input(format!("the ledger `{}` is an empty file", path.display()))
                    .with_hint("restore it from a copy; to begin with a new one, remove the file first"))
            }
            Ok(_) => Ok(()),
            Err(_) => Err(Failure::input(format!("there is no ledger in `{}`", self.folder.display()))
                .with_hint(NO_LEDGER)),
        }
    }

    /// The ledger, made if it is not there.
    pub(crate) fn ledger_made(&self) -> Result<OpenLedger, Failure> {
        make_folder(&self.folder)?;
        let made = match &self.database {
            None => SqliteLedger::open(&self.folder).map(OpenLedger::from),
            Some(address) => PostgresLedger::open(address).map(OpenLedger::from),
        };
        made.map_err(|error| self.unusable(&error))
    }

    /// The resources beside the ledger; both are made if they are not there.
    pub(crate) fn store_made(&self) -> Result<Arc<dyn Resources>, Failure> {
        make_folder(&self.folder)?;
        let unusable = |error| self.unusable(&error);
        let store: Arc<dyn Resources> = match &self.database {
            None => Arc::new(SqliteStore::open(&self.folder).map_err(unusable)?),
            Some(address) => Arc::new(PostgresStore::open(address).map_err(unusable)?),
        };
        Ok(store)
    }

    /// The resources beside the ledger that is there.
    pub(crate) fn store(&self) -> Result<Arc<dyn Resources>, Failure> {
        drop(self.ledger()?);
        self.store_made()
    }

    fn unusable(&self, error: &certgate_store::Error) -> Failure {
        match &self.database {
            None => Failure::input(format!("the ledger in `{}`: {error}", self.folder.display())),
            Some(address) => Failure::input(format!("the ledger in {address}: {error}")),
        }
    }

    /// Where an authority's key file is put; its folder is made.
    pub(crate) fn new_key_file(&self, name: &AuthorityName) -> Result<(PathBuf, String), Failure> {
        let relative = format!("authorities/{name}");
        make_folder(&self.folder.join("authorities"))?;
        Ok((self.folder.join(&relative), relative))
    }

    /// Where the master key is, unless it is said.
    pub(crate) fn master_key_file(&self) -> PathBuf {
        self.folder.join("master.key")
    }

    /// A path that the ledger holds, which is one from this folder unless it is absolute.
    pub(crate) fn resolve(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

/// Makes the folder and those it is in where they are missing, each durable before anything is put into it.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    let cannot =
        |error: io::Error| Failure::input(format!("cannot make the folder `{}`: {error}", folder.display()));
    let missing: Vec<&Path> = folder.ancestors().take_while(|one| !one.is_dir()).collect();
    for one in missing.into_iter().rev() {
        match DirBuilder::new().mode(0o700).create(one) {
            // Another process was faster.
            Err(_) if one.is_dir() => {}
            made => made.map_err(cannot)?,
        }
        // A name is durable once the folder it is in is.
        let parent = one.parent().unwrap_or(one);
        if let Err(error) = File::open(parent).and_then(|parent| parent.sync_all()) {
            // It is empty, or another process uses it; that it stays adds nothing.
            let _ = fs::remove_dir(one);
            return Err(cannot(error));
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads where state is kept")]
fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_lock_is_waited_for_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let state = State { folder: folder.path().to_owned(), database: None };
        assert!(state.locked().is_err(), "there is no ledger");
        state.ledger_made().unwrap();
        let first = state.locked().unwrap();
        thread::scope(|scope| {
            let (locked, is_locked) = mpsc::channel();
            scope.spawn(|| {
                let locked = locked;
                locked.send(state.locked().is_ok()).unwrap();
            });
            assert!(is_locked.recv_timeout(Duration::from_millis(200)).is_err(), "two have it");
            drop(first);
            assert_eq!(is_locked.recv(), Ok(true));
        });
        // The ledger is open to all meanwhile.
        let _held = state.locked().unwrap();
        state.ledger().unwrap();
    }

    #[test]
    fn a_ledger_that_was_emptied_is_not_taken_for_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let state = State { folder: folder.path().to_owned(), database: None };
        let file = folder.path().join(LEDGER_FILE_NAME);
        fs::write(&file, b"").unwrap();
        let Err(failure) = state.ledger() else { panic!("it is opened") };
        assert!(failure.to_string().ends_with("is an empty file"), "{failure}");
        assert!(state.locked().is_err());
        assert_eq!(fs::read(&file).unwrap(), b"");
        // Whoever makes an authority meant to have a ledger made: an attempt that was ended may have left the file.
        state.ledger_made().unwrap();
        state.ledger().unwrap();
    }
}
