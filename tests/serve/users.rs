//! `/ssh_user_certificates`, with `sshd` as the witness that decides.

use serde_json::{Value, json};

use crate::harness::{Folder, Served, Trusting};

const LIST: &str = "/ssh_user_certificates";

/// A user with a key, a host with one, and the public key of a server's authority, whose id comes back, too.
fn world(served: &Served) -> (Folder, String) {
    let folder = Folder::new();
    folder.key("id", &["ed25519"]);
    folder.key("host", &["ed25519"]);
    let authority = served.post("/ssh_certificate_authorities", &json!({})).is(201).json();
    folder.write("ca.pub", authority["public_key"].as_str().unwrap());
    (folder, authority["id"].as_str().unwrap().to_owned())
}

fn request(folder: &Folder, authority: &str, principals: &[&str]) -> Value {
    json!({
        "ssh_certificate_authority_id": authority,
        "public_key": folder.line("id.pub"),
        "principals": principals,
    })
}

/// Has a certificate made, and puts it where the user's client finds it.
#[track_caller]
fn certified(served: &Served, folder: &Folder, body: &Value) -> Value {
    let answer = served.post(LIST, body).is(201).json();
    folder.write("id-cert.pub", answer["certificate"].as_str().unwrap());
    answer
}

#[test]
fn a_certificate_is_what_openssh_reads_and_what_the_answer_says() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    let mut body = request(&folder, &authority, &["alice", "Ops@example.com"]);
    body["critical_options"] = json!({ "source-address": "192.0.2.0/24", "force-command": "/usr/bin/true" });
    body["extensions"] = json!({ "permit-pty": "", "permit-agent-forwarding": "" });
    body["valid_after"] = json!("2026-11-01T06:00:00+02:00");
    body["valid_until"] = json!("2026-12-01T00:00:00Z");
    let answer = certified(&served, &folder, &body);
    let id = answer["id"].as_str().unwrap();
    assert!(answer["certificate"].as_str().unwrap().ends_with(&format!(" {id}")), "the comment is the id");
    for field in ["public_key", "principals", "critical_options", "extensions", "valid_until"] {
        assert_eq!(answer[field], body[field]);
    }
    assert_eq!(
        (&answer["key_type"], &answer["valid_after"]),
        (&json!("ed25519"), &json!("2026-11-01T04:00:00Z"))
    );
    let text = folder.keygen_ok(&["-L", "-f", "id-cert.pub"]);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for due in [
        "user certificate",
        &format!("Key ID: \"{id}\" Serial: 1 Valid"),
        "Principals: alice Ops@example.com Critical Options: force-command /usr/bin/true source-address 192.0.2.0/24",
        "Extensions: permit-agent-forwarding permit-pty",
    ] {
        assert!(text.contains(due), "{due}: {text}");
    }
}

#[test]
fn a_certificate_is_valid_for_a_day_with_a_terminal_where_nothing_is_said() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    let mut body = request(&folder, &authority, &[]);
    for (critical, extensions) in [(json!({}), json!({})), (Value::Null, Value::Null)] {
        (body["critical_options"], body["extensions"]) = (critical, extensions);
        let answer = served.post(LIST, &body).is(201).json();
        assert_eq!(answer["critical_options"], json!({}));
        assert_eq!(answer["extensions"], json!({ "permit-pty": "", "permit-user-rc": "" }));
        assert_eq!((&answer["valid_after"], &answer["principals"]), (&answer["created_at"], &json!([])));
    }
    body["valid_after"] = json!("2030-01-01T00:00:00Z");
    let later = served.post(LIST, &body).is(201).json();
    assert_eq!(later["valid_until"], "2030-01-02T00:00:00Z", "counted from valid_after");
}

