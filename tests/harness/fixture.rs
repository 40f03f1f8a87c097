//! The committed inputs, by the role they play.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Certgate;

/// The folder `fixtures/`.
pub(crate) fn fixtures() -> PathBuf {
    super::workspace().join("fixtures")
}

/// The path inside `fixtures/`.
pub(crate) fn relative(path: &Path) -> String {
    let path = path.strip_prefix(fixtures()).expect("a fixture is asked about");
    path.to_str().expect("fixtures have plain names").to_owned()
}

/// A certificate file and a key file with one stem, and the texts beside them.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    /// Inside `fixtures/`, without extension.
    pub(crate) stem: String,
}

impl Upload {
    pub(crate) fn certificate(&self) -> String {
        format!("{}.pem", self.stem)
    }

    pub(crate) fn key(&self) -> String {
        format!("{}.key", self.stem)
    }

    /// Of an upload in `rules/`: the rule.
    pub(crate) fn rule(&self) -> &str {
        self.stem.split('/').nth(1).expect("a rule's folder")
    }

    /// Of an upload in `rules/`: whether its name begins with `bad-`.
    pub(crate) fn is_bad(&self) -> bool {
        self.stem.split('/').nth(2).is_some_and(|name| name.starts_with("bad-"))
    }

    /// The other one of the pair.
    pub(crate) fn good_twin(&self) -> Self {
        Self { stem: self.stem.replace("/bad-", "/good-") }
    }

    /// `certgate check` of it, every file in its slot.
    pub(crate) fn check(&self) -> Certgate {
        let slots = ["--certificate".to_owned(), self.certificate(), "--private-key".to_owned(), self.key()];
        let mut check = Certgate::check(slots);
        for field in ["description", "metadata"] {
            let path = fixtures().join(format!("{}.{field}", self.stem));
            if path.exists() {
                let text = std::fs::read_to_string(path).unwrap();
                check = check.arguments([OsString::from(format!("--{field}={text}"))]);
            }
        }
        check
    }

    /// Everything that is uploaded, to tell one from another.
    pub(crate) fn contents(&self) -> Vec<Vec<u8>> {
        let read = |extension| std::fs::read(fixtures().join(format!("{}.{extension}", self.stem)));
        ["pem", "key", "description", "metadata"]
            .map(|extension| read(extension).unwrap_or_default())
            .to_vec()
    }
}

/// The uploads in a folder of `fixtures/`: every `.pem` that has a `.key` beside it.
pub(crate) fn pairs_in(folder: &str) -> Vec<Upload> {
    let files = super::files_below(&fixtures().join(folder), "pem");
    let with_key = files.iter().filter(|path| path.with_extension("key").exists());
    with_key.map(|path| Upload { stem: relative(&path.with_extension("")) }).collect()
}

/// The uploads of all rules, `bad-*` and `good-*`.
pub(crate) fn rule_uploads() -> Vec<Upload> {
    pairs_in("rules")
}
