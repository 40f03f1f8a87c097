//! The files of this machine, for what is to be known of a server.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;

use certgate_facts::{Source, SourceError};
use certgate_sign::sshd_config::{Permissions, ServerFiles};

/// The files of this machine.
pub(crate) struct LocalFiles;

impl ServerFiles for LocalFiles {
    fn source(&self, path: &str) -> Result<Source, SourceError> {
        // To open a pipe may take forever.
        if !fs::metadata(path).map_err(SourceError::Io)?.is_file() {
            return Err(SourceError::Io(io::Error::other("not a plain file")));
        }
        Source::read(path, File::open(path).map_err(SourceError::Io)?)
    }

    fn entries(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
    }

    fn permissions(&self, path: &str) -> Option<Permissions> {
        let metadata = fs::metadata(path).ok()?;
        Some(Permissions { mode: metadata.mode() & 0o7777, owner: metadata.uid() })
    }
}
