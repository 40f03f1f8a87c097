//! Everything one source holds.

use crate::certificate::{Certificate, CertificateError};
use crate::container::Container;
use crate::defect::{Defect, DefectKind};
use crate::pem::{Block, Document};
use crate::private_key::{self, PrivateKey};
use crate::source::Source;
use crate::ssh_line::{self, SSH_LINES_MAX, SshLine};

/// One source, read: PEM blocks in order or, where there are none, OpenSSH lines; and what could not be read.
pub struct Reading {
    source: Source,
    entries: Vec<Entry>,
    ssh_lines: Vec<SshLine>,
    defects: Vec<Defect>,
}

/// A PEM block and what it holds.
pub struct Entry {
    block: Block,
    content: Content,
}

/// What a PEM block holds, told by its label and its data.
#[non_exhaustive]
pub enum Content {
    /// A `CERTIFICATE`.
    Certificate(Box<Certificate>),
    /// `EC PARAMETERS` or `DSA PARAMETERS`, which openssl writes in front of keys.
    KeyParameters,
    /// Labelled `CERTIFICATE`, but its data is none.
    NotACertificate(Defect),
    /// Some other label.
    Other,
    /// A label that ends in `PRIVATE KEY`.
    PrivateKey(PrivateKey),
    /// Labelled `CERTIFICATE`, and its base64 does not decode.
    UndecodedCertificate,
    /// A label that ends in `PRIVATE KEY`, and its base64 does not decode.
    UndecodedPrivateKey,
}

impl Entry {
    /// The block.
    #[must_use]
    pub fn block(&self) -> &Block {
        &self.block
    }

    /// What it holds.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The certificate, if it holds one that reads.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// Whether the label says `CERTIFICATE`, readable or not.
    #[must_use]
    pub fn is_certificate(&self) -> bool {
        matches!(
            self.content,
            Content::Certificate(_) | Content::NotACertificate(_) | Content::UndecodedCertificate
        )
    }

    /// The private key's facts, if it holds one whose base64 decodes.
    #[must_use]
    pub fn private_key(&self) -> Option<&PrivateKey> {
        match &self.content {
            Content::PrivateKey(key) => Some(key),
            _ => None,
        }
    }

    /// Whether the label ends in `PRIVATE KEY`, readable or not.
    #[must_use]
    pub fn is_private_key(&self) -> bool {
        matches!(self.content, Content::PrivateKey(_) | Content::UndecodedPrivateKey)
    }
}

impl Reading {
    /// Reads a source. There is no error: what cannot be read is a [`Defect`] of the part it stands in.
    #[must_use]
    pub fn of(source: Source) -> Self {
        let document = Document::read(&source);
        let entries: Vec<_> = document.blocks.into_iter().map(read_entry).collect();
        let mut defects = document.defects;
        let mut ssh_lines = Vec::new();
        if entries.is_empty() {
            let (lines, is_over_limit) = ssh_line::read_all(source.text());
            if let Some(last) = lines.last().filter(|_| is_over_limit) {
                let kind = DefectKind::SshLinesOverLimit { lines_max: SSH_LINES_MAX };
                defects.push(Defect { kind, span: last.span });
            }
            ssh_lines = lines;
        }
        Self { source, entries, ssh_lines, defects }
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The PEM blocks, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// OpenSSH public keys, certificates and lines of known hosts, in order; none where there is PEM.
    #[must_use]
    pub fn ssh_lines(&self) -> &[SshLine] {
        &self.ssh_lines
    }

    /// What the source looks like where there is neither PEM nor OpenSSH text.
    #[must_use]
    pub fn container(&self) -> Option<Container> {
        let is_read = !self.entries.is_empty() || !self.ssh_lines.is_empty();
        if is_read { None } else { Container::of(self.source.bytes()) }
    }

    /// Defects of the text outside blocks: its encoding, stray END lines, too many blocks or lines.
    #[must_use]
    pub fn defects(&self) -> &[Defect] {
        &self.defects
    }

    /// A line, counted from 1, as it may be shown to anyone: base64 of anything but a certificate that reads, or an OpenSSH
    /// public key that does, is starred out,
    /// control characters too, and every character keeps its column. `None` past the last line, and for lines of more
    /// than [`LINE_SHOWN_BYTES_MAX`] bytes.
    #[must_use]
    pub fn line_without_secrets(&self, number: usize) -> Option<String> {
        let line = self.source.line(number).filter(|line| line.len() <= LINE_SHOWN_BYTES_MAX)?;
        let text = String::from_utf8_lossy(line.of(self.source.text()));
        let touches = |entry: &Entry| {
            entry.block.span().start() <= line.end() && line.start() <= entry.block.span().end()
        };
        // What stands beside a certificate on its line, or inside one that does not read, may be anything.
        let is_public = self
            .entries
            .iter()
            .any(|entry| entry.certificate().is_some() && entry.block.span().contains(line));
        let is_public =
            is_public || self.ssh_lines.iter().any(|ssh| ssh.is_public() && ssh.span.contains(line));
        let is_boundary = text.contains("BEGIN ") || text.contains("END ");
        Some(match is_public {
            true => star_controls(&text),
            false if self.entries.iter().any(touches) && !is_boundary => {
                star_long_runs(&text, SECRET_RUN_MAX)
            }
            false => star_long_runs(&text, WORD_RUN_MAX),
        })
    }
}

/// The longest line that is shown; those of PEM have 64 characters.
pub const LINE_SHOWN_BYTES_MAX: usize = 4096;

/// The longest run of base64 symbols shown inside a block that may be secret: less than three bytes of a key.
const SECRET_RUN_MAX: usize = 3;
/// The longest run shown elsewhere: words, such as `CERTIFICATE`, and not what was cut out of a key.
const WORD_RUN_MAX: usize = 11;

fn star_controls(text: &str) -> String {
    text.chars().map(shown).collect()
}

/// A character as it may be shown; a tab takes one column like any other.
fn shown(character: char) -> char {
    match character {
        '\t' => ' ',
        character if character.is_control() => '*',
        character => character,
    }
}

/// Whether a run is surely no key: letters of a word, at most a number behind them, as in names of hosts.
fn is_word(run: &str) -> bool {
    let letters = run.trim_end_matches(|character: char| character.is_ascii_digit());
    let behind_the_first = letters.get(1..).unwrap_or_default();
    run.len() - letters.len() <= 4 && behind_the_first.bytes().all(|letter| letter.is_ascii_lowercase())
}

fn star_long_runs(text: &str, shown_max: usize) -> String {
    let is_symbol =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '/' | '=');
    let mut starred = String::with_capacity(text.len());
    let mut run = String::new();
    let flush = |run: &mut String, starred: &mut String| {
        if run.chars().count() > shown_max && !(shown_max >= WORD_RUN_MAX && is_word(run)) {
            starred.push_str(&"*".repeat(run.len()));
        } else {
            starred.push_str(run);
        }
        run.clear();
    };
    for character in text.chars() {
        if is_symbol(character) {
            run.push(character);
        } else {
            flush(&mut run, &mut starred);
            starred.push(shown(character));
        }
    }
    flush(&mut run, &mut starred);
    starred
}

