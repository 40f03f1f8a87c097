//! Everything one source holds, unjudged.

use certgate_facts::{Content, Entry, Source};
use serde::Serialize;

use super::{Certificate, PrivateKey, SshLine};

/// What one source holds.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// The version of this format: 1.
    pub version: u8,
    /// The path as given.
    pub path: String,
    /// The PEM blocks, in order.
    pub blocks: Vec<Block>,
    /// OpenSSH public keys and certificates, in order; none where there is PEM.
    pub ssh_lines: Vec<SshLine>,
    /// What cannot be read outside of blocks.
    pub defects: Vec<String>,
}

/// A PEM block; of the two kinds of facts at most one is there, the other is `null`.
#[derive(Clone, Debug, Serialize)]
pub struct Block {
    /// The line of its BEGIN boundary, counted from 1.
    pub line: usize,
    /// Its label, such as `CERTIFICATE`.
    pub label: String,
    /// The certificate it holds.
    pub certificate: Option<Certificate>,
    /// The private key it holds.
    pub private_key: Option<PrivateKey>,
    /// What is wrong with it.
    pub defects: Vec<String>,
}

impl Reading {
    /// What is to be written of a source.
    #[must_use]
    pub fn of(reading: &certgate_facts::Reading) -> Self {
        let source = reading.source();
        let line = |span| source.location(span).line;
        Self {
            version: 1,
            path: source.name().to_owned(),
            blocks: reading.entries().iter().map(|entry| Block::of(source, entry)).collect(),
            ssh_lines: reading.ssh_lines().iter().map(|ssh| SshLine::of(line(ssh.span), &ssh.content)).collect(),
            defects: reading.defects().iter().map(|defect| defect.kind.to_string()).collect(),
        }
    }
}

impl Block {
    fn of(source: &Source, entry: &Entry) -> Self {
        let mut defects: Vec<String> = entry.block().defects().iter().map(|defect| defect.kind.to_string()).collect();
        if let Content::NotACertificate(defect) = entry.content() {
            let text = defect.kind.to_string();
            if !defects.contains(&text) {
                defects.push(text);
            }
        }
        Self {
            line: source.location(entry.block().begin()).line,
            label: entry.block().label().to_owned(),
            certificate: entry.certificate().map(|certificate| Certificate::of(source, entry, certificate)),
            private_key: entry.is_private_key().then(|| PrivateKey::of(source, entry)),
            defects,
        }
    }
}
