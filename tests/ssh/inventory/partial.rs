//! When some hosts of an inventory cannot have a certificate.

use super::{HOSTS, actions, all, apply, fleet, toml, world};
use crate::harness::Folder;

/// Whether the host has a certificate in its place.
fn has_certificate(folder: &Folder, host: &str) -> bool {
    folder.path(&format!("keys/{host}-cert.pub")).exists()
}

#[test]
fn who_fails_or_is_refused_keeps_nobody_else_from_a_certificate_and_another_run_completes() {
    let folder = world();
    let mut hosts = fleet();
    let (key_b, key_c) = (folder.read("keys/b.pub"), folder.read("keys/c.pub"));
    folder.write("keys/b.pub", "ssh-ed25519 AAAA nonsense\n");
    std::fs::remove_file(folder.path("keys/c.pub")).unwrap();
    hosts[3].principals = vec!["*.example.com"];
    std::fs::create_dir(folder.path("keys/e-cert.pub")).unwrap();
    folder.write("hosts.toml", toml(&hosts));
    let run = apply(&folder, "hosts.toml", &[], 2);
    let said = actions(&run);
    let verbs = HOSTS.map(|host| said[host].split(' ').next().unwrap());
    assert_eq!(verbs, ["issue", "refuse", "fail", "refuse", "fail", "issue", "issue"], "{said:?}");
    assert!(said["c"].contains("cannot read `keys/c.pub`"), "{said:?}");
    assert!(said["e"].contains("is no plain file"), "{said:?}");
    let json = run.json();
    assert_eq!(json["hosts"][1]["findings"][0]["rule"], "public-key-unreadable");
    assert_eq!(json["hosts"][3]["findings"][0]["rule"], "principal-is-wildcard");
    assert_eq!(
        HOSTS.map(|host| folder.path(&format!("keys/{host}-cert.pub")).is_file()).map(u8::from),
        [1, 0, 0, 0, 0, 1, 1]
    );
    let words = folder.certgate(["issue", "--inventory", "hosts.toml"]).exits(2);
    assert!(words.stdout.ends_with("7 hosts: 3 kept, 2 refused, 2 failed\n"), "{}", words.stdout);
    assert!(words.stdout.contains("failed: c: cannot read `keys/c.pub`"), "{}", words.stdout);

    let before = folder.contents();
    folder.write("keys/b.pub", key_b);
    folder.write("keys/c.pub", key_c);
    hosts[3].principals = vec!["d.example.com"];
    std::fs::remove_dir(folder.path("keys/e-cert.pub")).unwrap();
    folder.write("hosts.toml", toml(&hosts));
    let said = actions(&apply(&folder, "hosts.toml", &[], 0));
    let verbs = HOSTS.map(|host| said[host].split(' ').next().unwrap());
    assert_eq!(verbs, ["keep", "issue", "issue", "issue", "issue", "keep", "keep"], "{said:?}");
    let after = folder.contents();
    for kept in ["a", "f", "g"] {
        let file = folder.path(&format!("keys/{kept}-cert.pub"));
        assert_eq!(before[&file], after[&file]);
    }
    assert_eq!(actions(&apply(&folder, "hosts.toml", &[], 0)), all("keep"));
    assert_eq!(folder.listed(&[]).len(), HOSTS.len());
}

#[test]
fn refusals_alone_are_exit_code_1() {
    let folder = world();
    let mut hosts = fleet();
    hosts[6].principals = vec![];
    folder.write("hosts.toml", toml(&hosts));
    let run = folder.certgate(["issue", "--inventory", "hosts.toml"]).exits(1);
    assert!(run.stdout.contains("error[CG411 principals-empty]"), "{}", run.stdout);
    assert!(run.stdout.contains("--> keys/g.pub:1:1"), "{}", run.stdout);
    assert!(run.stdout.ends_with("7 hosts: 6 issued, 1 refused\n"), "{}", run.stdout);
    assert!(has_certificate(&folder, "a") && !has_certificate(&folder, "g"));
}

#[test]
fn the_same_key_for_several_hosts_is_told_of_each() {
    let folder = world();
    for host in ["b", "c"] {
        folder.copy("keys/a.pub", &format!("keys/{host}.pub"));
    }
    folder.write("hosts.toml", toml(&fleet()));
    let json = apply(&folder, "hosts.toml", &[], 0).json();
    for (host, others) in [(0, ["`b`", "`c`"]), (1, ["`a`", "`c`"]), (2, ["`a`", "`b`"])] {
        let finding = &json["hosts"][host]["findings"][0];
        assert_eq!(finding["rule"], "host-key-shared");
        assert!(others.iter().all(|name| finding["message"].as_str().unwrap().contains(name)), "{finding}");
    }
    assert_eq!(json["hosts"][3]["findings"].as_array().unwrap().len(), 0);
    assert_eq!(actions(&apply(&folder, "hosts.toml", &[], 0)), all("keep"), "each has its own");
}

#[test]
fn an_inventory_that_cannot_be_read_changes_nothing_and_says_where_it_fails() {
    let folder = world();
    let host = "[[host]]\npublic_key = \"keys/a.pub\"\nprincipals = [\"a.example.com\"]\n";
    let before = folder.contents();
    for (name, text, message) in [
        ("bad.toml", String::new(), "the inventory names no host"),
        ("bad.toml", format!("{host}colour = \"red\"\n"), "bad.toml:4:1: `colour` is unknown"),
        ("bad.toml", format!("{host}{host}"), "two hosts have their certificate in `keys/a-cert.pub`"),
        ("bad.toml", format!("{host}valid_for = \"forever\"\n"), "bad.toml:4:13: `forever`: not a length"),
        ("bad.toml", format!("{host}ca = \"nobody\"\n"), "no authority is called nobody"),
        ("bad.toml", "[[host]]\nprincipals = [\"a\"]\n".to_owned(), "a host without public_key"),
        ("bad.csv", "public_key,name\n".to_owned(), "`name` is no column"),
        ("bad.csv", "public_key,principals\nkeys/a.pub,a,b\n".to_owned(), "no CSV"),
        ("bad.csv", "\u{ff}\u{fe}".to_owned(), "is no column"),
    ] {
        folder.write(name, text);
        let run = folder.certgate(["issue", "--ca", "hosts", "--inventory", name]).exits(2);
        assert!(run.stderr.contains(message), "{message}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{message}");
        std::fs::remove_file(folder.path(name)).unwrap();
        assert_eq!(folder.contents(), before, "{message}");
    }
    let run = folder.certgate(["issue", "--inventory", "missing.toml"]).exits(2);
    assert!(run.stderr.contains("cannot read `missing.toml`"), "{run:?}");
}

#[test]
fn an_authority_that_has_no_serials_left_leaves_no_host_that_is_said_to_have_got_a_certificate() {
    let folder = world();
    let mut hosts = fleet();
    hosts[1].more = "ca = \"others\"";
    folder.write("hosts.toml", toml(&hosts));
    let all_serials = ["--serial", "1-18446744073709551615", "--reason", "a test"];
    folder.certgate(["revoke", "--ca", "hosts"]).arguments(all_serials).exits(0);
    let run = apply(&folder, "hosts.toml", &[], 2);
    let said = actions(&run);
    assert_eq!(said, all("fail it was not tried: run the same command again"));
    assert!(run.stderr.contains("authority hosts has no serial left"), "{run:?}");
    assert!(!has_certificate(&folder, "b"));
}