fn read_entry(block: Block) -> Entry {
    let content = match (block.label(), block.der()) {
        ("CERTIFICATE", None)
            if block.defects().iter().any(|defect| defect.kind == DefectKind::BlockEmpty) =>
        {
            Content::NotACertificate(Defect { kind: DefectKind::BlockEmpty, span: block.begin() })
        }
        ("CERTIFICATE", None) => Content::UndecodedCertificate,
        ("CERTIFICATE", Some(der)) => read_certificate(&block, der),
        ("EC PARAMETERS" | "DSA PARAMETERS", _) => Content::KeyParameters,
        (label, der) if private_key::is_private_key_label(label) => match der {
            None => Content::UndecodedPrivateKey,
            Some(der) => {
                let headers: Vec<_> = block
                    .headers()
                    .iter()
                    .map(|header| (header.name.as_str(), header.value.as_str()))
                    .collect();
                Content::PrivateKey(private_key::read(label, &headers, der))
            }
        },
        _ => Content::Other,
    };
    Entry { block, content }
}

fn read_certificate(block: &Block, der: &[u8]) -> Content {
    let kind = match Certificate::from_der(der) {
        Ok(certificate) => return Content::Certificate(Box::new(certificate)),
        Err(CertificateError::TrailingBytes(count)) => DefectKind::TrailingBytes { count },
        Err(CertificateError::Unreadable(reason)) => DefectKind::Certificate { reason },
    };
    Content::NotACertificate(Defect { kind, span: block.begin() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> String {
        let reading = Reading::of(Source::from_bytes("test", text.as_bytes().to_vec()).unwrap());
        let lines = (1..).map_while(|line| reading.line_without_secrets(line));
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn only_what_is_surely_public_is_shown() {
        // The data below is made up, and begins as certificates or keys do.
        insta::assert_snapshot!(lines("-----BEGIN CERTIFICATE-----\nMIIDDTCCAfWgAwIBAgIUBUunDdA4gjgt*b\n-----END CERTIFICATE-----"), @"
        -----BEGIN CERTIFICATE-----
        *********************************b
        -----END CERTIFICATE-----
        ");
        insta::assert_snapshot!(lines("-----BEGIN PRIVATE KEY-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASC*b\n-----END PRIVATE KEY-----"), @"
        -----BEGIN PRIVATE KEY-----
        *********************************b
        -----END PRIVATE KEY-----
        ");
        insta::assert_snapshot!(lines("-----BEGIN CERTIFICATE-----\nMIIEvgIBADANBgkqhkiG9w0BAQEFAASC*b\n-----END CERTIFICATE-----"), @"
        -----BEGIN CERTIFICATE-----
        *********************************b
        -----END CERTIFICATE-----
        ");
        insta::assert_snapshot!(lines("MIIEvgIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----"), @"
        ********************************
        -----END PRIVATE KEY-----
        ");
        insta::assert_snapshot!(lines("a note about it\n-----BEGIN RSA PRIVATE KEY-----MIIEvgIBADANBgkqhkiG9w0BAQEFAASC\u{1b}[31m"), @"
        a note about it
        -----BEGIN RSA PRIVATE KEY-----*********************************[31m
        ");
    }
}