#[test]
fn sshd_lets_in_whom_a_certificate_names_and_nobody_else() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    let user = Trusting::user(&folder);
    let cases: [(&[&str], Trusting, bool); 8] = [
        (&[&user], Trusting::TrustedUserKeys, true),
        (&["somebody"], Trusting::TrustedUserKeys, false),
        (&["*"], Trusting::TrustedUserKeys, false),
        (&["somebody", "ops"], Trusting::Principals("ops\n"), true),
        (&[&user], Trusting::Principals("ops\n"), false),
        (&[&user], Trusting::AuthorizedKeys, true),
        (&["somebody"], Trusting::AuthorizedKeys, false),
        (&[], Trusting::TrustedUserKeys, false),
    ];
    for (principals, trusting, due) in cases {
        let _ = certified(&served, &folder, &request(&folder, &authority, principals));
        let (is_let_in, output) = trusting.lets_in(&folder);
        assert_eq!(is_let_in, due, "{principals:?} {trusting:?}: {output}");
    }
}

/// What the rules say of options is what `sshd` makes of them. The server accepts them all, as the public API does.
#[test]
fn sshd_refuses_the_options_that_the_rules_call_errors() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    let user = Trusting::user(&folder);
    let cases = [
        (json!({}), json!({}), true),
        (json!({ "force-command": "/usr/bin/true" }), json!({}), true),
        (json!({ "verify-required": "" }), json!({ "permit-pty": "", "login@example.com": "alice" }), true),
        (json!({}), json!({ "permit-tty": "" }), true),
        (json!({}), json!({ "force-command": "/usr/bin/true" }), true),
        (json!({ "permit-pty": "" }), json!({}), false),
        (json!({ "Force-Command": "/usr/bin/true" }), json!({}), false),
        (json!({ "expires@example.com": "never" }), json!({}), false),
        (json!({ "force-command": "" }), json!({}), false),
        (json!({ "source-address": "" }), json!({}), false),
        (json!({ "verify-required": "yes" }), json!({}), false),
        (json!({}), json!({ "permit-pty": "true" }), false),
        (json!({ "source-address": "10.1.2.3/8" }), json!({}), false),
        (json!({ "source-address": "192.0.2.0/24, 198.51.100.0/24" }), json!({}), false),
        (json!({ "source-address": "bastion.example.com" }), json!({}), false),
    ];
    for (critical, extensions, due) in cases {
        let mut body = request(&folder, &authority, &[&user]);
        (body["critical_options"], body["extensions"]) = (critical, extensions);
        let _ = certified(&served, &folder, &body);
        let (is_let_in, output) = Trusting::TrustedUserKeys.lets_in(&folder);
        assert_eq!(is_let_in, due, "{body}: {output}");
    }
}

#[test]
fn rsa_authorities_of_every_size_sign_what_sshd_takes() {
    let served = Served::new();
    let (folder, _) = world(&served);
    let user = Trusting::user(&folder);
    for bits in [2048, 4096] {
        let body = json!({ "private_key_type": "rsa", "key_size": bits });
        let authority = served.post("/ssh_certificate_authorities", &body).is(201).json();
        folder.write("ca.pub", authority["public_key"].as_str().unwrap());
        let _ = certified(&served, &folder, &request(&folder, authority["id"].as_str().unwrap(), &[&user]));
        let (is_let_in, output) = Trusting::TrustedUserKeys.lets_in(&folder);
        assert!(is_let_in, "{bits}: {output}");
    }
}

