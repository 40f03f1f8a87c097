//! Servers that work side by side on one database.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use serde_json::json;

use super::Place;
use crate::harness::Served;

/// Two servers on one database, with the same master key.
fn two(place: &Place, arguments: &[&str]) -> [Served; 2] {
    let master = "07".repeat(32);
    let variables = [("CERTGATE_STORE", place.url.as_str()), ("CERTGATE_MASTER_KEY", master.as_str())];
    [(); 2].map(|()| Served::among(&variables, arguments))
}

#[test]
fn what_one_server_keeps_the_other_has() {
    let place = Place::new();
    let [left, right] = two(&place, &[]);
    let authority = left.authority();
    // A key of either opens both.
    assert_eq!(
        right.get(&format!("/ssh_certificate_authorities/{authority}")).is(200).json()["id"],
        *authority
    );
    right.delete(&format!("/ssh_certificate_authorities/{authority}")).is(204);
    left.get(&format!("/ssh_certificate_authorities/{authority}")).is(404);
    let host = json!({ "ssh_certificate_authority_id": authority, "public_key": host_key(1), "principals": ["a.example.com"] });
    let status = left.post("/ssh_host_certificates", &host).status;
    assert!((400..500).contains(&status), "{status}");
}

/// The line of a host key; an Ed25519 key need not be a point to be certified.
fn host_key(number: u8) -> String {
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend([number; 32]);
    format!("ssh-ed25519 {}", crate::harness::base64(&blob))
}

#[test]
fn requests_of_a_key_are_counted_together() {
    let place = Place::new();
    let [left, right] = two(&place, &["--rate-limit", "6"]);
    let key = &left.key;
    let ask = |served: &Served| {
        let list =
            served.ask_bare("GET", "/tls_certificates").header(&format!("Authorization: Bearer {key}"));
        list.header("Ngrok-Version: 2").answer().status
    };
    for _ in 0..3 {
        assert_eq!((ask(&left), ask(&right)), (200, 200));
    }
    assert_eq!((ask(&left), ask(&right)), (429, 429));
}

#[test]
fn a_server_that_is_killed_takes_nothing_with_it_and_gives_no_serial_twice() {
    let place = Place::new();
    let [mut left, right] = two(&place, &[]);
    let authority = left.authority();
    let serials = Mutex::new(BTreeSet::new());
    let issue = |served: &Served, number: u8| {
        let body = json!({ "ssh_certificate_authority_id": authority, "public_key": host_key(number),
            "principals": [format!("web-{number}.example.com")] });
        let made = served.post("/ssh_host_certificates", &body).is(201).json();
        let certificate = made["certificate"].as_str().unwrap().to_owned();
        assert!(serials.lock().unwrap().insert(certificate), "the same twice");
    };
    for round in 0..3 {
        let numbers = |server: u8| (0..8).map(move |number| round * 32 + server * 8 + number);
        thread::scope(|scope| {
            for (server, served) in [&left, &right].into_iter().enumerate() {
                let issue = &issue;
                let server = u8::try_from(server).unwrap();
                scope.spawn(move || numbers(server).for_each(|number| issue(served, number)));
            }
        });
        left.killed_and_started();
    }
    let listed = right.certgate(&["ssh", "list", "--format", "json"]).exits(0).json();
    let listed = listed["certificates"].as_array().unwrap();
    let numbers: BTreeSet<String> = listed.iter().map(|one| one["serial"].to_string()).collect();
    assert_eq!((listed.len(), numbers.len(), serials.into_inner().unwrap().len()), (48, 48, 48));
    right.certgate(&["ssh", "audit", "verify"]).exits(0);
}
