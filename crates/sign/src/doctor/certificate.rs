//! The certificates of a server.

use std::io;

use certgate_facts::{
    Reading, SourceError, SshCertificate, SshCertificateFields, SshContent, SshRole, SshSignatureFault,
};

use super::host_key::{HostKey, relative};
use super::{Finding, FindingKind, Server, Severity, Shown, principals};
use crate::sshd_config::{ConfigPlace, Directive};
use crate::verify::{ClientVersion, moment, signature_algorithms_allowed_by};

/// The newest client with rules of its own.
const NEWEST_KNOWN: ClientVersion = ClientVersion::new(10, 3);

/// Reads the certificate that a line names, or says why there is none.
pub(super) fn read(server: &Server<'_>, directive: &Directive, findings: &mut Vec<Finding>) -> Option<Shown> {
    let path = directive.arguments().first().filter(|path| !path.eq_ignore_ascii_case("none"))?;
    let place = directive.place();
    if !path.starts_with('/') {
        findings.push(relative(path, place));
    }
    match certificate(server, path, place) {
        Ok(certificate) => Some(Shown { certificate, place: place.clone(), path: path.clone() }),
        Err(finding) => {
            findings.push(*finding);
            None
        }
    }
}

/// As `sshd` does, the first line that reads, of the file or of that with `.pub` after its name.
fn certificate(server: &Server<'_>, path: &str, place: &ConfigPlace) -> Result<SshCertificate, Box<Finding>> {
    let finding = |kind, fact: String, hint: &str| Box::new(Finding::at(kind, place, fact, hint));
    let source = server.files.source(path).or_else(|error| match error {
        SourceError::Io(io) if io.kind() == io::ErrorKind::NotFound => {
            server.files.source(&format!("{path}.pub")).map_err(|_| SourceError::Io(io))
        }
        error => Err(error),
    });
    let source = source.map_err(|error| match error {
        SourceError::Io(io) if io.kind() == io::ErrorKind::NotFound => {
            let fact =
                format!("there is no certificate `{path}`; sshd says so to its log and shows the plain key");
            finding(FindingKind::CertificateMissing, fact, "put it there, or take the line out")
        }
        error => {
            let fact = format!("the certificate `{path}` cannot be read: {error}");
            finding(
                FindingKind::CertificateUnreadable,
                fact,
                "let sshd read it, and ask again as who runs sshd",
            )
        }
    })?;
    let reading = Reading::of(source);
    let mut reason = None;
    for line in reading.ssh_lines() {
        match &line.content {
            SshContent::Certificate(certificate) => return Ok((**certificate).clone()),
            SshContent::PublicKey(_) => {
                let fact = format!("`{path}` holds a plain public key and no certificate");
                let hint = "name the file that ends in `-cert.pub`";
                return Err(finding(FindingKind::NotACertificate, fact, hint));
            }
            SshContent::Unreadable(why) => reason = reason.or_else(|| Some(why.to_string())),
            _ => {}
        }
    }
    let reason = reason.unwrap_or_else(|| "no line with a certificate".to_owned());
    let fact = format!("`{path}` does not read as a certificate: {reason}");
    Err(finding(FindingKind::CertificateDamaged, fact, "have it issued again"))
}

/// Which of the keys it is for, the first as `sshd` has it.
pub(super) fn key_of(shown: &Shown, keys: &[HostKey]) -> Option<usize> {
    let certified = shown.certificate.fields()?.public_key().public_key()?;
    keys.iter().position(|key| key.public.as_ref().is_some_and(|public| public.matches(certified)))
}

/// A certificate that is for none of the keys.
pub(super) fn without_key(shown: &Shown, keys: &[HostKey]) -> Finding {
    let Some(fields) = shown.certificate.fields() else {
        let fact = format!("`{}` is of the unknown type {}", shown.path, shown.certificate.name());
        return Finding::at(
            FindingKind::CertificateTypeUnknown,
            &shown.place,
            fact,
            "have another one issued",
        );
    };
    let key = fields.public_key();
    let kind = FindingKind::CertificateForAnotherKey;
    let fact = format!(
        "`{}` is for the key {} {}, which sshd does not have",
        shown.path,
        key.kind(),
        key.fingerprint()
    );
    let hint = "add the HostKey that it was issued for, or have one issued for a key that is there";
    let unknown = keys.iter().find(|key| key.public.is_none());
    match unknown {
        None => Finding::at(kind, &shown.place, fact, hint),
        Some(unknown) => {
            let fact = format!("{fact}, unless `{}` is it, which cannot be read", unknown.path);
            Finding::at(kind, &shown.place, fact, hint).with_severity(Severity::Warning)
        }
    }
}

/// What clients will say of a certificate.
pub(super) fn examine(server: &Server<'_>, shown: &Shown, findings: &mut Vec<Finding>) {
    let Some(fields) = shown.certificate.fields() else { return };
    let path = &shown.path;
    let mut error =
        |kind, fact: String, hint: &str| findings.push(Finding::at(kind, &shown.place, fact, hint));
    if let Some(fault) = broken_signature(&shown.certificate) {
        let fact = format!("the authority's signature in `{path}` does not hold: {fault}");
        error(FindingKind::SignatureInvalid, fact, "have it issued again");
    }
    if fields.role() != SshRole::Host {
        let fact = format!("`{path}` is a certificate for users, which clients refuse of a host");
        error(
            FindingKind::CertificateForUsers,
            fact,
            "have it issued for hosts: `ssh-keygen -s` does with `-h`",
        );
    }
    validity(server, path, fields, &mut error);
    let options: Vec<_> =
        fields.critical_options().iter().map(|option| String::from_utf8_lossy(option.name())).collect();
    if !options.is_empty() {
        let fact = format!(
            "`{path}` has the critical option `{}`, which clients refuse of a host",
            options.join("`, `")
        );
        error(FindingKind::CriticalOptions, fact, "have it issued without options");
    }
    let algorithm = fields.signature_algorithm().unwrap_or_default();
    if !signature_algorithms_allowed_by(NEWEST_KNOWN).contains(&algorithm) {
        let fact = format!("`{path}` is signed with {algorithm}, which clients do not accept");
        error(
            FindingKind::SignatureAlgorithm,
            fact,
            "have it signed with rsa-sha2-512, or by another authority",
        );
    }
    findings.extend(principals::of_certificate(shown, fields));
}

fn validity(
    server: &Server<'_>,
    path: &str,
    fields: &SshCertificateFields,
    error: &mut impl FnMut(FindingKind, String, &str),
) {
    let (after, before) = (fields.valid_after(), fields.valid_before());
    if server.at < after {
        let fact = format!("`{path}` is not yet valid: begins at {}", moment(after));
        error(
            FindingKind::CertificateNotYetValid,
            fact,
            "compare the clocks of authority and server, or wait",
        );
    } else if server.at >= before {
        let fact = format!("`{path}` is expired: ended at {}", moment(before));
        error(FindingKind::CertificateExpired, fact, "renew it, then reload sshd");
    }
}

/// Why the signature does not hold; nothing if it does, or is of an algorithm that is not verified here.
fn broken_signature(certificate: &SshCertificate) -> Option<SshSignatureFault> {
    use SshSignatureFault::{AlgorithmRefused, AlgorithmUnsupported, CertificateTypeUnknown};
    certificate.verify_signature().err().filter(|fault| {
        !matches!(
            fault,
            AlgorithmRefused { .. } | AlgorithmUnsupported { .. } | CertificateTypeUnknown { .. }
        )
    })
}
