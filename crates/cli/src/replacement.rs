//! Files that are written all at once or not at all.

mod leftovers;
mod unnamed;

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::ssh_input;

/// Everyone may read, the owner may write: what is written here is public.
const MODE: u32 = 0o644;
/// Nobody but the owner: private keys.
const SECRET_MODE: u32 = 0o600;
/// Most names that are tried for the file beside it.
const NAMES_MAX: u32 = 100;

/// How a file is written.
#[derive(Clone, Copy)]
struct Writing {
    /// Whether only the owner may read it, from its first byte on.
    is_secret: bool,
    /// Whether it is on the disk when it is done.
    is_synced: bool,
}

impl Writing {
    fn mode(self) -> u32 {
        if self.is_secret { SECRET_MODE } else { MODE }
    }
}

/// Writes `bytes` to `path`: into a new file, which gets the name once it is whole.
///
/// A file that was there keeps its owner and its mode. What is there and no plain file, a symbolic link too, is left
/// alone and an error. What a process that was killed left beside it is removed.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_durably(path, bytes, Writing { is_secret: false, is_synced: true })
}

/// The same of a file with a private key, which only its owner may use from now on.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    write_durably(path, bytes, Writing { is_secret: true, is_synced: true })
}

fn write_durably(path: &Path, bytes: &[u8], writing: Writing) -> Result<(), Failure> {
    remove_leftovers([path]);
    replace(path, bytes, writing)?;
    // The name is durable once the folder is.
    File::open(folder(path)).and_then(|folder| folder.sync_all()).map_err(|error| unwritable(path, &error))
}

/// The same without waiting for the disk, and without looking for what others left: for many files that can be written again from
/// where they are durable.
pub(crate) fn write_copy(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace(path, bytes, Writing { is_secret: false, is_synced: false })
}

/// Removes what processes that are gone left beside these files.
pub(crate) fn remove_leftovers<'p>(paths: impl IntoIterator<Item = &'p Path>) {
    leftovers::remove(paths);
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

fn replace(path: &Path, bytes: &[u8], writing: Writing) -> Result<(), Failure> {
    let before = plain_file(path)?;
    let written = match &before {
        None => add(path, bytes, writing),
        Some(_) => Ok(false),
    };
    let written = written.and_then(|is_written| match is_written {
        true => Ok(()),
        false => put_in_place(path, bytes, before.as_ref(), writing),
    });
    written.map_err(|error| unwritable(path, &error))
}

/// Writes a file where there is none. Whether that could be done comes back: not every file system can, and another process may
/// have been faster.
fn add(path: &Path, bytes: &[u8], writing: Writing) -> io::Result<bool> {
    let Some(file) = unnamed::create(folder(path), writing.mode())? else { return Ok(false) };
    fill(&file, bytes, None, writing)?;
    Ok(unnamed::name(&file, path))
}

/// Writes a file beside the one that is there, and gives it the name of that.
fn put_in_place(path: &Path, bytes: &[u8], before: Option<&Metadata>, writing: Writing) -> io::Result<()> {
    let (beside, file) = create_beside(path, writing.mode())?;
    let written = fill(&file, bytes, before, writing).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // It is of no use to anyone; that it cannot be removed adds nothing.
        let _ = fs::remove_file(&beside);
    }
    written
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

fn create_beside(path: &Path, mode: u32) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut taken = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..NAMES_MAX {
        let beside = folder(path).join(leftovers::beside(name, number));
        match OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside) {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => taken = error,
            Err(error) => return Err(error),
        }
    }
    Err(taken)
}

fn fill(mut file: &File, bytes: &[u8], before: Option<&Metadata>, writing: Writing) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(before) = before {
        let new = file.metadata()?;
        if (new.uid(), new.gid()) != (before.uid(), before.gid()) {
            fchown(file, Some(before.uid()), Some(before.gid()))?;
        }
        let mut permissions = before.permissions();
        if writing.is_secret {
            permissions.set_mode(permissions.mode() & SECRET_MODE);
        }
        file.set_permissions(permissions)?;
    }
    if writing.is_synced { file.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: Writing = Writing { is_secret: false, is_synced: false };

    fn names(folder: &Path) -> Vec<String> {
        let names =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_added_and_replaced_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for write in [write, write_copy] {
            write(&path, b"new").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777 & !MODE, 0);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
            write(&path, b"newer").unwrap();
            assert_eq!(
                (fs::read(&path).unwrap(), names(folder.path())),
                (b"newer".to_vec(), vec!["a".to_owned()])
            );
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "the mode it had");
            fs::remove_file(&path).unwrap();
        }
        assert!(write(&folder.path().join("missing/a"), b"").is_err());
    }

    #[test]
    fn a_secret_is_for_its_owner_alone_whatever_the_mode_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        for (before, after) in [(0o644, 0o600), (0o600, 0o600), (0o440, 0o400)] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(before)).unwrap();
            write_secret(&path, b"new").unwrap();
            assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, after);
            assert_eq!(names(folder.path()), ["a"]);
            fs::remove_file(&path).unwrap();
        }
    }

    #[test]
    fn file_systems_without_unnamed_files_are_written_to_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        put_in_place(&path, b"new", None, PUBLIC).unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(folder.path())), (b"new".to_vec(), vec!["a".to_owned()]));
        // Somebody was faster: nothing is added in his place.
        assert!(!add(&path, b"newer", PUBLIC).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn what_a_killed_process_left_is_removed_by_who_writes_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        // Processes have no such number, and ours has its own.
        let (gone, alive) = (1_u32 << 30, std::process::id());
        let left = [format!(".a.{gone}-0.new"), format!(".a.{gone}-99.new")];
        let kept =
            [format!(".a.{alive}-3.new"), format!(".b.{gone}-0.new"), ".a.new".to_owned(), "a".to_owned()];
        for name in left.iter().chain(&kept) {
            fs::write(folder.path().join(name), "half").unwrap();
        }
        write(&folder.path().join("a"), b"whole").unwrap();
        let mut kept = kept.to_vec();
        kept.sort();
        assert_eq!(names(folder.path()), kept);
    }
}
