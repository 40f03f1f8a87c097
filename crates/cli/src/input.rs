//! Files and standard input, read once and within the limit.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Passphrases, Reading, Source, SourceError};
use certgate_rules::{Slot, TlsUpload, uploads_of};

use crate::cli::{InputArguments, PassphraseArguments};
use crate::failure::Failure;
use crate::passphrase;

/// Everything named, in the order it was named; a path named twice is read once.
pub(crate) fn read_all(arguments: &InputArguments) -> Result<Vec<Arc<Reading>>, Failure> {
    let mut seen: Vec<&Path> = Vec::new();
    let mut readings = Vec::new();
    let passphrases = passphrases(&arguments.passphrases)?;
    for path in &arguments.files {
        if !seen.contains(&path.as_path()) {
            seen.push(path);
            readings.extend(unpacked(path, &passphrases)?);
        }
    }
    Ok(readings)
}

/// Those of the files given.
pub(crate) fn passphrases(arguments: &PassphraseArguments) -> Result<Passphrases, Failure> {
    let add = |all: Passphrases, file: &PathBuf| Ok(all.with(passphrase::of_file(file)?));
    arguments.passphrase_file.iter().try_fold(Passphrases::NONE, add)
}

/// What one file holds, taken out of what it is packed in. Where that is under a passphrase and none is given, it is asked for, if
/// there is a terminal.
pub(crate) fn unpacked(path: &Path, passphrases: &Passphrases) -> Result<Vec<Arc<Reading>>, Failure> {
    let mut readings = Reading::unpacked(source(path)?, passphrases);
    if let [closed] = &readings[..]
        && closed.wants_passphrase()
        && let Some(passphrase) =
            passphrase::asked_if_possible(&format!("`{}`", closed.source().name().escape_debug()))
    {
        let source = readings.remove(0).into_source();
        readings = Reading::unpacked(source, &Passphrases::NONE.with(passphrase));
    }
    Ok(readings.into_iter().map(Arc::new).collect())
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
    let slot = |path: &Option<PathBuf>| match path {
        Some(path) => read(path).map(Slot::whole),
        None => Ok(Slot::absent()),
    };
    let upload = match &arguments.certificate {
        Some(path) if arguments.certificate == arguments.private_key => {
            let reading = read(path)?;
            TlsUpload::new(Slot::whole(Arc::clone(&reading)), Slot::whole(reading))
        }
        _ => TlsUpload::new(slot(&arguments.certificate)?, slot(&arguments.private_key)?),
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
