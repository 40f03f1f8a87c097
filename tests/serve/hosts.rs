//! `/ssh_host_certificates`, with OpenSSH and the ledger as witnesses.

use serde_json::{Value, json};

use crate::harness::{Folder, Served};

const LIST: &str = "/ssh_host_certificates";
const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh";

fn request(authority: &str) -> Value {
    json!({ "ssh_certificate_authority_id": authority, "public_key": KEY })
}

/// What `ssh-keygen -L` says of a certificate.
fn keygen(line: &str) -> String {
    let folder = Folder::new();
    let path = folder.write("host-cert.pub", line);
    let output = std::process::Command::new("ssh-keygen").args(["-L", "-f"]).arg(path).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_certificate_is_what_openssh_reads_and_what_the_answer_says() {
    let served = Served::new();
    let authority = served.authority();
    let mut body = request(&authority);
    body["principals"] = json!(["b.example.com", "a.example.com", "2001:db8::1"]);
    body["valid_after"] = json!("2026-11-01T06:00:00+02:00");
    body["valid_until"] = json!("2026-12-01T00:00:00Z");
    let answer = served.post(LIST, &body).is(201).json();
    let (id, certificate) = (answer["id"].as_str().unwrap(), answer["certificate"].as_str().unwrap());
    assert!(certificate.ends_with(&format!(" {id}")), "the comment is the id: {certificate}");
    assert_eq!(answer["public_key"], KEY);
    assert_eq!(answer["principals"], body["principals"]);
    assert_eq!(
        (&answer["valid_after"], &answer["valid_until"]),
        (&json!("2026-11-01T04:00:00Z"), &body["valid_until"])
    );
    let text = keygen(certificate);
    for due in [
        "host certificate",
        &format!("Key ID: \"{id}\""),
        "Serial: 1\n",
        "Principals: \n                b.example.com\n                a.example.com\n                2001:db8::1\n",
        "Critical Options: (none)",
        "Extensions: (none)",
    ] {
        assert!(text.contains(due), "{due}: {text}");
    }
    // A change of what is said about it signs nothing anew.
    let changed = served.patch(&format!("{LIST}/{id}"), &json!({ "description": "new" })).is(200).json();
    assert_eq!(changed["certificate"], certificate);
}

#[test]
fn a_certificate_is_valid_for_a_year_and_for_every_host_where_nothing_is_said() {
    let served = Served::new();
    let mut body = request(&served.authority());
    for (name, value) in [
        ("principals", json!([])),
        ("valid_after", json!("")),
        ("valid_until", Value::Null),
        ("metadata", json!("")),
    ] {
        body[name] = value;
    }
    let answer = served.post(LIST, &body).is(201).json();
    assert_eq!(answer["principals"], json!([]));
    assert_eq!(answer["valid_after"], answer["created_at"]);
    let secs = |name: &str| {
        let at: certgate_facts::Timestamp = answer[name].as_str().unwrap().parse().unwrap();
        at.unix_secs()
    };
    assert_eq!(secs("valid_until") - secs("valid_after"), 365 * 86_400);
    body["valid_after"] = json!("2030-01-01T00:00:00Z");
    let later = served.post(LIST, &body).is(201).json();
    assert_eq!(later["valid_until"], "2031-01-01T00:00:00Z", "counted from valid_after");
}

#[test]
fn serials_are_those_of_the_ledger_so_that_they_can_be_revoked() {
    let served = Served::new();
    let (first, second) = (served.authority(), served.authority());
    for _ in 0..3 {
        served.post(LIST, &request(&first)).is(201);
    }
    served.post(LIST, &request(&second)).is(201);
    let name = first.to_ascii_lowercase();
    let listed = served.certgate(&["ssh", "list", "--ca", &name, "--format", "json"]).exits(0).json();
    let serials: Vec<&Value> =
        listed["certificates"].as_array().unwrap().iter().map(|record| &record["serial"]).collect();
    assert_eq!(serials.len(), 3, "{listed}");
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}

#[test]
fn a_key_of_any_type_that_is_certified_is_and_others_are_not() {
    let served = Served::new();
    let authority = served.authority();
    let folder = Folder::new();
    for (kind, bits) in
        [("rsa", "2048"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("ed25519", "256")]
    {
        let name = format!("{kind}-{bits}");
        folder.key(&name, &[kind, "-b", bits]);
        let mut body = request(&authority);
        body["public_key"] = json!(folder.line(&format!("{name}.pub")));
        let answer = served.post(LIST, &body).is(201).json();
        assert_eq!(answer["key_type"], kind);
        assert!(keygen(answer["certificate"].as_str().unwrap()).contains("host certificate"));
    }
    for (key, code) in [("", 1952), ("x", 1934), ("ssh-ed25519 AAAA", 1934)] {
        let mut body = request(&authority);
        body["public_key"] = json!(key);
        served.post(LIST, &body).refuses(400, code);
    }
}

#[test]
fn what_cannot_be_signed_has_its_code() {
    let served = Served::new();
    let authority = served.authority();
    for (field, value, code) in [
        ("ssh_certificate_authority_id", json!("sshca_2rwwl5w69mehWeDVlbshgAxOzQS"), 1949),
        ("ssh_certificate_authority_id", json!("ca_2rwwl5w69mehWeDVlbshgAxOzQS"), 227),
        ("ssh_certificate_authority_id", json!(""), 227),
        ("ssh_certificate_authority_id", json!("sshca_1"), 223),
        ("valid_after", json!("yesterday"), 241),
        ("valid_until", json!("2026-12-01"), 241),
        ("valid_until", json!("9999-12-31T23:59:59-00:01"), 241),
        // Without an end it is a year, which the calendar has not.
        ("valid_after", json!("9999-06-01T00:00:00Z"), 241),
        ("valid_until", json!("2020-01-01T00:00:00Z"), 1963),
        ("valid_until", json!({}), 215),
        ("principals", json!("a"), 215),
        ("principals", json!(["a\0b"]), 215),
    ] {
        let mut body = request(&authority);
        body[field] = value;
        served.post(LIST, &body).refuses(400, code);
    }
    let listed = served.get(LIST).is(200).json();
    assert_eq!(listed["ssh_host_certificates"], json!([]), "nothing of it is kept");
}

#[test]
fn an_authority_whose_key_is_revoked_signs_no_more() {
    let served = Served::new();
    let authority = served.authority();
    let key = served.get(&format!("/ssh_certificate_authorities/{authority}")).is(200).json();
    let folder = Folder::new();
    let file = folder.write("ca.pub", key["public_key"].as_str().unwrap());
    served.certgate(&["ssh", "revoke", "--reason", "stolen", "--key", file.to_str().unwrap()]).exits(0);
    served.post(LIST, &request(&authority)).refuses(400, 1949);
}
