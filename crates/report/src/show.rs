//! Facts, unjudged: for people as text, for programs as JSON.
//!
//! Of an upload, [`tls_certificate_json`] writes what the API's resource would say of it; everything else that can be
//! read, a lone key or OpenSSH lines, is written by [`reading_json`], in the structs of
//! [`json::v1`](crate::json::v1::Reading). As text, [`write_upload`] and [`write_reading`] write a block of lines for
//! each certificate and key.

mod certificate;
mod private_key;
pub(crate) mod sheet;
mod ssh;
mod tls_certificate;

use std::io::{self, Write};

use certgate_facts::{Content, DefectKind, Entry, Reading};
use certgate_rules::TlsUpload;

use crate::json::{pretty, v1};
use crate::printable::printable;
use sheet::{Sheet, write_sheets};
pub use tls_certificate::{SubjectAlternativeNames, TlsCertificate, certificates_pem};

/// The response fields of the API's TLS certificate that follow from certificate and private key, as one JSON object
/// in the order of the wire, indented, with a line feed at the end; `None` where the leaf does not read.
#[must_use]
pub fn tls_certificate_json(upload: &TlsUpload) -> Option<String> {
    pretty(&TlsCertificate::of(upload)?).ok()
}

/// Everything a source holds, as one JSON object, indented, with a line feed at the end.
///
/// # Errors
/// None that is known; those of the JSON writer.
pub fn reading_json(reading: &Reading) -> io::Result<String> {
    pretty(&v1::Reading::of(reading))
}

/// Writes the facts of an upload: its certificates, how they relate, its private key.
///
/// # Errors
/// What `out` answers.
pub fn write_upload(out: &mut dyn Write, upload: &TlsUpload) -> io::Result<()> {
    let mut sheets: Vec<Sheet> = Vec::new();
    let leaf = upload.chain().leaf();
    let source = upload.certificate().reading().source();
    for (index, (entry, read)) in upload.certificates().enumerate() {
        let role = if leaf == Some(index) { "leaf" } else { certificate::role(read) };
        sheets.push(certificate::sheet(source, entry, read, &format!("certificate {}, {role}", index + 1)));
    }
    sheets.extend(certificate::chain(upload));
    let private_key = upload.private_key();
    let source = private_key.reading().source();
    sheets.extend(private_key.first_private_key().map(|entry| private_key::sheet(source, entry)));
    write_sheets(out, &sheets)
}

/// Writes the facts of a source, block by block or line by line.
///
/// # Errors
/// What `out` answers.
pub fn write_reading(out: &mut dyn Write, reading: &Reading) -> io::Result<()> {
    let mut sheets: Vec<Sheet> = reading.entries().iter().map(|entry| entry_sheet(reading, entry)).collect();
    sheets.extend(reading.ssh_lines().iter().map(|line| ssh::sheet(reading.source(), line)));
    if sheets.is_empty() {
        return writeln!(out, "{}: nothing that reads", printable(reading.source().name()));
    }
    write_sheets(out, &sheets)?;
    let is_limit = |kind: &&DefectKind| {
        matches!(kind, DefectKind::BlocksOverLimit { .. } | DefectKind::SshLinesOverLimit { .. })
    };
    match reading.defects().iter().map(|defect| &defect.kind).find(is_limit) {
        Some(limit) => writeln!(out, "\n{}: {limit}", printable(reading.source().name())),
        None => Ok(()),
    }
}

fn entry_sheet(reading: &Reading, entry: &Entry) -> Sheet {
    let source = reading.source();
    match entry.content() {
        Content::Certificate(read) => certificate::sheet(source, entry, read, certificate::role(read)),
        Content::PrivateKey(_) | Content::UndecodedPrivateKey => private_key::sheet(source, entry),
        content => {
            let mut sheet = Sheet::at(source, entry.block().begin(), &format!("`{}`", entry.block().label()));
            match content {
                Content::NotACertificate(defect) => sheet.row("defect", defect.kind.to_string()),
                _ => {
                    sheet.rows("defect", entry.block().defects().iter().map(|defect| defect.kind.to_string()))
                }
            }
            sheet
        }
    }
}

#[cfg(test)]
mod tests;
