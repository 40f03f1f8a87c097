//! `certgate ssh issue --inventory`: a fleet, as often as one likes.

mod partial;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::{Folder, Run};

const HOSTS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

/// A host as the inventory has it.
#[derive(Clone)]
struct Host {
    name: &'static str,
    principals: Vec<&'static str>,
    more: &'static str,
}

/// Two authorities and the keys of seven hosts.
fn world() -> Folder {
    let folder = Folder::new();
    folder.authority("hosts", &[]);
    folder.authority("others", &["--key-type", "ecdsa-p256"]);
    std::fs::create_dir(folder.path("keys")).unwrap();
    for host in HOSTS {
        folder.key(&format!("keys/{host}"), &["ed25519"]);
    }
    folder
}

fn fleet() -> Vec<Host> {
    HOSTS.map(|name| Host { name, principals: vec!["shared.example.com"], more: "" }).to_vec()
}

fn toml(hosts: &[Host]) -> String {
    let host = |host: &Host| {
        let Host { name, principals, more } = host;
        format!(
            "[[host]]\npublic_key = \"keys/{name}.pub\"\nkey_id = \"{name}\"\nprincipals = {principals:?}\n{more}\n"
        )
    };
    "ca = \"hosts\"\n".to_owned() + &hosts.iter().map(host).collect::<String>()
}

fn csv(hosts: &[Host]) -> String {
    let host = |host: &Host| format!("keys/{0}.pub,{1},{0},hosts,\n", host.name, host.principals.join(" "));
    "public_key,principals,key_id,ca,valid_for\n".to_owned() + &hosts.iter().map(host).collect::<String>()
}

/// `issue` for the inventory, as JSON.
#[track_caller]
fn apply(folder: &Folder, inventory: &str, more: &[&str], code: i32) -> Run {
    folder.certgate(["issue", "--format", "json", "--inventory", inventory]).arguments(more).exits(code)
}

