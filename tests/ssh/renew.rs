//! `certgate ssh renew`.

use serde_json::Value;

use crate::harness::{Folder, Run};

/// A host with a certificate of `hosts` for two names, good for two minutes, half of which are over.
fn world() -> Folder {
    let folder = Folder::with_authority();
    folder.issue("host", &["web.example.com", "192.0.2.7"], &["--valid-for", "2m", "--key-id", "web-1"]);
    folder
}

#[track_caller]
fn renew(folder: &Folder, more: &[&str], code: i32) -> Run {
    folder.certgate(["renew", "host-cert.pub", "--format", "json"]).arguments(more).exits(code)
}

/// What is done to the first host, and why.
fn said(run: &Run) -> (String, Vec<String>) {
    let host = &run.json()["hosts"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&host["action"]), host["reasons"].as_array().unwrap().iter().map(text).collect())
}

#[test]
fn a_certificate_is_replaced_by_one_for_the_same_key_names_and_length_of_time() {
    let folder = world();
    let (before, old) = (folder.facts("host-cert.pub"), folder.read("host-cert.pub"));
    let run = renew(&folder, &[], 0);
    assert_eq!(run.json()["hosts"][0]["file"], "host-cert.pub");
    let after = folder.facts("host-cert.pub");
    let without = |facts: &str, words: [&str; 2]| -> String {
        let keeps = |line: &&str| !words.iter().any(|word| line.contains(word));
        facts.lines().filter(keeps).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without(&before, ["Serial: 1", "Valid:"]), without(&after, ["Serial: 2", "Valid:"]));
    assert_ne!(folder.read("host-cert.pub"), old);
    assert!(folder.line("host-cert.pub").ends_with(" host"), "the comment stays");
    let listed = folder.listed(&["--key-id", "web-1"]);
    let length = |entry: &Value| {
        let seconds = |field: &str| {
            let moment = entry[field].as_str().unwrap();
            let output = folder.openssh("date", &["-u", "-d", moment, "+%s"]);
            String::from_utf8(output.stdout).unwrap().trim().parse::<u64>().unwrap()
        };
        seconds("valid_until") - seconds("valid_after")
    };
    assert_eq!(listed.iter().map(length).collect::<Vec<_>>(), [120, 120]);
    renew(&folder, &["--valid-for", "10d"], 0);
    assert_eq!(length(folder.listed(&[]).last().unwrap()), 864_000);
}

#[test]
fn what_is_not_due_is_left_alone_and_what_is_due_is_not() {
    let folder = world();
    let before = folder.contents();
    let (action, reasons) = said(&renew(&folder, &["--due", "0.1"], 0));
    assert_eq!((action.as_str(), reasons.len()), ("keep", 0));
    assert_eq!(folder.contents(), before);
    let (action, reasons) = said(&renew(&folder, &["--due", "0.6", "--dry-run"], 0));
    assert_eq!(action, "issue");
    assert!(reasons[0].starts_with("it is due: it ends 20"), "{reasons:?}");
    assert_eq!(folder.contents(), before);
    // What `needs-renewal` says is what `renew --due` does.
    folder.certgate(["needs-renewal", "host-cert.pub", "--fraction", "0.1"]).exits(0);
    folder.certgate(["needs-renewal", "host-cert.pub", "--fraction", "0.6"]).exits(1);
    renew(&folder, &["--due", "0.6"], 0);
    assert_eq!(folder.listed(&[]).len(), 2);
}

