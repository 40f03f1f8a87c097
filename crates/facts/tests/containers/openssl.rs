//! The witness.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use certgate_facts::{Content, Entry, Passphrases, PrivateKeyState, Reading, Source};
use zeroize::Zeroizing;

/// A folder to work in, with openssl.
pub(crate) struct OpenSsl {
    folder: tempfile::TempDir,
}

impl OpenSsl {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder is made") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path(name), bytes).expect("the file is written");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the file reads")
    }

    /// Runs `openssl` with these arguments, split at spaces; what stands behind an `@` is a committed file.
    pub(crate) fn run(&self, arguments: &str) {
        let output = self.output(arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {arguments}: {said}");
    }

    /// Whether it succeeds.
    pub(crate) fn can(&self, arguments: &str) -> bool {
        self.output(arguments).status.success()
    }

    fn output(&self, arguments: &str) -> Output {
        let arguments = arguments.split_whitespace().map(|word| match word.strip_prefix('@') {
            Some(path) => fixture(path).display().to_string(),
            None => word.to_owned(),
        });
        Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("install openssl")
    }
}

/// What `openssl` prints.
pub(crate) fn openssl_says(arguments: &str) -> String {
    let openssl = OpenSsl::new();
    String::from_utf8(openssl.output(arguments).stdout).expect("it is text")
}

pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(path)
}

pub(crate) fn passphrases(texts: &[&str]) -> Passphrases {
    let add = |all: Passphrases, text: &&str| all.with(Zeroizing::new(text.as_bytes().to_vec()));
    texts.iter().fold(Passphrases::NONE, add)
}

pub(crate) fn unpacked(bytes: Vec<u8>, texts: &[&str]) -> Vec<Reading> {
    Reading::unpacked(Source::from_bytes("test", bytes).expect("within the limit"), &passphrases(texts))
}

/// What came out: titles of certificates, types of keys, defects.
pub(crate) fn outline(readings: &[Reading]) -> String {
    let one = |entry: &Entry| match entry.content() {
        Content::Certificate(certificate) => certificate.subject().title(),
        Content::PrivateKey(key) => match key.state() {
            PrivateKeyState::Usable(public) => format!("[{}]", public.key_type()),
            PrivateKeyState::Encrypted { .. } => "[encrypted]".to_owned(),
            _ => "[?]".to_owned(),
        },
        _ => "?".to_owned(),
    };
    let of_reading = |reading: &Reading| {
        let entries = reading.entries().iter().map(one);
        let defects = reading.defects().iter().map(|defect| format!("({})", defect.kind));
        entries.chain(defects).collect::<Vec<_>>().join(", ")
    };
    readings.iter().map(of_reading).collect::<Vec<_>>().join(" | ")
}