/// For each host the action, and the first reason.
fn actions(run: &Run) -> BTreeMap<String, String> {
    let json = run.json();
    let hosts = json["hosts"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    hosts
        .map(|host| {
            let said = format!("{} {}", text(&host["action"]), text(&host["reasons"][0]));
            (text(&host["key_id"]), said.trim_end().to_owned())
        })
        .collect()
}

fn all(said: &str) -> BTreeMap<String, String> {
    HOSTS.map(|host| (host.to_owned(), said.to_owned())).into()
}

#[test]
fn an_inventory_is_issued_once_and_then_kept_in_either_form() {
    let folder = world();
    folder.write("hosts.toml", toml(&fleet()));
    folder.write("hosts.csv", csv(&fleet()));
    let plan = apply(&folder, "hosts.toml", &["--dry-run"], 0);
    assert_eq!(actions(&plan), all("issue it has no certificate yet"));
    let before = folder.contents();
    assert_eq!(folder.listed(&[]).len(), 0);
    let run = apply(&folder, "hosts.toml", &[], 0);
    assert_eq!(actions(&run), all("issue it has no certificate yet"));
    assert_eq!(folder.listed(&[]).len(), HOSTS.len());
    for host in HOSTS {
        let facts = folder.facts(format!("keys/{host}-cert.pub"));
        assert!(facts.contains(&format!("Key ID: \"{host}\"\n")), "{facts}");
    }
    let after = folder.contents();
    assert_eq!(after.len(), before.len() + HOSTS.len());
    for inventory in ["hosts.toml", "hosts.csv", "hosts.toml"] {
        assert_eq!(actions(&apply(&folder, inventory, &[], 0)), all("keep"), "{inventory}");
        assert_eq!(folder.contents(), after, "{inventory}");
    }
    let run = folder.certgate(["issue", "--inventory", "hosts.toml"]).exits(0);
    assert_eq!(run.stdout, "7 hosts: 7 kept\n");
}

/// A change for each host but the last, with what is to be done and why.
fn changed(folder: &Folder) -> (Vec<Host>, BTreeMap<String, String>) {
    let mut hosts = fleet();
    hosts[0].principals.push("new.example.com");
    hosts[1].more = "ca = \"others\"";
    hosts[2].more = "valid_for = \"7d\"";
    std::fs::remove_file(folder.path("keys/d-cert.pub")).unwrap();
    folder.copy("keys/a-cert.pub", "keys/e-cert.pub");
    folder.certgate(["revoke", "--ca", "hosts", "--serial", "6", "--reason", "a test"]).exits(0);
    let rewritten = "write its file is missing or another; the ledger has the certificate";
    let expected = [
        ("a", "issue the principals change: +new.example.com"),
        ("b", "issue the authority changes from hosts to others"),
        ("c", "issue its lifetime changes to 7d"),
        ("d", rewritten),
        ("e", rewritten),
        ("f", "issue its certificate is revoked"),
        ("g", "keep"),
    ];
    (hosts, expected.map(|(host, said)| (host.to_owned(), said.to_owned())).into())
}

#[test]
fn every_change_is_planned_then_done_and_then_there_is_nothing_to_do() {
    let folder = world();
    folder.write("hosts.toml", toml(&fleet()));
    apply(&folder, "hosts.toml", &[], 0);
    let original = folder.contents();
    let (hosts, expected) = changed(&folder);
    folder.write("hosts.toml", toml(&hosts));
    let before = folder.contents();
    let refused = actions(&apply(&folder, "hosts.toml", &["--dry-run"], 2));
    assert!(refused["f"].starts_with("fail its certificate is revoked; --replace-revoked"), "{refused:?}");
    let plan = apply(&folder, "hosts.toml", &["--dry-run", "--replace-revoked"], 0);
    assert_eq!(actions(&plan), expected);
    assert_eq!(folder.contents(), before, "a dry run changes nothing");
    let words =
        folder.certgate(["issue", "--inventory", "hosts.toml", "--dry-run", "--replace-revoked"]).exits(0);
    assert!(
        words.stdout.ends_with("7 hosts: 4 to be issued, 1 kept, 2 to be written again\n"),
        "{}",
        words.stdout
    );
    assert!(words.stdout.contains("c: would be issued, to keys/c-cert.pub: its lifetime changes to 7d\n"));
    assert_eq!(actions(&apply(&folder, "hosts.toml", &["--replace-revoked"], 0)), expected);
    let after = folder.contents();
    for host in HOSTS {
        let file = folder.path(&format!("keys/{host}-cert.pub"));
        let is_original = after[&file] == original[&file];
        assert_eq!(is_original, ["d", "e", "g"].contains(&host), "{host}");
    }
    assert!(folder.facts("keys/a-cert.pub").contains("new.example.com"));
    assert!(folder.facts("keys/b-cert.pub").contains("Signing CA: ECDSA"));
    assert_eq!(folder.listed(&[]).len(), HOSTS.len() + 4);
    assert_eq!(actions(&apply(&folder, "hosts.toml", &[], 0)), all("keep"));
    assert_eq!(folder.contents(), after);
}

#[test]
fn what_is_due_is_issued_anew_and_the_rest_is_kept() {
    let folder = world();
    let mut hosts = fleet();
    // Half of it is over from the start, by the minute that validity reaches back.
    hosts[1].more = "valid_for = \"2m\"";
    folder.write("hosts.toml", toml(&hosts));
    apply(&folder, "hosts.toml", &[], 0);
    assert_eq!(actions(&apply(&folder, "hosts.toml", &["--dry-run"], 0)), all("keep"));
    let plan = actions(&apply(&folder, "hosts.toml", &["--due", "0.6"], 0));
    assert!(plan["b"].starts_with("issue it is due: it ends 20"), "{plan:?}");
    assert_eq!(plan.values().filter(|said| *said == "keep").count(), HOSTS.len() - 1);
    let run = folder.certgate(["issue", "--inventory", "hosts.toml", "--due", "1.5"]).exits(2);
    assert!(run.stderr.contains("--due"), "{run:?}");
}

#[test]
fn lifetimes_and_authorities_are_those_of_the_host_else_those_above_else_the_arguments() {
    let folder = world();
    let host = |name: &str, more: &str| {
        format!("[[host]]\npublic_key = \"keys/{name}.pub\"\nprincipals = [\"{name}.example.com\"]\n{more}\n")
    };
    let above = "valid_for = \"5d\"\n".to_owned();
    let text = above + &host("a", "") + &host("b", "valid_for = \"6d\"\nca = \"others\"\nout = \"b.crt\"");
    folder.write("hosts.toml", text);
    folder.write("hosts.csv", "principals,public_key\nc.example.com 192.0.2.7,keys/c.pub\n");
    apply(&folder, "hosts.toml", &["--ca", "hosts", "--valid-for", "9d"], 0);
    apply(&folder, "hosts.csv", &["--ca", "others", "--valid-for", "9d"], 0);
    let listed = folder.listed(&[]);
    let of = |index: usize, field: &str| listed[index][field].as_str().unwrap().to_owned();
    let days = |index: usize| {
        let seconds = |moment: String| {
            let output = folder.openssh("date", &["-u", "-d", &moment, "+%s"]);
            String::from_utf8(output.stdout).unwrap().trim().parse::<u64>().unwrap()
        };
        (seconds(of(index, "valid_until")) - seconds(of(index, "valid_after"))) / 86_400
    };
    let said: Vec<_> =
        (0..3).map(|index| (of(index, "key_id"), of(index, "authority"), days(index))).collect();
    let expected =
        [("a.example.com", "hosts", 5), ("b.example.com", "others", 6), ("c.example.com", "others", 9)];
    assert_eq!(said, expected.map(|(id, ca, days)| (id.to_owned(), ca.to_owned(), days)));
    assert!(folder.facts("b.crt").contains("b.example.com"));
    assert!(folder.facts("keys/c-cert.pub").contains("192.0.2.7"));
    folder.write("several.csv", "principals,public_key\nd.example.com,keys/d.pub\n");
    let run = folder.certgate(["issue", "--inventory", "several.csv"]).exits(2);
    assert!(run.stderr.contains("several authorities sign"), "{run:?}");
}
