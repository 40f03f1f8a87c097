//! The ledger in a PostgreSQL: the same commands, and servers that work side by side.

mod addresses;
mod replicas;

use crate::harness::{Certgate, Cluster, Folder};

/// A folder for keys and files, and a database for the ledger.
struct Place {
    folder: Folder,
    url: String,
}

impl Place {
    fn new() -> Self {
        let cluster = Cluster::shared();
        Self { folder: Folder::new(), url: cluster.url(&cluster.database()) }
    }

    fn certgate(&self, arguments: &[&str]) -> Certgate {
        let run = Certgate::new(arguments).folder(self.folder.root()).variable("CERTGATE_STATE", "state");
        run.variable("CERTGATE_STORE", &self.url)
    }
}

#[test]
fn a_host_authority_lives_in_a_database() {
    let place = Place::new();
    let run = |arguments: &[&str], code| place.certgate(&[&["ssh"], arguments].concat()).exits(code);
    let none = run(&["list"], 2);
    assert!(none.stderr.contains("there is no ledger in postgres://certgate@"), "{}", none.stderr);
    assert!(none.stderr.contains("hint: `certgate ssh ca create NAME` makes"), "{}", none.stderr);
    run(&["ca", "create", "hosts", "--without-passphrase"], 0);
    assert!(!place.folder.path("state/ledger.sqlite3").exists());
    assert!(place.folder.path("state/authorities/hosts").exists());
    place.folder.key("host", &["ed25519"]);
    let issue = ["issue", "--public-key", "host.pub", "--principal", "web-1.example.com"];
    run(&issue, 0);
    run(&[&issue[..], &["--out", "again-cert.pub"]].concat(), 0);
    let listed = run(&["list", "--format", "json"], 0).json();
    assert_eq!(listed["certificates"].as_array().unwrap().len(), 2, "{listed}");
    run(&["revoke", "--ca", "hosts", "--serial", "1", "--reason", "lost"], 0);
    run(&["krl", "build", "--from-ledger", "--out", "revoked.krl"], 0);
    assert!(place.folder.path("revoked.krl").exists());
    run(&["audit", "verify"], 0);
    // The argument names the same.
    let by_argument = Certgate::new(["ssh", "list", "--format", "json", "--store", &place.url]);
    let by_argument = by_argument.folder(place.folder.root()).variable("CERTGATE_STATE", "state").exits(0);
    assert_eq!(by_argument.json(), listed_again(&place));
}

fn listed_again(place: &Place) -> serde_json::Value {
    place.certgate(&["ssh", "list", "--format", "json"]).exits(0).json()
}
