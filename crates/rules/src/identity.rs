//! What makes a finding the same one in the next run.
//!
//! It is made of the code of the rule and of what the finding is about: the SHA-256 of a certificate, of the public half of a key,
//! of a line. Neither lines, the order of blocks nor counts of days change it; a renewed certificate does.

use certgate_facts::{Entry, SshContent, SshLine, hex, sha256};

use crate::finding::{Finding, Label};

/// What tells a finding from others, wherever its file lies and whatever else is in it.
///
/// Findings of the same rule about the same thing have the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// How many hexadecimal digits it is written with.
    pub const DIGITS: usize = 32;

    /// All of the digest, of which the half is [written](std::fmt::Display).
    #[must_use]
    pub fn digest(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Hexadecimal digits, in lower case.
impl std::fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&hex(&self.0[..Self::DIGITS / 2]))
    }
}

impl Finding {
    /// What it is recognised by in the next run.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint(sha256(format!("{} {}", self.rule().code(), of_label(self.subject())).as_bytes()))
    }
}

/// What stands somewhere, in words that no change of the arrangement changes.
fn of_label(label: &Label) -> String {
    let reading = label.reading();
    let entry = reading.entries().iter().find(|entry| entry.block().span().contains(label.span()));
    let line = reading.ssh_lines().iter().find(|line| line.span.contains(label.span()));
    match (entry, line) {
        (Some(entry), _) => of_entry(label, entry),
        (None, Some(line)) => of_line(label, line),
        (None, None) => "the file".to_owned(),
    }
}

fn of_entry(label: &Label, entry: &Entry) -> String {
    if let Some(certificate) = entry.certificate() {
        return format!("certificate {}", hex(&certificate.sha256()));
    }
    if entry.is_private_key() {
        // Not a digest of the private half, be it encrypted.
        return match entry.private_key().and_then(|key| key.public_key()) {
            Some(key) => format!("key {}", hex(&key.spki_sha256())),
            None => "a key".to_owned(),
        };
    }
    let block = entry.block();
    let digest = match block.der() {
        Some(der) => sha256(der),
        None => digest_of_text(block.span().of(label.reading().source().text())),
    };
    format!("block {} {}", block.label(), hex(&digest))
}

fn of_line(label: &Label, line: &SshLine) -> String {
    match &line.content {
        SshContent::PublicKey(key) => format!("ssh key {}", key.fingerprint()),
        SshContent::Certificate(certificate) => {
            format!("ssh certificate {}", hex(&sha256(certificate.blob())))
        }
        _ => format!("line {}", hex(&digest_of_text(line.span.of(label.reading().source().text())))),
    }
}

/// White space left out: an editor may have changed line ends and indentation.
fn digest_of_text(text: &[u8]) -> [u8; 32] {
    let text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    sha256(&text)
}
