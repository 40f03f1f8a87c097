//! OpenSSH's keys, certificates, lists and known hosts, out of files.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use certgate_facts::{Reading, SshCertificate, SshContent, SshPublicKey};
use certgate_report::ssh::reply;
use certgate_sign::known_hosts::{KNOWN_HOSTS_BYTES_MAX, KnownHosts};
use certgate_sign::krl::{REVOCATION_LIST_BYTES_MAX, RevocationList};

use crate::failure::Failure;
use crate::input;

/// A public key, or a certificate.
pub(crate) enum KeyOrCertificate {
    Key(Box<SshPublicKey>),
    Certificate(Box<SshCertificate>),
}

/// The path, as it is said in messages.
pub(crate) fn name(path: &Path) -> String {
    path.display().to_string()
}

/// Something in a file that cannot be used.
pub(crate) fn unusable(path: &Path, why: impl Display) -> Failure {
    Failure::input(format!("`{}`: {}", name(path).escape_debug(), why.to_string().escape_debug()))
}

/// All bytes of a file, `-` for standard input; no more than `bytes_max`.
pub(crate) fn bytes(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes))
    };
    match read {
        Err(error) => Err(Failure::input(format!("cannot read `{}`: {error}", name(path).escape_debug()))),
        Ok(_) if bytes.len() > bytes_max => {
            Err(unusable(path, format!("larger than the limit of {bytes_max} bytes")))
        }
        Ok(_) => Ok(bytes),
    }
}

/// The only key of a file.
pub(crate) fn public_key(path: &Path) -> Result<SshPublicKey, Failure> {
    match only(path, keys_and_certificates(path)?)? {
        KeyOrCertificate::Key(key) => Ok(*key),
        KeyOrCertificate::Certificate(_) => {
            Err(unusable(path, "a certificate, where a plain public key is due")
                .with_hint("give the key file itself: its name ends in `.pub` and not in `-cert.pub`"))
        }
    }
}

/// The only certificate of a file.
pub(crate) fn certificate(path: &Path) -> Result<SshCertificate, Failure> {
    only_certificate(path, keys_and_certificates(path)?)
}

fn only_certificate(path: &Path, lines: Vec<(usize, KeyOrCertificate)>) -> Result<SshCertificate, Failure> {
    match only(path, lines)? {
        KeyOrCertificate::Certificate(certificate) => Ok(*certificate),
        KeyOrCertificate::Key(_) => Err(unusable(path, "a plain public key, where a certificate is due")
            .with_hint("certificates are in files whose names end in `-cert.pub`")),
    }
}

/// The only certificate of a file, or the one in a reply of the API.
pub(crate) fn certificate_or_reply(path: &Path) -> Result<SshCertificate, Failure> {
    let reading = input::read(path)?;
    if !reading.source().text().trim_ascii_start().starts_with(b"{") {
        return only_certificate(path, keys_and_certificates_of(path, &reading)?);
    }
    reply::certificate(reading.source().text()).map_err(|why| unusable(path, why))
}

fn only(path: &Path, mut lines: Vec<(usize, KeyOrCertificate)>) -> Result<KeyOrCertificate, Failure> {
    match (lines.pop(), lines.len()) {
        (Some((_, only)), 0) => Ok(only),
        (_, more) => Err(unusable(path, format!("{} lines with keys, where one is due", more + 1))
            .with_hint("put each into a file of its own")),
    }
}

/// All keys and certificates of a file, at least one, each with the number of its line.
pub(crate) fn keys_and_certificates(path: &Path) -> Result<Vec<(usize, KeyOrCertificate)>, Failure> {
    let reading = input::read(path)?;
    keys_and_certificates_of(path, &reading)
}

fn keys_and_certificates_of(
    path: &Path,
    reading: &Reading,
) -> Result<Vec<(usize, KeyOrCertificate)>, Failure> {
    let line = |span| reading.source().location(span).line;
    if reading.ssh_lines().is_empty() {
        return Err(no_line(path, reading));
    }
    let each = reading.ssh_lines().iter().map(|ssh| match &ssh.content {
        SshContent::PublicKey(key) => Ok((line(ssh.span), KeyOrCertificate::Key(key.clone()))),
        SshContent::Certificate(certificate) => {
            Ok((line(ssh.span), KeyOrCertificate::Certificate(certificate.clone())))
        }
        SshContent::Unreadable(reason) => Err(unusable(path, format!("line {}: {reason}", line(ssh.span)))),
        SshContent::KnownHosts(_) => {
            Err(unusable(path, format!("line {}: known hosts, where a key is due", line(ssh.span)))
                .with_hint("leave out what stands before the key"))
        }
        _ => Err(unusable(path, format!("line {}: a kind of line that is not known", line(ssh.span)))),
    });
    each.collect()
}

/// A file that holds nothing of OpenSSH's.
pub(crate) fn no_line(path: &Path, reading: &Reading) -> Failure {
    let failure = unusable(path, "no line with an OpenSSH public key or certificate");
    if reading.entries().iter().any(certgate_facts::Entry::is_private_key) {
        return failure.with_hint("it holds a private key: give the public half, the file ending in `.pub`");
    }
    failure
}

/// A revocation list.
pub(crate) fn revocation_list(path: &Path) -> Result<RevocationList, Failure> {
    let bytes = bytes(path, REVOCATION_LIST_BYTES_MAX)?;
    RevocationList::read(&bytes).map_err(|error| unusable(path, error))
}

/// A file of known hosts.
pub(crate) fn known_hosts(path: &Path) -> Result<KnownHosts, Failure> {
    let bytes = bytes(path, KNOWN_HOSTS_BYTES_MAX)?;
    KnownHosts::read(&bytes).map_err(|error| unusable(path, error))
}
