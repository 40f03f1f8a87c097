//! OpenSSH public keys, certificates and known hosts.

use certgate_facts::known_hosts::{Entry, Marker};
use certgate_facts::{
    Source, SshCertificate, SshCertificateFields, SshContent, SshLine, SshOption, SshPublicKey, SshRole,
};

use super::sheet::Sheet;
use crate::moment::moment;
use crate::ssh::Signature;

pub(super) fn sheet(source: &Source, line: &SshLine) -> Sheet {
    match &line.content {
        SshContent::Certificate(certificate) => {
            let role = match certificate.fields().map(SshCertificateFields::role) {
                Some(SshRole::Host) => "ssh host certificate",
                Some(SshRole::User) => "ssh user certificate",
                _ => "ssh certificate",
            };
            let mut sheet = Sheet::at(source, line.span, role);
            certificate_rows(&mut sheet, certificate);
            sheet
        }
        SshContent::PublicKey(key) => {
            let mut sheet = Sheet::at(source, line.span, "ssh public key");
            sheet.row("type", key.name());
            sheet.row("key", described(key));
            sheet.row("comment", key.comment());
            sheet
        }
        SshContent::Unreadable(defect) => {
            let mut sheet = Sheet::at(source, line.span, "ssh line that does not read");
            sheet.row("defect", defect.to_string());
            sheet
        }
        SshContent::KnownHosts(Ok(entry)) => {
            let what = match entry.marker() {
                Some(Marker::CertAuthority) => "ssh authority for hosts",
                Some(Marker::Revoked) => "ssh key that is revoked for hosts",
                _ => "ssh key of a host",
            };
            let mut sheet = Sheet::at(source, line.span, what);
            known_host_rows(&mut sheet, entry);
            sheet
        }
        SshContent::KnownHosts(Err(defect)) => {
            let mut sheet = Sheet::at(source, line.span, "line that ssh passes over");
            sheet.row("defect", defect.to_string());
            sheet
        }
        _ => Sheet::at(source, line.span, "ssh line"),
    }
}

fn known_host_rows(sheet: &mut Sheet, entry: &Entry) {
    match entry.names().is_hashed() {
        true => sheet.row("hosts", "one, hashed"),
        false => sheet.row("hosts", String::from_utf8_lossy(entry.names().as_bytes())),
    }
    sheet.row("key", described(entry.key()));
    if entry.is_certificate() {
        sheet.row("form", "a certificate, which makes no host known");
    }
    sheet.row("comment", String::from_utf8_lossy(entry.comment()));
}

fn certificate_rows(sheet: &mut Sheet, certificate: &SshCertificate) {
    sheet.row("type", certificate.name());
    let Some(fields) = certificate.fields() else {
        sheet.row("comment", certificate.comment());
        return;
    };
    sheet.row("key", described(fields.public_key()));
    sheet.row("key id", quoted(&fields.key_id().to_string_lossy()));
    sheet.row("serial", fields.serial().to_string());
    match fields.principals() {
        [] => sheet.row("principals", "none, which many take for any"),
        names => sheet.rows("principals", names.iter().map(|name| quoted_if_odd(&name.to_string_lossy()))),
    }
    sheet.row("valid", validity(fields));
    sheet.row("authority", described(fields.authority_key()));
    let signature = Signature::of(certificate).words();
    sheet.row("signature", format!("{}, {signature}", fields.signature_algorithm().unwrap_or_default()));
    sheet.rows("critical", fields.critical_options().iter().map(option));
    sheet.rows("extensions", fields.extensions().iter().map(option));
    sheet.row("comment", certificate.comment());
}

/// Type in short and fingerprint.
fn described(key: &SshPublicKey) -> String {
    format!("{} {}", key.kind(), key.fingerprint())
}

fn validity(fields: &SshCertificateFields) -> String {
    match (fields.valid_after(), fields.valid_before()) {
        (0, u64::MAX) => "always and forever".to_owned(),
        (0, before) => format!("always, until {}", moment(before)),
        (after, u64::MAX) => format!("{} to forever", moment(after)),
        (after, before) => format!("{} until {}", moment(after), moment(before)),
    }
}

fn option(option: &SshOption) -> String {
    let name = String::from_utf8_lossy(option.name());
    match option.text().unwrap_or_else(|| option.value()) {
        [] => name.into_owned(),
        value => format!("{name}={}", quoted_if_odd(&String::from_utf8_lossy(value))),
    }
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// Between backquotes where it could be taken for more than one name, or for none.
fn quoted_if_odd(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains([' ', ',', '`']);
    if is_plain { text.to_owned() } else { quoted(text) }
}
