//! Folders with a ledger, and what is asked of it all the time.

use serde_json::Value;

use super::{Folder, Run};

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
        run.json().as_array().expect("a list").clone()
    }

    /// `audit verify` finds nothing.
    #[track_caller]
    pub(crate) fn is_sound(&self) {
        let run = self.certgate(["audit", "verify"]).exits(0);
        assert!(run.stdout.starts_with("sound: "), "{run:?}");
    }
}
