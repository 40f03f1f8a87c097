//! Revocation lists to bytes.

use super::section::{CertificateSection, CertificateSubsection, Extension, Section};
use super::wire::{kind, write_string};
use super::{FORMAT, REVOCATION_LIST_MAGIC, RevocationList};

pub(super) fn list(list: &RevocationList) -> Vec<u8> {
    let header = &list.header;
    let mut out = REVOCATION_LIST_MAGIC.to_vec();
    out.extend_from_slice(&FORMAT.to_be_bytes());
    for number in [header.version, header.generated_at, header.flags] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    write_string(&mut out, &header.reserved);
    write_string(&mut out, &header.comment);
    for section in &list.sections {
        write_section(&mut out, section);
    }
    out
}

fn write_section(out: &mut Vec<u8>, section: &Section) {
    match section {
        Section::Certificates(section) => tagged(out, kind::CERTIFICATES, &certificates(section)),
        Section::Keys(keys) => tagged(out, kind::KEYS, &strings(keys)),
        Section::Sha1(sums) => tagged(out, kind::SHA1, &strings(sums)),
        Section::Sha256(sums) => tagged(out, kind::SHA256, &strings(sums)),
        Section::Signature { key, signature } => {
            tagged(out, kind::SIGNATURE, key);
            write_string(out, signature);
        }
        Section::Extension(content) => tagged(out, kind::EXTENSION, &extension(content)),
        Section::Unknown { kind, body } => tagged(out, *kind, body),
    }
}

fn certificates(section: &CertificateSection) -> Vec<u8> {
    let mut body = Vec::new();
    write_string(&mut body, &section.authority_key);
    write_string(&mut body, &section.reserved);
    for subsection in &section.subsections {
        match subsection {
            CertificateSubsection::SerialList(serials) => {
                let bytes: Vec<u8> = serials.iter().flat_map(|serial| serial.to_be_bytes()).collect();
                tagged(&mut body, kind::SERIAL_LIST, &bytes);
            }
            CertificateSubsection::SerialRange { first, last } => {
                tagged(&mut body, kind::SERIAL_RANGE, &[first.to_be_bytes(), last.to_be_bytes()].concat());
            }
            CertificateSubsection::SerialBitmap { offset, bits } => {
                let mut inside = offset.to_be_bytes().to_vec();
                write_string(&mut inside, bits);
                tagged(&mut body, kind::SERIAL_BITMAP, &inside);
            }
            CertificateSubsection::KeyIds(ids) => tagged(&mut body, kind::KEY_IDS, &strings(ids)),
            CertificateSubsection::Extension(content) => {
                tagged(&mut body, kind::CERTIFICATE_EXTENSION, &extension(content));
            }
            CertificateSubsection::Unknown { kind, body: inside } => tagged(&mut body, *kind, inside),
        }
    }
    body
}

fn extension(extension: &Extension) -> Vec<u8> {
    let mut body = Vec::new();
    write_string(&mut body, &extension.name);
    body.push(extension.critical);
    write_string(&mut body, &extension.contents);
    body
}

fn strings(entries: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut body = Vec::new();
    for entry in entries {
        write_string(&mut body, entry.as_ref());
    }
    body
}

fn tagged(out: &mut Vec<u8>, kind: u8, body: &[u8]) {
    out.push(kind);
    write_string(out, body);
}
