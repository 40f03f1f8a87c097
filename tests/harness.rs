//! What the tests have in common: running `certgate`, `openssl` and OpenSSH, finding fixtures, comparing with files.

mod agent;
mod api_server;
mod case;
mod certgate;
mod connection;
mod chromium;
mod fixture;
mod golden;
mod handshake;
mod ledger;
mod login;
mod openssh;
mod openssl;
mod pem;
mod postgres;
mod served;

use std::path::{Path, PathBuf};

pub(crate) use self::postgres::Cluster;
pub(crate) use agent::Agent;
pub(crate) use api_server::openapi;
pub(crate) use api_server::{API_KEY, ApiServer, Fault, Script};
pub(crate) use case::{Card, Case, cards};
pub(crate) use certgate::{Certgate, Run};
pub(crate) use chromium::Chromium;
pub(crate) use connection::Connection;
pub(crate) use fixture::{
    Kind, RuleFixture, Upload, fixtures, pairs_in, relative, rule_fixtures, rule_uploads, rules_about,
};
pub(crate) use golden::matches_file;
pub(crate) use handshake::{Handshake, client_version};
pub(crate) use login::Trusting;
pub(crate) use openssh::Folder;
pub(crate) use openssl::{openssl, openssl_says};
pub(crate) use pem::{Armor, armors, base64, base64_bytes, hex};
pub(crate) use served::{Answer, Asked, Served};

/// The folder of the whole.
pub(crate) fn workspace() -> PathBuf {
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect();
    folder.canonicalize().expect("the tests run where they were built")
}

/// Every file below `folder` whose name ends in `.extension`, sorted.
pub(crate) fn files_below(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// The modules that a source file names without a body.
pub(crate) fn modules(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    })
}
