//! What makes a finding the same one in the next run.
//!
//! It is made of the code of the rule and of what the finding is about: the SHA-256 of a certificate, of the public half of a key,
//! of a line. Neither lines, the order of blocks nor counts of days change it; a renewed certificate does. Findings of the same
//! rule about the same thing in the same file are numbered.

use std::collections::BTreeMap;

use certgate_facts::{Entry, SshContent, SshLine, hex, sha256};
use certgate_rules::{Finding, Label};

use crate::judged::Judged;

/// A finding and what it is recognised by.
pub(crate) struct Found<'a> {
    pub(crate) finding: &'a Finding,
    /// The verdict that it is part of.
    pub(crate) judged: &'a Judged,
    /// Whether the policy silences it.
    pub(crate) is_allowed: bool,
    digest: [u8; 32],
    number: usize,
}

/// The rule that is about the arrangement of a chain, wherever in it the fault shows.
const ABOUT_THE_ORDER: &str = "chain-out-of-order";

impl Found<'_> {
    /// The same wherever the file lies.
    pub(crate) fn in_any_file(&self) -> String {
        format!("{}:{}", hex(&self.digest[..16]), self.number)
    }

    /// Another one for each file.
    pub(crate) fn in_this_file(&self) -> String {
        let of = format!("{} {} {}", hex(&self.digest), self.number, self.finding.primary().path());
        hex(&sha256(of.as_bytes())[..16])
    }
}

/// The findings of each case, then those that the policy silences.
pub(crate) fn found<'a>(verdicts: &'a [Judged]) -> Vec<Vec<Found<'a>>> {
    let mut numbers = BTreeMap::new();
    let of_case = |judged: &'a Judged| -> Vec<Found<'a>> {
        let reported = judged.findings().iter().map(|finding| (finding, false));
        let both = reported.chain(judged.allowed().iter().map(|finding| (finding, true)));
        let found = both.map(|(finding, is_allowed)| {
            let of = format!("{} {}", finding.rule().code(), subject(judged, finding));
            let digest = sha256(of.as_bytes());
            let number = numbers.entry((digest, finding.primary().path())).or_insert(0_usize);
            *number += 1;
            Found { finding, judged, is_allowed, digest, number: *number }
        });
        found.collect()
    };
    verdicts.iter().map(of_case).collect()
}

/// What a finding is about, in words that no change of the arrangement changes.
fn subject(judged: &Judged, finding: &Finding) -> String {
    if finding.rule().name() == ABOUT_THE_ORDER
        && let Judged::TlsUpload(verdict) = judged
        && let Some((entry, _)) = verdict.case().leaf_meant()
    {
        return of_entry(finding.primary(), entry);
    }
    let label = finding.primary();
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
