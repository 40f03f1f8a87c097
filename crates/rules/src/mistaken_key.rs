//! What was given in place of an SSH public key, and the way back.

use std::borrow::Cow;
use std::sync::Arc;

use certgate_facts::{Container, Entry, Reading, Span, SshDefect, SshLine, SshPublicKey};

use crate::finding::Label;
use crate::party::Party;

/// Something that is not one OpenSSH public key.
pub(crate) struct MistakenKey {
    /// What it is instead.
    pub(crate) message: String,
    /// How to come by the key.
    pub(crate) help: String,
    /// Where.
    pub(crate) place: Label,
}

/// The types that a key without its type may have.
const TYPES: [&str; 5] =
    ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa"];

const NO_KEY: &str = "not a public key of OpenSSH's";
const FORM: &str = "a line such as `ssh-ed25519 AAAA…`";

impl MistakenKey {
    /// What a source holds that has no line of an OpenSSH key; `None` where it is blank.
    pub(crate) fn without_line(reading: &Arc<Reading>, party: &Party) -> Option<Self> {
        let text = reading.source().text();
        if text.trim_ascii().is_empty() {
            return None;
        }
        let span = first_line(reading);
        let line = String::from_utf8_lossy(span.of(text));
        let line = line.trim();
        let block = reading.entries().iter().find(|entry| entry.is_private_key());
        if let Some(entry) = block {
            return Some(private(
                Label::new(reading, entry.block().begin(), "private"),
                "ssh-keygen -y -f FILE",
            ));
        }
        let place = |words: &str| Label::new(reading, span, words);
        if line.starts_with("PuTTY-User-Key-File-") {
            return Some(private(place("private"), "puttygen FILE -O public-openssh"));
        }
        if line.contains("PRIVATE KEY") || reading.container() == Some(Container::PrivateKey) {
            return Some(private(place("private"), "ssh-keygen -y -f FILE"));
        }
        if let Some(entry) = reading.entries().first() {
            return Some(in_pem(reading, entry));
        }
        let (message, help) = if line.contains("BEGIN SSH2 PUBLIC KEY") {
            let help = "turn it into one: `ssh-keygen -i -f FILE`".to_owned();
            (format!("the public key is in the form of RFC 4716, and should be {FORM}"), help)
        } else if let Err(SshDefect::OptionsBeforeKey { .. }) = SshPublicKey::read(line) {
            return Some(Self::behind(reading, span));
        } else if let Some(name) = TYPES.iter().find(|name| is_key_of(name, line)) {
            ("the public key lacks its type".to_owned(), format!("write `{name}` and a space in front of it"))
        } else {
            (
                format!("no public key stands there, which would be {FORM}"),
                format!("give what stands in {}", files(party)),
            )
        };
        Some(Self { message, help, place: place(NO_KEY) })
    }

    /// A key with other words in front of it.
    pub(crate) fn behind(reading: &Arc<Reading>, span: Span) -> Self {
        Self {
            message: "other words stand before the public key on its line".to_owned(),
            help: "take it from its type on, and leave out host names, options and markers".to_owned(),
            place: Label::new(reading, span, NO_KEY),
        }
    }

    /// More than one key.
    pub(crate) fn several(reading: &Arc<Reading>) -> Option<Self> {
        let [_, second, ..] = reading.ssh_lines() else { return None };
        let message = format!(
            "{} public keys were given, and a certificate is for one: which is meant cannot be told",
            reading.ssh_lines().len()
        );
        let help = "make one request for each key, all with the same principals".to_owned();
        Some(Self { message, help, place: Label::new(reading, second.span, "the second one") })
    }

    /// A line that begins like a key or a certificate, and does not read as one.
    pub(crate) fn line(reading: &Arc<Reading>, line: &SshLine, defect: &SshDefect, party: &Party) -> Self {
        let (what, help) = match line.names_certificate(reading.source()) {
            true => {
                ("certificate", format!("give the {}'s plain key, and not a certificate of it", party.noun))
            }
            false => ("public key", format!("copy the whole line again, unbroken, from {}", files(party))),
        };
        let message = format!("the {what} does not read: {defect}");
        Self {
            message,
            help,
            place: Label::new(reading, line.place(reading.source(), defect.column()), "here"),
        }
    }
}

/// Where keys stand that can be given.
fn files(party: &Party) -> String {
    format!("the {}'s {}, or another file of that kind", party.noun, party.key_file)
}

fn private(place: Label, reader: &str) -> MistakenKey {
    let help = format!(
        "give its public half, which stands beside it in a file whose name ends in .pub, or is written by `{reader}`; if \
         anyone else was given the private key, make another"
    );
    MistakenKey { message: "a private key was given as the public key".to_owned(), help, place }
}

