//! Which crate may know which: the arrows between ours, and who alone owns a foreign one.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use super::none;
use crate::harness::workspace;

/// What each crate may depend on, of ours.
const ARROWS: [(&str, &[&str]); 10] = [
    ("certgate-api", &[]),
    ("certgate-client", &["certgate-api", "certgate-facts", "certgate-rules"]),
    ("certgate-facts", &[]),
    ("certgate-rules", &["certgate-facts"]),
    ("certgate-sign", &["certgate-facts", "certgate-rules"]),
    ("certgate-store", &["certgate-facts", "certgate-rules", "certgate-sign"]),
    (
        "certgate-server",
        &["certgate-api", "certgate-facts", "certgate-rules", "certgate-sign", "certgate-store"],
    ),
    ("certgate-report", &["certgate-facts", "certgate-rules", "certgate-sign"]),
    (
        "certgate",
        &[
            "certgate-api",
            "certgate-client",
            "certgate-facts",
            "certgate-report",
            "certgate-rules",
            "certgate-server",
            "certgate-sign",
            "certgate-store",
        ],
    ),
    ("certgate-fixtures", &[]),
];

/// Who may depend on each foreign crate; only tests and builds are free to.
const OWNERS: [(&str, &[&str]); 55] = [
    ("annotate-snippets", &["certgate-report"]),
    ("anstream", &["certgate"]),
    ("aria", &["certgate-facts"]),
    ("aws-lc-rs", &["certgate-facts", "certgate-fixtures", "certgate-sign", "certgate-store"]),
    ("axum", &["certgate-server"]),
    (
        "base64",
        &["certgate-facts", "certgate-fixtures", "certgate-report", "certgate-server", "certgate-sign"],
    ),
    ("blowfish", &["certgate-facts"]),
    ("bytes", &["certgate-client"]),
    ("camellia", &["certgate-facts"]),
    ("cast5", &["certgate-facts"]),
    ("cel", &["certgate-server"]),
    ("clap", &["certgate"]),
    ("csv", &["certgate"]),
    ("des", &["certgate-facts"]),
    ("http", &["certgate-client"]),
    ("http-body-util", &["certgate-server"]),
    ("hyper", &["certgate-server"]),
    ("hyper-util", &["certgate-server"]),
    ("idna", &["certgate-rules"]),
    ("indicatif", &["certgate"]),
    ("maud", &["certgate-server"]),
    ("md-5", &["certgate-facts", "certgate-fixtures"]),
    ("memchr", &["certgate-facts"]),
    ("num-bigint", &["certgate-fixtures", "certgate-rules"]),
    ("p256", &["certgate-fixtures"]),
    ("p384", &["certgate-fixtures"]),
    ("p521", &["certgate-fixtures"]),
    ("pem", &["certgate-fixtures", "certgate-report", "certgate-server"]),
    ("psl", &["certgate-rules"]),
    ("rand", &["certgate"]),
    ("rand_core", &["certgate-client", "certgate-server", "certgate-sign", "certgate-store"]),
    ("rc2", &["certgate-facts"]),
    ("rcgen", &["certgate-fixtures"]),
    ("reqwest", &["certgate-client"]),
    ("rpassword", &["certgate"]),
    ("rusqlite", &["certgate-store"]),
    ("rustix", &["certgate"]),
    ("rustls", &["certgate-client", "certgate-server", "certgate-store"]),
    ("rustls-native-certs", &["certgate"]),
    ("serde", &["certgate-api", "certgate-client", "certgate-report", "certgate-server"]),
    (
        "serde_json",
        &[
            "certgate",
            "certgate-api",
            "certgate-client",
            "certgate-fixtures",
            "certgate-report",
            "certgate-server",
        ],
    ),
    ("sha2", &["certgate-facts"]),
    ("signal-hook", &["certgate"]),
    ("similar", &["certgate"]),
    ("sm4", &["certgate-facts"]),
    ("ssh-key", &["certgate-sign"]),
    ("time", &["certgate-api", "certgate-facts", "certgate-fixtures"]),
    ("tokio", &["certgate", "certgate-client", "certgate-server", "certgate-store"]),
    ("tokio-postgres", &["certgate-store"]),
    ("tokio-rustls", &["certgate-client", "certgate-server", "certgate-store"]),
    ("toml", &["certgate"]),
    ("webpki-roots", &["certgate-rules"]),
    ("x509-parser", &["certgate-facts"]),
    ("yaml-rust2", &["certgate-facts"]),
    (
        "zeroize",
        &[
            "certgate",
            "certgate-api",
            "certgate-client",
            "certgate-facts",
            "certgate-server",
            "certgate-sign",
            "certgate-store",
        ],
    ),
];

/// Crate, what it depends on, and how: `None` for real, `dev` or `build` otherwise.
struct Dependency {
    of: String,
    on: String,
    kind: Option<String>,
}

fn dependencies() -> Vec<Dependency> {
    let arguments = ["metadata", "--format-version", "1", "--locked", "--offline", "--no-deps"];
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(workspace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let packages = metadata["packages"].as_array().unwrap();
    let of_package = |package: &Value| -> Vec<Dependency> {
        let list = package["dependencies"].as_array().unwrap().clone();
        let of = text(&package["name"]).unwrap();
        let dependency = |on: Value| Dependency {
            of: of.clone(),
            on: text(&on["name"]).unwrap(),
            kind: text(&on["kind"]),
        };
        list.into_iter().map(dependency).collect()
    };
    packages.iter().flat_map(of_package).collect()
}

fn is_ours(name: &str) -> bool {
    name == "certgate" || name.starts_with("certgate-")
}

#[test]
fn arrows_between_our_crates_go_one_way() {
    let mut real: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for dependency in
        dependencies().into_iter().filter(|dependency| is_ours(&dependency.on) && dependency.kind.is_none())
    {
        real.entry(dependency.of).or_default().insert(dependency.on);
    }
    for (of, on) in ARROWS {
        let expected: BTreeSet<String> = on.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(real.remove(of).unwrap_or_default(), expected, "{of}");
    }
    assert!(real.is_empty(), "{real:?} have no row");
}

#[test]
fn nothing_depends_on_the_command_line_and_only_tests_on_the_fixtures() {
    for Dependency { of, on, kind } in dependencies() {
        assert_ne!(on, "certgate", "{of} depends on the command line");
        assert!(on != "certgate-fixtures" || kind.as_deref() == Some("dev"), "{of} depends on the fixtures");
    }
}

#[test]
fn every_foreign_crate_has_the_owners_it_is_given_to() {
    let mut faults = Vec::new();
    let foreign: BTreeSet<(String, String)> = dependencies()
        .into_iter()
        .filter(|dependency| !is_ours(&dependency.on) && dependency.kind.is_none())
        .map(|dependency| (dependency.on, dependency.of))
        .collect();
    let given: BTreeSet<(String, String)> = OWNERS
        .iter()
        .flat_map(|(on, owners)| owners.iter().map(|owner| ((*on).to_owned(), (*owner).to_owned())))
        .collect();
    faults.extend(foreign.difference(&given).map(|(on, of)| format!("{of} may not depend on {on}")));
    faults
        .extend(given.difference(&foreign).map(|(on, of)| format!("{of} does not depend on {on} any more")));
    none(faults);
}
