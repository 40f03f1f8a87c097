//! What OpenSSH's files say: public keys and certificates, known hosts, revocation lists.

mod v1;

use std::io::{self, Write};

use certgate_facts::Reading;
use certgate_sign::known_hosts::{Entry, KnownHosts, Line, Marker};
use certgate_sign::krl::RevocationList;

pub use v1::{ApiFields, Keys, KnownHost, KnownHostsFile, LineFacts};

use super::revocations;
use crate::json::pretty;
use crate::show;
use crate::show::sheet::{Sheet, write_sheets};

/// What a file holds.
pub enum File {
    /// Lines with public keys and certificates.
    Keys(Reading),
    /// Known hosts.
    KnownHosts(KnownHosts),
    /// A key revocation list.
    RevocationList(RevocationList),
}

/// What the file at `path` says, as JSON of version 1: [`Keys`], [`KnownHostsFile`] or [`revocations::List`].
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(path: &str, file: &File) -> io::Result<String> {
    match file {
        File::Keys(reading) => pretty(&Keys::of(reading)),
        File::KnownHosts(known) => pretty(&KnownHostsFile::of(path, known)),
        File::RevocationList(list) => revocations::json(path, list),
    }
}

/// Writes what the file at `path` says, a block for each line or section.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write, path: &str, file: &File) -> io::Result<()> {
    match file {
        File::Keys(reading) => show::write_reading(out, reading),
        File::KnownHosts(known) => {
            let sheets: Vec<Sheet> = known.lines().iter().map(|line| sheet(path, line)).collect();
            write_sheets(out, &sheets)
        }
        File::RevocationList(list) => revocations::write_text(out, path, list),
    }
}

fn sheet(path: &str, line: &Line) -> Sheet {
    let at = |what: &str| Sheet::titled(format!("{path}:{}: {what}", line.number()));
    match line.entry() {
        Err(defect) => {
            let mut sheet = at("a line that clients pass over");
            sheet.row("defect", defect.to_string());
            sheet
        }
        Ok(entry) => {
            let mut sheet = at(match entry.marker() {
                Some(Marker::CertAuthority) => "an authority for hosts",
                Some(Marker::Revoked) => "a revoked key",
                _ => "the key of a host",
            });
            rows(&mut sheet, entry);
            sheet
        }
    }
}

fn rows(sheet: &mut Sheet, entry: &Entry) {
    match entry.names().is_hashed() {
        true => sheet.row("hosts", "one, hashed"),
        false => sheet.row("hosts", String::from_utf8_lossy(entry.names().as_bytes())),
    }
    sheet.row("key", format!("{} {}", entry.key().kind(), entry.key().fingerprint()));
    if entry.is_certificate() {
        sheet.row("form", "a certificate, which makes no host known");
    }
    sheet.row("comment", String::from_utf8_lossy(entry.comment()));
}