fn in_pem(reading: &Arc<Reading>, entry: &Entry) -> MistakenKey {
    let place = Label::new(reading, entry.block().begin(), "PEM");
    let as_line = format!("and should be {FORM}");
    let (message, help) = match entry.block().label() {
        "PUBLIC KEY" => (
            format!("the public key is in PEM, {as_line}"),
            "turn it into one: `ssh-keygen -i -m PKCS8 -f FILE`, which reads rsa and ecdsa; an ed25519 key is written \
             by `ssh-keygen -y -f PRIVATE_KEY`",
        ),
        "RSA PUBLIC KEY" => (
            format!("the public key is in PEM, {as_line}"),
            "turn it into one: `ssh-keygen -i -m PEM -f FILE`",
        ),
        "SSH2 PUBLIC KEY" => (
            format!("the public key is in the form of RFC 4716, {as_line}"),
            "turn it into one: `ssh-keygen -i -f FILE`",
        ),
        _ if entry.is_certificate() => (
            format!("the public key is a certificate for TLS, {as_line}"),
            "give an SSH key; a key for TLS is another",
        ),
        _ => (format!("the public key is a block of PEM, {as_line}"), "give an SSH public key"),
    };
    MistakenKey { message, help: help.to_owned(), place }
}

/// The first line that is neither blank nor a comment, else the first of all.
fn first_line(reading: &Reading) -> Span {
    let source = reading.source();
    let says_something = |span: &Span| {
        let line: Cow<'_, [u8]> = span.of(source.text()).into();
        !line.trim_ascii().is_empty() && !line.trim_ascii().starts_with(b"#")
    };
    let lines = (1..).map_while(|number| source.line(number));
    lines.clone().find(says_something).or_else(|| source.line(1)).unwrap_or_else(|| Span::new(0, 0))
}

fn is_key_of(name: &str, line: &str) -> bool {
    line.starts_with("AAAA") && SshPublicKey::read(&format!("{name} {line}")).is_ok()
}

#[cfg(test)]
mod tests {
    use certgate_facts::{Source, SshContent, SshRole};

    use super::*;

    fn reading(bytes: &[u8]) -> Arc<Reading> {
        Arc::new(Reading::of(Source::from_bytes("--public-key", bytes.to_vec()).unwrap()))
    }

    fn without_line(bytes: &[u8]) -> String {
        let MistakenKey { message, help, place } =
            MistakenKey::without_line(&reading(bytes), Party::of(SshRole::Host)).unwrap();
        assert!(message.len() + help.len() < 400 && !(message + &help).contains(char::is_control));
        format!(
            "{}:{}",
            place.location().line,
            MistakenKey::without_line(&reading(bytes), Party::of(SshRole::Host)).unwrap().message
        )
    }

    fn line(text: &str) -> (String, usize, usize) {
        let reading = reading(text.as_bytes());
        let line = &reading.ssh_lines()[0];
        let SshContent::Unreadable(defect) = &line.content else { panic!("it reads") };
        let MistakenKey { message, place, .. } =
            MistakenKey::line(&reading, line, defect, Party::of(SshRole::Host));
        (message, place.location().column, place.location().end_column)
    }

    #[test]
    fn what_is_blank_is_not_mistaken_for_anything() {
        assert!(MistakenKey::without_line(&reading(b""), Party::of(SshRole::Host)).is_none());
        assert!(MistakenKey::without_line(&reading(b" \r\n\t"), Party::of(SshRole::Host)).is_none());
    }

    #[test]
    fn private_keys_are_called_so_in_every_form() {
        let path = format!("{}/../../fixtures/keys", env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = std::fs::read_dir(path)
            .unwrap()
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
        assert!(files.len() > 30);
        files.push(
            b"---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nAAAA\n---- END SSH2 ENCRYPTED PRIVATE KEY ----"
                .into(),
        );
        files.push(b"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n".into());
        for file in files {
            let message = without_line(&file);
            assert!(message.ends_with(":a private key was given as the public key"), "{message}");
        }
    }

    #[test]
    fn other_inputs_are_named_as_far_as_they_can_be_told() {
        let certificate = format!("{}/../../fixtures/seed/example.com.pem", env!("CARGO_MANIFEST_DIR"));
        insta::assert_snapshot!(without_line(&std::fs::read(certificate).unwrap()), @"1:the public key is a certificate for TLS, and should be a line such as `ssh-ed25519 AAAA…`");
        insta::assert_snapshot!(without_line(b"-----BEGIN RSA PUBLIC KEY-----\nAAAA\n-----END RSA PUBLIC KEY-----"), @"1:the public key is in PEM, and should be a line such as `ssh-ed25519 AAAA…`");
        insta::assert_snapshot!(without_line(b"# of web-1\n\n@cert-authority * ssh-ed25519 AAAA"), @"3:other words stand before the public key on its line");
        insta::assert_snapshot!(without_line(b"\x30\x82\x01\x00\x00\xff"), @"1:no public key stands there, which would be a line such as `ssh-ed25519 AAAA…`");
        insta::assert_snapshot!(without_line(&[b'A'; 2_000_000]), @"1:no public key stands there, which would be a line such as `ssh-ed25519 AAAA…`");
    }

    #[test]
    fn the_place_of_a_fault_is_one_character() {
        assert_eq!(
            line("ssh-ed25519 AAAAé="),
            ("the public key does not read: the key is not base64".into(), 17, 18)
        );
        assert_eq!(line("  ssh-ed25519 AAAA*=").1, 19);
        assert_eq!(
            line("ssh-ed25519"),
            ("the public key does not read: no key follows the type".into(), 12, 12)
        );
    }
}
