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

/// The uploads that the arguments name.
pub(crate) fn uploads(arguments: &InputArguments) -> Result<Vec<TlsUpload>, Failure> {
    if arguments.certificate.is_none() && arguments.private_key.is_none() {
        return Ok(uploads_of(read_all(arguments)?));
    }
    let slot = |path: &Option<std::path::PathBuf>| match path {
        Some(path) => read(path).map(Slot::whole),
        None => Ok(Slot::absent()),
    };
    if arguments.certificate == arguments.private_key {
        let reading = read_all(arguments)?.remove(0);
        return Ok(vec![TlsUpload::new(Slot::whole(Arc::clone(&reading)), Slot::whole(reading))]);
    }
    Ok(vec![TlsUpload::new(slot(&arguments.certificate)?, slot(&arguments.private_key)?)])
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
        SourceError::TooLarge => failure.with_hint("an upload is one chain and one key, a few kilobytes"),
        _ => failure,
    }
}
