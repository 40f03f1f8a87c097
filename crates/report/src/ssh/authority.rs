//! Authorities of a ledger.

use std::io::{self, Write};

use certgate_facts::{SshPublicKey, Timestamp};
use serde::Serialize;

use crate::json::pretty;
use crate::printable::printable;
use crate::show::sheet::{Sheet, write_sheets};

/// An authority as a ledger knows it.
#[derive(Clone, Copy)]
pub struct Authority<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its public key.
    pub public_key: &'a SshPublicKey,
    /// What is said about the key.
    pub comment: &'a str,
    /// The file of its private key; `None` for a key that an ssh-agent holds.
    pub key_file: Option<&'a str>,
    /// How far it is, in a word: `prepared`, `published`, `signing`, `retired`.
    pub state: &'a str,
    /// Since when.
    pub state_since: Timestamp,
    /// When it was added.
    pub added_at: Timestamp,
    /// The authority that it replaces.
    pub succeeds: Option<&'a str>,
    /// The lowest serial that it may give next.
    pub next_serial: u64,
    /// How its certificates stand.
    pub counts: Counts,
}

/// How many certificates of an authority stand how.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Counts {
    /// Can be used now.
    pub valid: u64,
    /// Their time has not come.
    pub not_yet_valid: u64,
    /// Their time is over.
    pub expired: u64,
    /// Revoked.
    pub revoked: u64,
    /// Reserved, perhaps signed.
    pub unfinished: u64,
    /// Reserved and given up.
    pub abandoned: u64,
}

#[derive(Serialize)]
struct List<'a> {
    version: u32,
    authorities: Vec<Json<'a>>,
}

#[derive(Serialize)]
struct Json<'a> {
    name: &'a str,
    public_key: String,
    key_type: &'static str,
    fingerprint: String,
    custody: &'static str,
    key_file: Option<&'a str>,
    state: &'a str,
    state_since: String,
    created_at: String,
    succeeds: Option<&'a str>,
    next_serial: String,
    certificates: Counts,
}

/// Writes a line for each.
///
/// # Errors
/// What `out` answers.
pub fn write_list(out: &mut dyn Write, authorities: &[Authority<'_>]) -> io::Result<()> {
    for authority in authorities {
        writeln!(
            out,
            "{}  {}  {}  {} valid certificates",
            authority.name,
            authority.state,
            authority.public_key.fingerprint(),
            authority.counts.valid
        )?;
    }
    if authorities.is_empty() { out.write_all(b"no authorities\n") } else { Ok(()) }
}

/// Writes all there is to one.
///
/// # Errors
/// What `out` answers.
pub fn write_one(out: &mut dyn Write, authority: &Authority<'_>) -> io::Result<()> {
    let mut sheet = Sheet::titled(format!("authority {}", authority.name));
    let counts = authority.counts;
    sheet.row("state", format!("{} since {}", authority.state, authority.state_since));
    sheet.row("key", format!("{} {}", authority.public_key.kind(), authority.public_key.fingerprint()));
    sheet.row("comment", printable(authority.comment));
    sheet.row("private key", authority.key_file.map_or_else(|| "in an ssh-agent".into(), printable));
    sheet.row("added", authority.added_at.to_string());
    sheet.row("replaces", authority.succeeds.unwrap_or_default());
    sheet.row("next serial", authority.next_serial.to_string());
    sheet.row(
        "certificates",
        format!(
            "{} valid, {} not yet valid, {} expired, {} revoked, {} unfinished, {} abandoned",
            counts.valid,
            counts.not_yet_valid,
            counts.expired,
            counts.revoked,
            counts.unfinished,
            counts.abandoned
        ),
    );
    write_sheets(out, &[sheet])
}

/// All there is to them, as JSON.
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn json(authorities: &[Authority<'_>]) -> io::Result<String> {
    let authorities = authorities
        .iter()
        .map(|authority| Json {
            name: authority.name,
            public_key: authority.public_key.to_line(authority.comment),
            key_type: authority.public_key.kind().family(),
            fingerprint: authority.public_key.fingerprint(),
            custody: if authority.key_file.is_some() { "file" } else { "agent" },
            key_file: authority.key_file,
            state: authority.state,
            state_since: authority.state_since.to_string(),
            created_at: authority.added_at.to_string(),
            succeeds: authority.succeeds,
            next_serial: authority.next_serial.to_string(),
            certificates: authority.counts,
        })
        .collect();
    pretty(&List { version: 1, authorities })
}
