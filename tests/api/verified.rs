//! What came is what was asked for, and clients will take it, or it is said.

use serde_json::{Value, json};

use super::{HOST_KEY, create_host, fixture, server};
use crate::harness::{ApiServer, Fault, Run, Script};

const PRINCIPALS: [&str; 2] = ["--principals", "a.example.com"];

/// What the API would sign for other fields.
fn signed(server: &ApiServer, authority: &str, fields: Value) -> Value {
    let key = fixture(HOST_KEY);
    let mut body = json!({
        "ssh_certificate_authority_id": authority,
        "public_key": key.lines().last().unwrap(),
        "principals": ["a.example.com"],
        "valid_after": "2026-10-31T23:59:00Z",
        "valid_until": "2026-11-30T23:59:00Z",
    });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    server.create("ssh_host_certificates", body)
}

/// A run that is answered with this.
fn answered(server: &ApiServer, authority: &str, answer: &Value) -> Run {
    let Fault::Answers { headers, .. } = Fault::problem(201, 0, "") else { panic!("an answer") };
    let answer = Fault::Answers { status: 201, headers, body: answer.to_string() };
    server.script(Script::on("POST", answer));
    create_host(server, authority).arguments(PRINCIPALS).run()
}

#[test]
fn a_certificate_that_is_what_was_asked_for_is_said_to_be() {
    let server = server();
    let authority = server.ssh_authority();
    let run = answered(&server, &authority, &signed(&server, &authority, json!({})));
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.starts_with("verified: signed by SHA256:"), "{}", run.stderr);
    assert!(run.stderr.ends_with("; clients that trust it accept every name\n"), "{}", run.stderr);
}

#[test]
fn a_certificate_that_is_something_else_is_not_taken() {
    let server = server();
    let (authority, other) = (server.ssh_authority(), server.ssh_authority());
    let key = fixture("ssh/ecdsa-p256.pub");
    let sound = signed(&server, &authority, json!({}));
    let mut contradicting = sound.clone();
    contradicting["principals"] = json!(["b.example.com"]);
    let mut broken = sound.clone();
    let line = sound["certificate"].as_str().unwrap();
    let (kind, base64) = line.split_once(' ').unwrap();
    let middle = base64.len() - 80;
    let symbol = if &base64[middle..=middle] == "A" { "B" } else { "A" };
    broken["certificate"] = format!("{kind} {}{symbol}{}", &base64[..middle], &base64[middle + 1..]).into();
    for (answer, words) in [
        (
            signed(&server, &authority, json!({ "principals": ["b.example.com"] })),
            "its principals are `b.example.com`",
        ),
        (
            signed(&server, &authority, json!({ "valid_until": "2026-12-30T23:59:00Z" })),
            "its valid_until is 2026-12-30T23:59:00Z",
        ),
        (
            signed(&server, &authority, json!({ "valid_after": "2026-10-30T23:59:00Z" })),
            "its valid_after is 2026-10-30T23:59:00Z",
        ),
        (
            signed(&server, &authority, json!({ "public_key": key.lines().last().unwrap() })),
            "it is for another key",
        ),
        (signed(&server, &other, json!({})), "and not by the authority"),
        (contradicting, "the reply contradicts itself"),
        (broken, "its signature"),
    ] {
        let run = answered(&server, &authority, &answer);
        assert_eq!(run.code, 1, "{words}: {run:?}");
        assert!(run.stderr.contains(words), "{words}: {}", run.stderr);
        assert!(run.stderr.contains("hint: do not deploy it"), "{}", run.stderr);
    }
}

#[test]
fn an_authority_that_cannot_be_read_leaves_the_certificate_unchecked_and_says_so() {
    let server = server();
    let authority = server.ssh_authority();
    server.script(Script::on("GET /ssh_certificate_authorities", Fault::problem(403, 220, "not from here")));
    let run = create_host(&server, &authority).arguments(PRINCIPALS).exits(2);
    assert!(run.stdout.contains("ssh-ed25519-cert-v01@openssh.com AAAA"), "{run:?}");
    assert!(run.stderr.contains("who signed it was not checked"), "{run:?}");
}
