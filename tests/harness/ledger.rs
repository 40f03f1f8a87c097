//! Folders with a ledger, and what is asked of it all the time.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Certgate, Folder, Run};

impl Folder {
    /// An authority `hosts` whose key is not encrypted, and the host key `host`.
    pub(crate) fn with_authority() -> Self {
        let folder = Self::new();
        folder.authority("hosts", &[]);
        folder.key("host", &["ed25519"]);
        folder
    }

    /// A new authority whose key file is not encrypted; its public key is in `name.pub`.
    #[track_caller]
    pub(crate) fn authority(&self, name: &str, more: &[&str]) {
        let run = self.certgate(["ca", "create", name, "--without-passphrase"]).arguments(more).exits(0);
        self.write(&format!("{name}.pub"), run.stdout);
    }

    /// `issue` for `key.pub`, which must succeed; the certificate is in `key-cert.pub` unless `more` says otherwise.
    #[track_caller]
    pub(crate) fn issue(&self, key: &str, principals: &[&str], more: &[&str]) -> Run {
        let key = format!("{key}.pub");
        let principals = principals.iter().flat_map(|name| ["--principal", name]);
        self.certgate(["issue", "--public-key", &key]).arguments(principals).arguments(more).exits(0)
    }

    /// What `list` has in JSON, in the order of the ledger.
    #[track_caller]
    pub(crate) fn listed(&self, more: &[&str]) -> Vec<Value> {
        let run = self.certgate(["list", "--format", "json"]).arguments(more).exits(0);
        run.json()["certificates"].as_array().expect("a list").clone()
    }

    /// `certgate ssh` as in [`Folder::certgate`], started by other words.
    pub(crate) fn certgate_after(&self, words: &[&str], arguments: &[&str]) -> Certgate {
        let run = Certgate::after(words, ["ssh"]).folder(self.root()).variable("CERTGATE_STATE", "state");
        run.arguments(arguments)
    }

    /// Every file of the folder with a hash of its bytes, those of the ledger too.
    pub(crate) fn contents(&self) -> BTreeMap<PathBuf, u64> {
        let mut contents = BTreeMap::new();
        let mut folders = vec![self.root().to_owned()];
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                // A lock holds nothing.
                } else if path.is_file() && path.file_name().is_some_and(|name| name != "lock") {
                    let mut hasher = DefaultHasher::new();
                    hasher.write(&std::fs::read(&path).unwrap());
                    contents.insert(path, hasher.finish());
                }
            }
        }
        contents
    }

    /// A time from now, such as `1 day`, in RFC 3339 and UTC.
    pub(crate) fn moment(&self, from_now: &str) -> String {
        let output = self.openssh("date", &["-u", "-d", from_now, "+%Y-%m-%dT%H:%M:%SZ"]);
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What `ssh-keygen -L` says of a certificate, without the name of its file.
    #[track_caller]
    pub(crate) fn facts(&self, certificate: impl AsRef<Path>) -> String {
        let shown = self.keygen_ok(&["-L", "-f", certificate.as_ref().to_str().unwrap()]);
        shown.split_once('\n').unwrap().1.to_owned()
    }

    /// `audit verify` finds nothing.
    #[track_caller]
    pub(crate) fn is_sound(&self) {
        let run = self.certgate(["audit", "verify"]).exits(0);
        assert!(run.stdout.starts_with("sound: "), "{run:?}");
    }
}
