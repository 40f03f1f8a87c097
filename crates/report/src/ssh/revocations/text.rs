//! A revocation list for people.

use std::io::{self, Write};

use certgate_facts::SshPublicKey;
use certgate_sign::krl::{
    CertificateSection, CertificateSubsection, RevocationList, Section, Serials, Unsupported,
};
use certgate_sign::verify::ClientVersion;

use super::v1::{fingerprint, ranges};
use crate::moment::moment;
use crate::show::sheet::{Sheet, write_sheets};

/// The last version before lists could have extensions, and the newest with rules of its own.
const CLIENTS: [(ClientVersion, &str); 2] =
    [(ClientVersion::new(9, 3), "clients before 9.4"), (ClientVersion::new(10, 3), "all clients")];

pub(super) fn write(out: &mut dyn Write, path: &str, list: &RevocationList) -> io::Result<()> {
    let mut sheets = vec![header(path, list)];
    let sections = list.sections().iter().enumerate();
    sheets.extend(sections.map(|(index, of)| section(of, &format!("{path}, section {}", index + 1))));
    write_sheets(out, &sheets)
}

fn header(path: &str, list: &RevocationList) -> Sheet {
    let header = list.header();
    let mut sheet = Sheet::titled(format!("{path}: ssh key revocation list"));
    sheet.row("version", header.version().to_string());
    sheet.row("generated", moment(header.generated_at()));
    let comment = header.comment();
    sheet.row("comment", String::from_utf8_lossy(comment.strip_suffix(&[0]).unwrap_or(comment)));
    if header.flags() != 0 {
        sheet.row("flags", format!("{:#x}, which mean nothing", header.flags()));
    }
    if !header.reserved().is_empty() {
        sheet.row("reserved", format!("{} bytes, which mean nothing", header.reserved().len()));
    }
    let refusing =
        CLIENTS.iter().rev().find_map(|(client, words)| Some((words, list.unsupported_by(*client)?)));
    if let Some((clients, unsupported)) = refusing {
        sheet.row("refused", refused(clients, unsupported));
    }
    sheet
}

fn refused(clients: &str, unsupported: Unsupported) -> String {
    format!("{clients} refuse the list, and with it every host: {unsupported}")
}

fn section(section: &Section, path: &str) -> Sheet {
    let mut sheet;
    match section {
        Section::Certificates(section) => {
            sheet = Sheet::titled(format!("{path}: certificates of {}", authority(section)));
            certificates(&mut sheet, section);
        }
        Section::Keys(keys) => {
            sheet = Sheet::titled(format!("{path}: keys"));
            sheet.rows("keys", keys.iter().map(|key| described(key)));
        }
        Section::Sha1(sums) => {
            sheet = Sheet::titled(format!("{path}: keys by SHA-1"));
            sheet.rows("keys", sums.iter().map(|sum| fingerprint("SHA1:", sum)));
        }
        Section::Sha256(sums) => {
            sheet = Sheet::titled(format!("{path}: keys by SHA-256"));
            sheet.rows("keys", sums.iter().map(|sum| fingerprint("SHA256:", sum)));
        }
        Section::Signature { signature, .. } => {
            sheet = Sheet::titled(format!("{path}: a signature, not verified"));
            sheet.row("bytes", signature.len().to_string());
        }
        Section::Extension(extension) => {
            sheet = Sheet::titled(format!("{path}: an extension"));
            sheet.row("name", String::from_utf8_lossy(extension.name()));
        }
        Section::Unknown { kind, body } => {
            sheet = Sheet::titled(format!("{path}: of the unknown kind {kind:#04x}"));
            sheet.row("bytes", body.len().to_string());
        }
    }
    sheet
}

fn authority(section: &CertificateSection) -> String {
    match section.authority_key() {
        [] => "any authority".to_owned(),
        key => described(key),
    }
}

fn certificates(sheet: &mut Sheet, section: &CertificateSection) {
    let mut serials = Serials::default();
    section.subsections().iter().for_each(|subsection| serials.extend(&subsection.serials()));
    sheet.rows("serials", ranges(&serials));
    for subsection in section.subsections() {
        match subsection {
            CertificateSubsection::KeyIds(ids) => {
                sheet.rows("key ids", ids.iter().map(|id| format!("`{}`", String::from_utf8_lossy(id))));
            }
            CertificateSubsection::Extension(extension) => {
                sheet.row("extension", String::from_utf8_lossy(extension.name()));
            }
            CertificateSubsection::Unknown { kind, body } => {
                sheet.row("unknown", format!("kind {kind:#04x}, {} bytes", body.len()));
            }
            _ => {}
        }
    }
}

/// Type in short and fingerprint.
fn described(blob: &[u8]) -> String {
    match SshPublicKey::from_blob(blob) {
        Ok(key) => format!("{} {}", key.kind(), key.fingerprint()),
        Err(defect) => format!("no key, so that nothing is revoked: {defect}"),
    }
}
