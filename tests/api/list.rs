//! Lists: page by page, and not one page more than is read.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{api, server, told};
use crate::harness::{ApiServer, Fault, Script};

fn hold(server: &ApiServer, count: u32) {
    for number in 0..count {
        server.hold(
            "tls_certificates",
            json!({
                "metadata": number.to_string(),
                "not_before": "2026-10-30T00:00:00Z",
                "not_after": "2026-12-30T00:00:00Z",
            }),
        );
    }
}

#[test]
fn all_pages_are_listed_newest_first_each_resource_on_a_line() {
    let server = server();
    hold(&server, 5);
    let run = api(&server, "tls-certificates list --limit 2 --format json").exits(0);
    let listed: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(listed, server.held("tls_certificates"));
    let lines: Vec<String> = server.requests().iter().map(|request| request.line()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0], "GET /tls_certificates?limit=2");
    assert!(lines[1].contains("before_id=cert_") && lines[1].ends_with("&limit=2"), "{lines:?}");
}

#[test]
fn a_page_is_written_before_the_next_one_has_come() {
    let server = server();
    hold(&server, 2);
    let pause = Duration::from_secs(4);
    server.script(Script::on("GET /tls_certificates?before_id", Fault::Waits(pause)));
    let started = now();
    let mut process = api(&server, "tls-certificates list --limit 1").start();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("cert_"));
    assert!(started.elapsed() < pause, "the first page waited for the second");
    assert_eq!(lines.count(), 1);
    assert!(process.wait().unwrap().success());
}

#[expect(clippy::disallowed_methods, reason = "a test about how long something takes")]
fn now() -> Instant {
    Instant::now()
}

#[test]
fn pages_that_nobody_reads_are_not_asked_for() {
    let server = server();
    hold(&server, 60);
    server.script(Script::on("GET", Fault::Waits(Duration::from_millis(20))).always());
    let mut process = api(&server, "tls-certificates list --limit 1 --rate 1000/1s").start();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("cert_"));
    drop(lines);
    let output = process.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
    assert!(server.requests().len() < 30, "{} pages", server.requests().len());
}

#[test]
fn a_filter_goes_to_the_api_and_what_is_wrong_with_it_comes_back() {
    let server = server();
    hold(&server, 3);
    let run =
        api(&server, "tls-certificates list --format json").arguments(["--filter", "obj.metadata == \"1\""]);
    assert_eq!(run.exits(0).json()["metadata"], "1");
    insta::assert_snapshot!(told(&server, api(&server, "tls-certificates list --filter what")), @"
    GET /tls_certificates?filter=what
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 1
    stderr:
    error: GET /tls_certificates: the API answered 400 ERR_NGROK_250: Invalid CEL query: 'what' (operation op_3LTw7k6IyuNbmSJuRHKCTDhZqkz)
    hint: ERR_NGROK_250: the filter is not an expression the API understands
    ");
    let run = api(&server, "ssh-host-certificates list --filter x").exits(2);
    assert!(run.stderr.contains("unexpected argument '--filter'"), "{}", run.stderr);
}
