//! Everything one source holds.

mod stars;

use zeroize::Zeroizing;

use crate::certificate::{Certificate, CertificateError};
use crate::container::{Container, ContainerFault};
use crate::defect::{Defect, DefectKind};
use crate::encryption::Budget;
use crate::passphrase::Passphrases;
use crate::pem::{Block, Document};
use crate::private_key::{self, KeyFormat, PrivateKey, PrivateKeyState};
use crate::source::Source;
use crate::span::Span;
use crate::ssh_line::{self, SSH_LINES_MAX, SshContent, SshLine};
use crate::unpacking;
use stars::{SECRET_RUN_MAX, WORD_RUN_MAX, star_all_but_keys, star_controls, star_long_runs};

/// One source, read: PEM blocks in order or, where there are none, OpenSSH lines; and what could not be read.
pub struct Reading {
    source: Source,
    entries: Vec<Entry>,
    ssh_lines: Vec<SshLine>,
    defects: Vec<Defect>,
    is_other_text: bool,
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

    /// The private key in DER, decrypted with one of the passphrases where it is under one.
    ///
    /// # Errors
    /// The fault of a key that stays closed, or does not read.
    pub fn open_private_key(&self, passphrases: &Passphrases) -> Result<Zeroizing<Vec<u8>>, ContainerFault> {
        let key = self.private_key().zip(self.block.der());
        let (key, der) = key.ok_or_else(|| ContainerFault::malformed("its base64 does not decode"))?;
        match key.state() {
            PrivateKeyState::Encrypted { scheme, .. } if key.format() == KeyFormat::OpenSsh => {
                Err(ContainerFault::unsupported(scheme.as_str()))
            }
            PrivateKeyState::Encrypted { .. } => {
                let opened =
                    private_key::decrypt(&headers(&self.block), der, passphrases, &mut Budget::new());
                opened.map_err(|fault| fault.without(passphrases))
            }
            PrivateKeyState::Unreadable { reason } => Err(ContainerFault::malformed(reason.as_str())),
            _ => Ok(Zeroizing::new(der.to_vec())),
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
        Self::with_passphrases(source, &Passphrases::NONE, &mut Budget::new())
    }

    /// Reads a source, and unpacks what is no PEM: PKCS #12, PKCS #7, DER, base64 without its lines, Secrets of Kubernetes. What
    /// comes is read from [sources](Source::origin) with the text that would be uploaded. There is one reading at least; of what
    /// cannot be unpacked, one with the defect.
    ///
    /// Private keys under a passphrase of those given show their public half.
    #[must_use]
    pub fn unpacked(source: Source, passphrases: &Passphrases) -> Vec<Self> {
        unpacking::read(source, passphrases)
    }

    /// The blocks of several readings, in their order, as those of one. `None` where one of them has defects, which are not to be
    /// lost, or was unpacked, or all together are too large.
    #[must_use]
    pub fn joined(readings: &[&Self]) -> Option<Self> {
        unpacking::joined(readings)
    }

    /// Whether nothing of it would be lost in [`Reading::joined`].
    #[must_use]
    pub fn can_be_joined(&self) -> bool {
        let mut blocks = self.entries.iter().map(Entry::block);
        self.source.origin().is_none()
            && self.defects.is_empty()
            && blocks.all(|block| block.defects().is_empty() && block.is_found_by_go())
    }

    /// A source that was not unpacked, and why.
    pub(crate) fn closed(source: Source, defect: Defect) -> Self {
        Self {
            source,
            entries: Vec::new(),
            ssh_lines: Vec::new(),
            defects: vec![defect],
            is_other_text: false,
        }
    }

    pub(crate) fn with_passphrases(source: Source, passphrases: &Passphrases, budget: &mut Budget) -> Self {
        let document = Document::read(&source);
        let entries: Vec<_> =
            document.blocks.into_iter().map(|block| read_entry(block, passphrases, budget)).collect();
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
        Self { source, entries, ssh_lines, defects, is_other_text: false }
    }

    /// A source that was read as something else and is what it should be, such as an inventory or an argument: what it holds is not
    /// looked for, and its lines are shown.
    #[must_use]
    pub fn of_other_text(source: Source) -> Self {
        let (entries, ssh_lines, defects) = (Vec::new(), Vec::new(), Vec::new());
        Self { source, entries, ssh_lines, defects, is_other_text: true }
    }

    /// Whether it stays closed for want of a passphrase.
    #[must_use]
    pub fn wants_passphrase(&self) -> bool {
        let is_wanted = |kind: &DefectKind| {
            matches!(kind, DefectKind::Container { fault: ContainerFault::PassphraseMissing, .. })
        };
        self.defects.iter().any(|defect| is_wanted(&defect.kind))
    }

    /// The source, to be read again.
    #[must_use]
    pub fn into_source(self) -> Source {
        self.source
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

    /// A line, counted from 1, as it may be shown to anyone: a certificate or an OpenSSH public key that reads is; of what only
    /// looks like one, and of PEM, the words that say what it should be, the base64 starred out; of any other line, which may be a
    /// passphrase, nothing. Control characters are starred out too, and every character keeps its column. `None` past the last
    /// line, and for lines of more than [`LINE_SHOWN_BYTES_MAX`] bytes.
    #[must_use]
    pub fn line_without_secrets(&self, number: usize) -> Option<String> {
        let line = self.source.line(number).filter(|line| line.len() <= LINE_SHOWN_BYTES_MAX)?;
        let text = String::from_utf8_lossy(line.of(self.source.text()));
        let touches = |span: Span| span.start() <= line.end() && line.start() <= span.end();
        // What stands beside a certificate on its line, or inside one that does not read, may be anything.
        let is_certificate =
            |entry: &Entry| entry.certificate().is_some() && entry.block.span().contains(line);
        let ssh_line = self.ssh_lines.iter().find(|ssh| ssh.span.contains(line));
        if self.entries.iter().any(is_certificate) || ssh_line.is_some_and(SshLine::is_public) {
            return Some(star_controls(&text));
        }
        let is_in_block = self.entries.iter().any(|entry| touches(entry.block.span()));
        let is_marked = is_in_block || self.defects.iter().any(|defect| touches(defect.span));
        let is_boundary = text.contains("BEGIN ") || text.contains("END ");
        let is_known_hosts = ssh_line.is_some_and(|ssh| matches!(ssh.content, SshContent::KnownHosts(_)));
        let has_escapes =
            self.entries.iter().any(|entry| entry.block.is_escaped() && touches(entry.block.span()));
        Some(match (is_boundary, is_in_block) {
            (true, _) if has_escapes => star_long_runs(&text, SECRET_RUN_MAX),
            (true, _) if is_marked || text.starts_with("--") => star_long_runs(&text, WORD_RUN_MAX),
            (false, true) => star_long_runs(&text, SECRET_RUN_MAX),
            _ if self.is_other_text || is_known_hosts => star_long_runs(&text, WORD_RUN_MAX),
            _ => star_all_but_keys(&text),
        })
    }
}

/// The longest line that is shown; those of PEM have 64 characters.
pub const LINE_SHOWN_BYTES_MAX: usize = 4096;

fn read_entry(block: Block, passphrases: &Passphrases, budget: &mut Budget) -> Entry {
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
                let headers = headers(&block);
                let key = private_key::read(label, &headers, der);
                Content::PrivateKey(key.opened(&headers, der, passphrases, budget))
            }
        },
        _ => Content::Other,
    };
    Entry { block, content }
}

