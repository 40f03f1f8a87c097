//! Files and standard input, read once and within the limit.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use certgate_facts::{Reading, Source, SourceError};
use certgate_rules::{Slot, TlsUpload, uploads_of};

use crate::cli::InputArguments;
use crate::failure::Failure;

/// Everything named, in the order it was named; a path named twice is read once.
pub(crate) fn read_all(arguments: &InputArguments) -> Result<Vec<Arc<Reading>>, Failure> {
    let slots = arguments.certificate.iter().chain(&arguments.private_key);
    let mut seen: Vec<&Path> = Vec::new();
    let mut readings = Vec::new();
    for path in arguments.files.iter().chain(slots) {
        if !seen.contains(&path.as_path()) {
            seen.push(path);
            readings.push(read(path)?);
        }
    }
    Ok(readings)
}

/// What the arguments name, by what it is.
pub(crate) struct Given {
    pub(crate) uploads: Vec<TlsUpload>,
    /// Sources of OpenSSH keys, certificates and known hosts.
    pub(crate) openssh: Vec<Arc<Reading>>,
}

/// Tells uploads from OpenSSH files; what is given for a field of an upload is one, whatever it holds.
pub(crate) fn given(arguments: &InputArguments) -> Result<Given, Failure> {
    if arguments.certificate.is_none() && arguments.private_key.is_none() {
        let readings = read_all(arguments)?;
        let (openssh, others): (Vec<_>, Vec<_>) =
            readings.into_iter().partition(|reading| !reading.ssh_lines().is_empty());
        return Ok(Given { uploads: uploads_of(others), openssh });
    }
    let slot = |path: &Option<std::path::PathBuf>| match path {
        Some(path) => read(path).map(Slot::whole),
        None => Ok(Slot::absent()),
    };
    let upload = if arguments.certificate == arguments.private_key {
        let reading = read_all(arguments)?.remove(0);
        TlsUpload::new(Slot::whole(Arc::clone(&reading)), Slot::whole(reading))
    } else {
        TlsUpload::new(slot(&arguments.certificate)?, slot(&arguments.private_key)?)
    };
    Ok(Given { uploads: vec![upload], openssh: Vec::new() })
}

/// What one file holds, `-` for standard input.
pub(crate) fn read(path: &Path) -> Result<Arc<Reading>, Failure> {
    source(path).map(|source| Arc::new(Reading::of(source)))
}

/// The bytes of one file, `-` for standard input.
pub(crate) fn source(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let source = if name == "-" {
        Source::read(name.clone(), io::stdin().lock())
    } else {
        File::open(path).map_err(SourceError::Io).and_then(|file| Source::read(name.clone(), file))
    };
    source.map_err(|error| unreadable(&name, &error))
}

fn unreadable(name: &str, error: &SourceError) -> Failure {
    let failure = Failure::input(format!("cannot read `{}`: {error}", name.escape_debug()));
    match error {
        SourceError::Io(error) if error.kind() == io::ErrorKind::IsADirectory => {
            failure.with_hint("name the files in it")
        }
        SourceError::TooLarge => {
            failure.with_hint("chains, keys and certificates have a few kilobytes; an inventory can be split")
        }
        _ => failure,
    }
}
