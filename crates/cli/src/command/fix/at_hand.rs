//! What repairs may draw on besides the files themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Certificate, Entry, Passphrases, PrivateKey, PrivateKeyState, Reading};
use certgate_rules::{Means, Scope};

use crate::cli::FixArguments;
use crate::failure::Failure;
use crate::{input, passphrase};

/// Most files of a folder of intermediates that are read: more than all public authorities have.
const FILES_MAX: usize = 10_000;

pub(super) struct AtHand {
    passphrases: Passphrases,
    /// Whether a passphrase may be asked for.
    asks: bool,
    intermediates: Vec<Certificate>,
}

impl AtHand {
    /// Reads what is named.
    pub(super) fn of(arguments: &FixArguments) -> Result<Self, Failure> {
        let passphrases = input::passphrases(&arguments.passphrases)?;
        let asks = arguments.is_unsafe && passphrases.is_empty();
        let intermediates = arguments.intermediates.as_deref().map_or(Ok(Vec::new()), certificates_in)?;
        Ok(Self { passphrases, asks, intermediates })
    }

    /// Asks for a passphrase that is needed and not named, if there is a terminal.
    pub(super) fn ask(&mut self, readings: &[Arc<Reading>]) {
        for reading in readings.iter().filter(|reading| self.asks && has_encrypted_key(reading)) {
            let name = reading.source().name().escape_debug();
            if let Some(passphrase) = passphrase::asked_if_possible(&format!("the private key in `{name}`")) {
                self.passphrases = std::mem::take(&mut self.passphrases).with(passphrase);
            }
        }
    }

    pub(super) fn means(&self, scope: Scope) -> Means<'_> {
        Means { scope, passphrases: &self.passphrases, intermediates: &self.intermediates }
    }
}

fn has_encrypted_key(reading: &Reading) -> bool {
    let mut keys = reading.entries().iter().filter_map(Entry::private_key);
    keys.any(|key: &PrivateKey| matches!(key.state(), PrivateKeyState::Encrypted { .. }))
}

/// The certificates in the files of a folder, in the order of their names; other files are passed over.
fn certificates_in(folder: &Path) -> Result<Vec<Certificate>, Failure> {
    let unreadable = |error: std::io::Error| {
        let name = folder.display().to_string();
        Failure::input(format!("cannot read `{}`: {error}", name.escape_debug()))
            .with_hint("--intermediates takes a folder with certificates in it")
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_file() {
            paths.push(path);
        }
        if paths.len() > FILES_MAX {
            return Err(Failure::input(format!(
                "more than {FILES_MAX} files in the folder of intermediates"
            ))
            .with_hint("name a folder with those of your own authorities"));
        }
    }
    paths.sort();
    let mut certificates = Vec::new();
    for path in paths {
        for reading in Reading::unpacked(input::source(&path)?, &Passphrases::NONE) {
            certificates.extend(reading.entries().iter().filter_map(Entry::certificate).cloned());
        }
    }
    Ok(certificates)
}