fn headers(block: &Block) -> Vec<(&str, &str)> {
    block.headers().iter().map(|header| (header.name.as_str(), header.value.as_str())).collect()
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
        * **** ***** **
        -----BEGIN RSA PRIVATE KEY-----*********************************[31m
        ");
    }

    #[test]
    fn of_a_line_that_may_be_a_passphrase_nothing_is_shown() {
        for text in [
            "correct horse battery staple",
            "hunter2",
            "ssh-agent's pass word",
            "ssh-ed25519AAAA b",
            "BEGIN END me",
            "--é",
        ] {
            let shown = lines(text);
            assert_eq!(shown.chars().count(), text.chars().count());
            assert!(shown.chars().all(|character| matches!(character, '*' | ' ')), "{text}: {shown}");
        }
        // What surely is of a key is, and so are the characters that do not belong there.
        for (text, expected) in [
            ("ssh-ed25519 hunter2", "ssh-ed25519 *******"),
            (
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5!AAAAIAAB my comment",
                "ssh-ed25519 ********************!******** ** *******",
            ),
            ("restrict,pty ssh-rsa\t AAAAB3NzaC1yc2", "************ ssh-rsa  **************"),
            ("---- BEGIN SSH2 PUBLIC KEY ----", "---- BEGIN SSH2 PUBLIC KEY ----"),
        ] {
            assert_eq!(lines(text), expected);
        }
        let inventory = Source::from_bytes("hosts.toml", b"principals = [\"Web-1\"]".to_vec()).unwrap();
        let reading = Reading::of_other_text(inventory);
        assert_eq!(reading.line_without_secrets(1).unwrap(), "principals = [\"Web-1\"]");
    }
}
