//! Files that have no name until they are whole: nobody sees half of one, and a process that is killed leaves none behind.

use std::fs::File;
use std::io;
use std::path::Path;

/// A new file of a mode in a folder; nothing where the file system has no such files.
#[cfg(target_os = "linux")]
pub(super) fn create(folder: &Path, mode: u32) -> io::Result<Option<File>> {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::io::Errno;

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    match open(folder, flags, Mode::from_raw_mode(mode)) {
        Ok(file) => Ok(Some(File::from(file))),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Names a file, if nothing has the name; whether it has it now.
#[cfg(target_os = "linux")]
pub(super) fn name(file: &File, path: &Path) -> bool {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD, linkat};

    let opened = format!("/proc/self/fd/{}", file.as_raw_fd());
    linkat(CWD, opened, CWD, path, AtFlags::SYMLINK_FOLLOW).is_ok()
}

/// Other systems have none.
#[cfg(not(target_os = "linux"))]
pub(super) fn create(_folder: &Path, _mode: u32) -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn name(_file: &File, _path: &Path) -> bool {
    false
}
