//! Many sources, read in threads: looked at once to see which belong together, and read again when their turn comes.
//!
//! What was read at first is kept as far as there is room, so that most runs read each file once and very many files take no more
//! memory than that and their outlines. What cannot be read twice, such as a pipe, is kept anyway.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use certgate_facts::{Content, DefectKind, Entry, Passphrases, Reading};
use certgate_rules::Outline;

use crate::failure::Failure;
use crate::input::{self, Unread};
use crate::selection::Selected;

/// How many bytes of sources are kept read: some ten thousand chains with their keys, whose facts take eight times as much.
const KEPT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Names that say that a certificate is in there: in a folder, a file called so is judged even where it holds none.
const EXTENSIONS: [&str; 6] = ["cer", "crt", "p12", "p7b", "pem", "pfx"];

/// Blocks that lie beside certificates and are never uploaded with them.
const OTHER_LABELS: [&str; 9] = [
    "CERTIFICATE REQUEST",
    "DH PARAMETERS",
    "DSA PARAMETERS",
    "EC PARAMETERS",
    "NEW CERTIFICATE REQUEST",
    "PUBLIC KEY",
    "RSA PUBLIC KEY",
    "X509 CRL",
    "X9.42 DH PARAMETERS",
];

/// Sources that are read again by number.
pub(crate) struct Sources {
    files: Vec<Selected>,
    passphrases: Passphrases,
    kept: Vec<OnceLock<Vec<Arc<Reading>>>>,
    kept_bytes: AtomicUsize,
    /// What was typed, by the number of the file that it was for.
    asked: Mutex<BTreeMap<usize, Arc<Passphrases>>>,
}

/// Where a reading comes from: the number of the file, and which of those that were unpacked from it.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    file: usize,
    unit: usize,
}

/// What was seen of a reading.
pub(crate) enum Seen {
    /// Something of an upload.
    Upload(Place, Outline),
    /// So many lines of OpenSSH.
    Ssh(Place, usize),
}

impl Sources {
    pub(crate) fn new(files: Vec<Selected>, passphrases: Passphrases) -> Self {
        let kept = files.iter().map(|_| OnceLock::new()).collect();
        let (kept_bytes, asked) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        Self { files, passphrases, kept, kept_bytes, asked }
    }

    pub(crate) fn count(&self) -> usize {
        self.files.len()
    }

    /// Whether a file was named, and not found in a folder.
    pub(crate) fn is_named(&self, file: usize) -> bool {
        self.files[file].is_named
    }

    pub(crate) fn path(&self, place: Place) -> &Path {
        &self.files[place.file].path
    }

    /// What a file holds, read for the first time; nothing where it was found in a folder and has nothing to do with certificates
    /// and keys.
    pub(crate) fn look(&self, file: usize) -> Result<Vec<Seen>, Failure> {
        let Selected { path, is_named } = &self.files[file];
        let readings = match self.read(file) {
            Ok(readings) => readings,
            Err(Unread::TooLarge(_)) if !is_named && !has_marker(path) => return Ok(Vec::new()),
            Err(unread) => return Err(unread.into()),
        };
        if !is_named && !readings.iter().any(|reading| is_of_interest(path, reading)) {
            return Ok(Vec::new());
        }
        readings.iter().try_for_each(|reading| refuse_too_many_lines(reading))?;
        let seen = readings.iter().enumerate().map(|(unit, reading)| {
            let place = Place { file, unit };
            match reading.ssh_lines().len() {
                0 => Seen::Upload(place, Outline::of(reading)),
                lines => Seen::Ssh(place, lines),
            }
        });
        let seen = seen.collect();
        self.keep(file, readings);
        Ok(seen)
    }

    /// A reading that was seen; the file may have changed since.
    pub(crate) fn reading(&self, Place { file, unit }: Place) -> Result<Arc<Reading>, Failure> {
        let kept = self.kept[file].get().and_then(|readings| readings.get(unit)).cloned();
        let again = || self.read(file).map(|readings| readings.into_iter().nth(unit));
        kept.map_or_else(again, |reading| Ok(Some(reading)))?.ok_or_else(|| {
            let name = self.files[file].path.display().to_string();
            Failure::input(format!("`{}` has changed while it was read", name.escape_debug()))
                .with_hint("try again")
        })
    }

    fn read(&self, file: usize) -> Result<Vec<Arc<Reading>>, Unread> {
        let path = &self.files[file].path;
        let asked = || self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let known = asked().get(&file).cloned();
        let (readings, typed) = input::unpacked(path, known.as_deref().unwrap_or(&self.passphrases))?;
        if let Some(typed) = typed {
            asked().insert(file, Arc::new(typed));
        }
        Ok(readings)
    }

    fn keep(&self, file: usize, readings: Vec<Arc<Reading>>) {
        let path = &self.files[file].path;
        let bytes: usize = readings.iter().map(|reading| reading.source().bytes().len()).sum();
        let is_plain =
            || path.as_os_str() != "-" && fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
        let before = self.kept_bytes.fetch_add(bytes, Ordering::Relaxed);
        if before.saturating_add(bytes) <= KEPT_BYTES_MAX || !is_plain() {
            // It is read for the first time once.
            let _ = self.kept[file].set(readings);
        } else {
            self.kept_bytes.fetch_sub(bytes, Ordering::Relaxed);
        }
    }
}

/// What is not read is not judged: to pass over it would look like a verdict.
fn refuse_too_many_lines(reading: &Reading) -> Result<(), Failure> {
    let is_about_lines = |kind: &&DefectKind| matches!(kind, DefectKind::SshLinesOverLimit { .. });
    match reading.defects().iter().map(|defect| &defect.kind).find(is_about_lines) {
        None => Ok(()),
        Some(kind) => {
            let name = reading.source().name().escape_debug();
            Err(Failure::input(format!("`{name}`: {kind}")).with_hint("split it into several files"))
        }
    }
}

/// Whether what was found in a folder has to do with certificates and keys: told by what it holds, and where that tells nothing, by
/// whether its name says that it should.
fn is_of_interest(path: &Path, reading: &Reading) -> bool {
    let is_other = |entry: &Entry| {
        matches!(entry.content(), Content::Other | Content::KeyParameters)
            && OTHER_LABELS.contains(&entry.block().label())
    };
    let tells_nothing = |kind: &DefectKind| matches!(kind, DefectKind::ByteOrderMark | DefectKind::Utf16);
    let is_called_so = || {
        let extension = path.extension().and_then(std::ffi::OsStr::to_str);
        extension
            .is_some_and(|extension| EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension)))
    };
    match reading.entries() {
        [] => {
            !reading.ssh_lines().is_empty()
                || reading.container().is_some()
                || reading.defects().iter().any(|defect| !tells_nothing(&defect.kind))
                || is_called_so()
        }
        entries => !entries.iter().all(is_other),
    }
}

/// Whether a file that is too large to be read has a mark of PEM in it: then it is told of, else it is something else.
fn has_marker(path: &Path) -> bool {
    const MARKER: &[u8] = b"-----BEGIN ";
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    let Ok(mut file) = File::open(path) else { return true };
    loop {
        match file.read(&mut buffer[length..]) {
            Ok(0) => return false,
            Ok(count) => length += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return true,
        }
        if buffer[..length].windows(MARKER.len()).any(|window| window == MARKER) {
            return true;
        }
        // What may be the beginning of one that is cut in two.
        let rest = length.min(MARKER.len() - 1);
        buffer.copy_within(length - rest..length, 0);
        length = rest;
    }
}
