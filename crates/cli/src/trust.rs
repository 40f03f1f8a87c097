//! What clients ask for and whom they trust: from words, files and folders to names and anchors.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Certificate, Entry, Passphrases, Reading};
use certgate_rules::path::ReferenceName;
use certgate_rules::{Anchor, TrustAnchors};

use crate::cli::ClientArguments;
use crate::failure::Failure;
use crate::input;

/// The names that clients ask for.
pub(crate) fn hosts(clients: &ClientArguments) -> Result<Vec<ReferenceName>, Failure> {
    clients.hostname.iter().map(|host| self::host(host)).collect()
}

/// A name that clients ask for.
pub(crate) fn host(text: &str) -> Result<ReferenceName, Failure> {
    ReferenceName::host(text).ok_or_else(|| {
        Failure::input(format!("`{}` is neither a host name nor an address", text.escape_debug()))
            .with_hint("write it as clients ask for it, such as `www.example.com`, without scheme and port")
    })
}

/// The anchors that the words of `--trust` name together; Mozilla's roots where there are none.
pub(crate) fn of(words: &[PathBuf]) -> Result<TrustAnchors, Failure> {
    let known: Vec<Option<&str>> = words.iter().map(|word| word.to_str()).collect();
    match &known[..] {
        [] | [Some("mozilla")] => return Ok(TrustAnchors::Mozilla),
        [Some("none")] => return Ok(TrustAnchors::None),
        several if several.contains(&Some("none")) => {
            return Err(Failure::input("`--trust none` stands for no anchor at all, and others are given")
                .with_hint("leave out one of them"));
        }
        _ => {}
    }
    let mut anchors = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, word) in words.iter().zip(known) {
        match word {
            Some("mozilla") => anchors.extend(TrustAnchors::Mozilla.all().iter().cloned()),
            Some("system") => add(system()?, &mut anchors, &mut seen),
            _ if path.is_dir() => add(of_folder(path)?, &mut anchors, &mut seen),
            _ => add(of_file(path)?, &mut anchors, &mut seen),
        }
    }
    Ok(TrustAnchors::Given(anchors.into()))
}

/// Each certificate once, however often and under however many names it lies there.
fn add(certificates: Vec<Certificate>, anchors: &mut Vec<Anchor>, seen: &mut BTreeSet<[u8; 32]>) {
    for certificate in certificates {
        if seen.insert(certificate.sha256()) {
            anchors.push(Anchor::Certificate(Arc::new(certificate)));
        }
    }
}

/// What the programs of this machine trust.
fn system() -> Result<Vec<Certificate>, Failure> {
    let loaded = rustls_native_certs::load_native_certs();
    // One that does not read is none that a client here could use.
    let certificates: Vec<Certificate> =
        loaded.certs.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    match (certificates.is_empty(), loaded.errors.first()) {
        (false, _) => Ok(certificates),
        (true, Some(error)) => {
            Err(Failure::input(format!("the system's trust anchors cannot be read: {error}")))
        }
        (true, None) => Err(Failure::input("the system has no trust anchors")
            .with_hint("install them (Debian: the package ca-certificates), or name a file")),
    }
}

fn of_file(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let certificates = certificates(&input::unpacked(path, &Passphrases::NONE)?.0);
    if certificates.is_empty() {
        let name = path.display().to_string();
        return Err(Failure::input(format!("`{}` holds no certificate to trust", name.escape_debug()))
            .with_hint("`--trust` takes mozilla, system, none, or a file or folder of root certificates"));
    }
    Ok(certificates)
}

/// The certificates of the files that lie in the folder itself; what holds none is passed over.
fn of_folder(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let name = path.display().to_string();
    let unreadable = |error: std::io::Error| {
        Failure::input(format!("the folder `{}` cannot be read: {error}", name.escape_debug()))
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    let mut found = Vec::new();
    for file in files {
        found.extend(certificates(&input::unpacked(&file, &Passphrases::NONE)?.0));
    }
    if found.is_empty() {
        return Err(Failure::input(format!(
            "no file in `{}` holds a certificate to trust",
            name.escape_debug()
        )));
    }
    Ok(found)
}

fn certificates(readings: &[Arc<Reading>]) -> Vec<Certificate> {
    let entries = readings.iter().flat_map(|reading| reading.entries());
    entries.filter_map(Entry::certificate).cloned().collect()
}
