//! Files and standard input, read once and within the limit.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Passphrases, Reading, Source, SourceError};
use certgate_rules::{Slot, TlsUpload};

use crate::cli::{InputArguments, PassphraseArguments};
use crate::failure::Failure;
use crate::passphrase;

/// Why a file was not read.
pub(crate) enum Unread {
    /// It is larger than a source may be.
    TooLarge(Failure),
    /// The system refused.
    Refused(Failure),
}

impl From<Unread> for Failure {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge(failure) | Unread::Refused(failure) => failure,
        }
    }
}

/// Those of the files given.
pub(crate) fn passphrases(arguments: &PassphraseArguments) -> Result<Passphrases, Failure> {
    let add = |all: Passphrases, file: &PathBuf| Ok(all.with(passphrase::of_file(file)?));
    arguments.passphrase_file.iter().try_fold(Passphrases::NONE, add)
}

/// What one file holds, taken out of what it is packed in. Where that is under a passphrase and none is given, it is asked for, if
/// there is a terminal; what was typed comes too.
pub(crate) fn unpacked(
    path: &Path,
    passphrases: &Passphrases,
) -> Result<(Vec<Arc<Reading>>, Option<Passphrases>), Unread> {
    let mut readings = Reading::unpacked(opened(path)?, passphrases);
    let mut typed = None;
    if let [closed] = &readings[..]
        && closed.wants_passphrase()
        && let Some(passphrase) =
            passphrase::asked_if_possible(&format!("`{}`", closed.source().name().escape_debug()))
    {
        let source = readings.remove(0).into_source();
        let passphrases = typed.insert(Passphrases::NONE.with(passphrase));
        readings = Reading::unpacked(source, passphrases);
    }
    Ok((readings.into_iter().map(Arc::new).collect(), typed))
}

/// The upload whose fields are named one by one, whatever the files hold; nothing where none is.
pub(crate) fn of_fields(arguments: &InputArguments) -> Result<Option<TlsUpload>, Failure> {
    let slot = |path: &Option<PathBuf>| match path {
        Some(path) => read(path).map(Slot::whole),
        None => Ok(Slot::absent()),
    };
    match (&arguments.certificate, &arguments.private_key) {
        (None, None) => Ok(None),
        (Some(path), Some(same)) if path == same => {
            let reading = read(path)?;
            Ok(Some(TlsUpload::new(Slot::whole(Arc::clone(&reading)), Slot::whole(reading))))
        }
        (certificate, private_key) => Ok(Some(TlsUpload::new(slot(certificate)?, slot(private_key)?))),
    }
}

/// What one file holds, `-` for standard input.
pub(crate) fn read(path: &Path) -> Result<Arc<Reading>, Failure> {
    source(path).map(|source| Arc::new(Reading::of(source)))
}

/// The bytes of one file, `-` for standard input.
pub(crate) fn source(path: &Path) -> Result<Source, Failure> {
    opened(path).map_err(Failure::from)
}

fn opened(path: &Path) -> Result<Source, Unread> {
    let name = path.display().to_string();
    let source = if name == "-" {
        Source::read(name.clone(), io::stdin().lock())
    } else {
        File::open(path).map_err(SourceError::Io).and_then(|file| {
            let length = file.metadata().map_err(SourceError::Io)?.len();
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            Source::read_expecting(name.clone(), file, length)
        })
    };
    source.map_err(|error| unread(&name, &error))
}

fn unread(name: &str, error: &SourceError) -> Unread {
    let failure = Failure::input(format!("cannot read `{}`: {error}", name.escape_debug()));
    match error {
        SourceError::Io(error) if error.kind() == io::ErrorKind::IsADirectory => {
            Unread::Refused(failure.with_hint("name the files in it"))
        }
        SourceError::TooLarge => Unread::TooLarge(
            failure
                .with_hint("chains, keys and certificates have a few kilobytes; an inventory can be split"),
        ),
        _ => Unread::Refused(failure),
    }
}
