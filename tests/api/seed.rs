//! The published example, sent and answered as it was published.

use serde_json::json;

use super::{api, create, fixture, server};
use crate::harness::{Fault, Script};

#[test]
fn the_published_certificate_is_sent_and_answered_as_it_was() {
    let server = server();
    let response = fixture("seed/response.json");
    let answer = Fault::problem(201, 0, "").with("Content-Type", "application/json");
    let Fault::Answers { status, headers, .. } = answer else { panic!("an answer") };
    server.script(Script::on("POST", Fault::Answers { status, headers, body: response.clone() }));
    let files = ["--certificate-pem", "seed/example.com.pem", "--private-key-pem", "seed/example.com.key"];
    let run = create(&server, "tls-certificates").arguments(files);
    let run = run.arguments(["--format", "json"]).exits(0);
    let sent = server.requests_of("POST")[0].json();
    let pem = |path| fixture(&format!("seed/{path}"));
    assert_eq!(
        sent,
        json!({ "certificate_pem": pem("example.com.pem"), "private_key_pem": pem("example.com.key") })
    );
    assert_eq!(run.json(), serde_json::from_str::<serde_json::Value>(&response).unwrap());
    assert_eq!(run.stdout, response.replace('\n', "") + "\n", "no byte of it is changed");
}

#[test]
fn fields_that_nobody_here_knows_are_written_as_they_came() {
    let server = server();
    let id = server.hold("tls_certificates", json!({ "new_field": [1.50, { "a": null }], "not_after": "2026-12-30T00:00:00Z", "not_before": "2026-10-30T00:00:00Z" }));
    let run = api(&server, &format!("tls-certificates get {id} --format json")).exits(0);
    assert!(run.stdout.contains(r#""new_field":[1.5,{"a":null}]"#), "{}", run.stdout);
    let text = api(&server, &format!("tls-certificates get {id}")).exits(0);
    assert!(text.stdout.contains("new_field"), "{}", text.stdout);
}