#[test]
fn principals_are_compared_with_those_before_and_judged_anew() {
    let folder = world();
    let names = ["--principal", "web.example.com", "--principal", "mail.example.com"];
    let (action, reasons) = said(&renew(&folder, &names, 0));
    assert_eq!(action, "issue");
    assert_eq!(reasons, ["the principals change: +mail.example.com -192.0.2.7"]);
    assert!(folder.facts("host-cert.pub").contains("mail.example.com"));
    let swapped = ["--principal", "mail.example.com", "--principal", "web.example.com"];
    assert_eq!(said(&renew(&folder, &swapped, 0)).1, ["the principals change their order"]);
    assert_eq!(said(&renew(&folder, &swapped, 0)).1, [""; 0], "they are the same now");
    let added = [&swapped[..], &["--principal", "new.example.com", "--due", "0.1"]].concat();
    assert_eq!(said(&renew(&folder, &added, 0)).1, ["the principals change: +new.example.com"], "once");
    let before = folder.contents();
    let run = renew(&folder, &["--principal", "*.example.com"], 1);
    assert_eq!(run.json()["hosts"][0]["findings"][0]["rule"], "principal-is-wildcard");
    assert_eq!(folder.contents(), before);
}

#[test]
fn what_the_policy_refuses_today_is_not_renewed_although_it_was_signed_once() {
    let folder = Folder::new();
    folder.key("ca", &["ed25519"]);
    folder.key("host", &["ed25519"]);
    folder.certgate(["ca", "import", "grown", "--key", "ca"]).exits(0);
    for (serial, (more, rule)) in ["7", "8", "9", "10", "11"].into_iter().zip([
        (&["-n", "WEB.example.com"][..], "principal-not-lower-case"),
        (&["-n", "*.example.com", "-V", "-1d:+1d"], "principal-is-wildcard"),
        (&["-V", "-1d:+1d"], "principals-empty"),
        (&["-n", "web.example.com", "-V", "-1d:+90d"], "lifetime-over-policy"),
        (&["-n", "web.example.com"], "lifetime-"),
    ]) {
        folder.certify("ca", "host", &[&["-h", "-I", "web-1", "-z", serial][..], more].concat());
        let (action, reasons) = said(&renew(&folder, &[], 2));
        assert_eq!(action, "fail");
        assert!(reasons[0].starts_with("the ledger does not know it"), "{reasons:?}");
        folder.certgate(["ca", "import", "grown", "--certificate", "host-cert.pub"]).exits(0);
        let before = folder.contents();
        let run = renew(&folder, &[], 1);
        let rules = run.json()["hosts"][0]["findings"].to_string();
        assert!(rules.contains(&format!("\"rule\":\"{rule}")), "{rule}: {rules}");
        assert_eq!(folder.contents(), before);
    }
    renew(&folder, &["--valid-for", "30d"], 0);
    assert!(folder.facts("host-cert.pub").contains("Key ID: \"web-1\"\n"));
}