#[test]
fn what_cannot_be_signed_has_its_code() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    for (field, value, code) in [
        ("ssh_certificate_authority_id", json!("sshca_2rwwl5w69mehWeDVlbshgAxOzQS"), 1951),
        ("ssh_certificate_authority_id", json!("sucrt_2rwwl5w69mehWeDVlbshgAxOzQS"), 227),
        ("ssh_certificate_authority_id", json!("sshca_1"), 223),
        ("public_key", json!(""), 1952),
        ("public_key", json!("x"), 1934),
        ("valid_after", json!("yesterday"), 241),
        ("valid_until", json!("2020-01-01T00:00:00Z"), 1962),
        ("description", json!("x".repeat(256)), 1947),
        ("metadata", json!("x".repeat(4097)), 1948),
        ("principals", json!(["a\0b"]), 215),
        ("critical_options", json!(["force-command"]), 215),
        ("critical_options", json!({ "force-command": 1 }), 215),
        ("critical_options", json!({ "force-command": null }), 215),
        ("critical_options", json!({ "": "" }), 215),
        ("extensions", json!({ "permit\0pty": "" }), 215),
        ("extensions", json!({ "permit-pty": {} }), 215),
        ("critical_options", json!({ "force-command": "x".repeat(900_000) }), 215),
    ] {
        let mut body = request(&folder, &authority, &["alice"]);
        body[field] = value;
        served.post(LIST, &body).refuses(400, code);
    }
    let line = folder.line("id.pub");
    let twice = format!(
        "{{\"ssh_certificate_authority_id\":\"{authority}\",\"public_key\":\"{line}\",\"extensions\":{{\"a\":\"\",\"a\":\"b\"}}}}"
    );
    let asked = served.ask("POST", LIST).header("Content-Type: application/json");
    asked.body(twice).answer().refuses(400, 215);
    assert_eq!(served.get(LIST).is(200).json()["ssh_user_certificates"], json!([]), "nothing of it is kept");
    served.get(&format!("{LIST}?filter=true")).refuses(400, 231);
}

#[test]
fn an_authority_stays_while_it_has_users_and_a_revoked_user_is_refused() {
    let served = Served::new();
    let (folder, authority) = world(&served);
    let user = Trusting::user(&folder);
    let certificate = certified(&served, &folder, &request(&folder, &authority, &[&user]));
    let one = format!("{LIST}/{}", certificate["id"].as_str().unwrap());
    served.delete(&format!("/ssh_certificate_authorities/{authority}")).refuses(400, 1964);
    assert!(Trusting::TrustedUserKeys.lets_in(&folder).0);
    let name = authority.to_ascii_lowercase();
    served.certgate(&["ssh", "revoke", "--ca", &name, "--serial", "1", "--reason", "left"]).exits(0);
    let list = folder.path("list");
    served.certgate(&["ssh", "krl", "build", "--from-ledger", "--out", list.to_str().unwrap()]).exits(0);
    let output = folder.openssh("ssh-keygen", &["-Q", "-f", "list", "id-cert.pub"]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("REVOKED"), "{output:?}");
    served.delete(&one).is(204);
    served.delete(&format!("/ssh_certificate_authorities/{authority}")).is(204);
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}

#[test]
fn serials_are_zero_where_that_is_asked_for_and_revoked_by_key_id() {
    let served = Served::with(&["--serials", "zero"]);
    let (folder, authority) = world(&served);
    let user = request(&folder, &authority, &["alice"]);
    let host = json!({ "ssh_certificate_authority_id": authority, "public_key": folder.line("host.pub") });
    let mut ids = Vec::new();
    for (list, body) in [(LIST, &user), ("/ssh_host_certificates", &host), (LIST, &user)] {
        let answer = served.post(list, body).is(201).json();
        ids.push(answer["id"].as_str().unwrap().to_owned());
        let name = format!("{}-cert.pub", ids.len());
        folder.write(&name, answer["certificate"].as_str().unwrap());
        assert!(folder.keygen_ok(&["-L", "-f", &name]).contains("Serial: 0\n"));
    }
    let name = authority.to_ascii_lowercase();
    served.certgate(&["ssh", "revoke", "--ca", &name, "--key-id", &ids[0], "--reason", "left"]).exits(0);
    let list = folder.path("list");
    served.certgate(&["ssh", "krl", "build", "--from-ledger", "--out", list.to_str().unwrap()]).exits(0);
    for (number, word) in [(1, "REVOKED"), (2, ": ok"), (3, ": ok")] {
        let output = folder.openssh("ssh-keygen", &["-Q", "-f", "list", &format!("{number}-cert.pub")]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(word), "{number}: {output:?}");
    }
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}
