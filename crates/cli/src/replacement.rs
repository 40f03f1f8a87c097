//! Files that are written all at once or not at all.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::ssh_input;

/// Everyone may read, the owner may write: what is written here is public.
const MODE: u32 = 0o644;
/// Nobody but the owner: private keys.
const SECRET_MODE: u32 = 0o600;
/// Most names that are tried for the file beside it.
const NAMES_MAX: u32 = 100;

/// Writes `bytes` to `path`: into a new file beside it, which then takes its place.
///
/// A file that was there keeps its owner and its mode. What is there and no plain file, a symbolic link too, is left
/// alone and an error.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes, true)?;
    // The name is durable once the folder is.
    File::open(folder(path)).and_then(|folder| folder.sync_all()).map_err(|error| unwritable(path, &error))
}

/// The same without waiting for the disk: for what can be written again from where it is durable.
pub(crate) fn write_copy(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes, false)
}

/// Makes a file that was not there, for its owner alone to read.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let made = OpenOptions::new().write(true).create_new(true).mode(SECRET_MODE).open(path);
    let filled = made.and_then(|mut file| {
        let filled = file.write_all(bytes).and_then(|()| file.sync_all());
        if filled.is_err() {
            // Half a key is of no use to anyone; that it cannot be removed adds nothing.
            let _ = fs::remove_file(path);
        }
        filled
    });
    filled.and_then(|()| File::open(folder(path))?.sync_all()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => ssh_input::unusable(path, "is there already")
            .with_hint("a key is never overwritten: move it away, or choose another name"),
        _ => unwritable(path, &error),
    })
}

fn replace(path: &Path, bytes: &[u8], is_synced: bool) -> Result<(), Failure> {
    let before = plain_file(path)?;
    let (beside, file) = create_beside(path).map_err(|error| unwritable(path, &error))?;
    let written = fill(file, bytes, before.as_ref(), is_synced).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        // It is of no use to anyone; that it cannot be removed adds nothing.
        let _ = fs::remove_file(&beside);
        return Err(unwritable(path, &error));
    }
    Ok(())
}

/// The file at `path`, if there is one; an error for anything that is not a plain file.
pub(crate) fn plain_file(path: &Path) -> Result<Option<Metadata>, Failure> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(_) => Err(ssh_input::unusable(path, "not a plain file, and is left alone")
            .with_hint("name a file, or a place where there is none yet")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unwritable(path, &error)),
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::input(format!("cannot write `{}`: {error}", ssh_input::name(path).escape_debug()))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

fn create_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..NAMES_MAX {
        let mut beside = OsString::from(".");
        beside.push(name);
        beside.push(format!(".{}-{number}.new", std::process::id()));
        let beside = folder(path).join(beside);
        match OpenOptions::new().write(true).create_new(true).mode(MODE).open(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

fn fill(mut file: File, bytes: &[u8], before: Option<&Metadata>, is_synced: bool) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(before) = before {
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (before.uid(), before.gid()) {
            fchown(&file, Some(before.uid()), Some(before.gid()))?;
        }
        file.set_permissions(before.permissions())?;
    }
    if is_synced { file.sync_all() } else { Ok(()) }
}