#[test]
fn several_are_renewed_at_once_and_one_that_cannot_be_does_not_stop_the_others() {
    let folder = world();
    folder.key("stranger", &["ed25519"]);
    for name in ["foreign", "user"] {
        folder.copy("host.pub", &format!("{name}.pub"));
    }
    folder.certify("stranger", "foreign", &["-h", "-I", "foreign", "-n", "x.example.com"]);
    folder.certify("state/authorities/hosts", "user", &["-I", "user", "-n", "x.example.com"]);
    folder.key("good", &["ed25519"]);
    folder.issue("good", &["good.example.com"], &[]);
    let before = folder.contents();
    let files = ["host-cert.pub", "foreign-cert.pub", "user-cert.pub", "good-cert.pub"];
    let run = folder.certgate(["renew", "--format", "json"]).arguments(files).exits(2);
    let json = run.json();
    let hosts = json["hosts"].as_array().unwrap();
    let actions: Vec<&str> = hosts.iter().map(|host| host["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["issue", "fail", "fail", "issue"]);
    assert!(hosts[1]["reasons"][0].as_str().unwrap().contains("certgate ssh ca import"), "{hosts:?}");
    assert_eq!(hosts[2]["reasons"][0], "it is a certificate for users, not for a host");
    let after = folder.contents();
    for file in files {
        let is_kept = before[&folder.path(file)] == after[&folder.path(file)];
        assert_eq!(is_kept, ["foreign-cert.pub", "user-cert.pub"].contains(&file), "{file}");
    }
    folder.is_sound();
}

#[test]
fn a_forged_certificate_is_not_renewed() {
    let folder = world();
    let line = folder.line("host-cert.pub");
    let (rest, comment) = line.rsplit_once(' ').unwrap();
    let at = rest.len() - 9;
    let other = if rest[at..].starts_with('A') { "B" } else { "A" };
    folder.write("host-cert.pub", format!("{}{other}{} {comment}\n", &rest[..at], &rest[at + 1..]));
    let before = folder.contents();
    let (action, reasons) = said(&renew(&folder, &[], 2));
    assert_eq!(action, "fail");
    assert!(reasons[0].starts_with("it is not to be believed: "), "{reasons:?}");
    assert_eq!(folder.contents(), before);
}

#[test]
fn what_cannot_be_renewed_is_exit_code_2_with_a_reason() {
    let folder = world();
    folder.authority("other", &[]);
    folder.certgate(["ca", "retire", "other"]).exits(0);
    let before = folder.contents();
    let cases: [(&[&str], &str); 8] = [
        (&[], "<CERTIFICATE>"),
        (&["missing-cert.pub"], "cannot read `missing-cert.pub`"),
        (&["host.pub"], "a plain public key, where a certificate is due"),
        (&["host"], "private key"),
        (&["host-cert.pub", "host-cert.pub", "--principal", "x"], "--principal goes with one certificate"),
        (&["host-cert.pub", "--ca", "nobody"], "no authority is called nobody"),
        (&["host-cert.pub", "--ca", "other"], "authority other does not sign: it is retired"),
        (&["host-cert.pub", "--due", "2"], "--due"),
    ];
    for (arguments, message) in cases {
        let run = folder.certgate(["renew"]).arguments(arguments).exits(2);
        let said = [run.stdout, run.stderr].concat();
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert_eq!(folder.contents(), before, "{arguments:?}");
    }
    folder.certgate(["ca", "retire", "hosts", "--despite-valid-certificates"]).exits(0);
    let (_, reasons) = said(&renew(&folder, &[], 2));
    assert_eq!(reasons, ["authority hosts does not sign any more: it is retired; name another with --ca"]);
}

#[test]
fn what_a_thief_of_the_key_signed_is_not_taken_over_by_the_next_authority() {
    let folder = Folder::new();
    for name in ["ca", "victim"] {
        folder.key(name, &["ed25519"]);
    }
    folder.certgate(["ca", "import", "old", "--key", "ca"]).exits(0);
    folder
        .certgate(["ca", "rotate", "prepare", "new", "--replacing", "old", "--without-passphrase"])
        .exits(0);
    folder.certgate(["ca", "rotate", "publish", "new"]).exits(0);
    folder.certgate(["ca", "rotate", "switch", "new"]).exits(0);
    folder.certgate(["revoke", "--key", "ca.pub", "--reason", "stolen"]).exits(0);
    folder.certify(
        "ca",
        "victim",
        &["-h", "-I", "victim", "-n", "victim.example.com", "-z", "777", "-V", "-1h:+1d"],
    );
    let run = folder.certgate(["renew", "victim-cert.pub"]).exits(2);
    assert!(run.stdout.contains("the ledger does not know it"), "{run:?}");
    assert!(folder.listed(&[]).is_empty());
}

#[test]
fn a_certificate_that_is_revoked_is_not_renewed_nor_replaced_for_the_same_key() {
    let folder = world();
    folder.certgate(["revoke", "--ca", "hosts", "--serial", "1", "--reason", "a test"]).exits(0);
    let (action, reasons) = said(&renew(&folder, &[], 2));
    assert_eq!(action, "fail");
    assert!(reasons[0].starts_with("it is revoked"), "{reasons:?}");
}
