//! `certgate serve --metrics`, read by the parser that Prometheus's own clients come with.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::{Served, fixtures};

/// Reads the text, and writes all samples as JSON: name, labels, value; fails for what does not read.
const PARSER: &str = "
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
samples = []
for family in families(sys.stdin.read()):
    assert family.type != 'unknown' and family.documentation, family
    samples += [[sample.name, sample.labels, sample.value] for sample in family.samples]
json.dump(samples, sys.stdout)
";

/// A server, and where it shows what it counts.
fn served(arguments: &[&str]) -> (Served, String) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--metrics", &address]).collect();
    (Served::with(&arguments), address)
}

fn asked(address: &str, path: &str) -> (u16, String, String) {
    let written = "\n%{http_code} %{content_type}";
    let url = format!("http://{address}{path}");
    let output = Command::new("curl").args(["-sS", "--noproxy", "*", "-w", written, &url]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (body, end) = text.rsplit_once('\n').unwrap();
    let (status, kind) = end.split_once(' ').unwrap();
    (status.parse().unwrap(), kind.to_owned(), body.to_owned())
}

/// All samples, by name and labels.
fn samples(address: &str) -> BTreeMap<String, f64> {
    let (status, kind, text) = asked(address, "/metrics");
    assert_eq!((status, kind.as_str()), (200, "text/plain; version=0.0.4; charset=utf-8"));
    let mut parser = Command::new("/usr/bin/python3");
    parser.args(["-c", PARSER]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut parser =
        parser.spawn().unwrap_or_else(|error| panic!("install python3-prometheus-client: {error}"));
    parser.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = parser.wait_with_output().unwrap();
    assert!(output.status.success(), "{text}");
    let read: Vec<(String, BTreeMap<String, String>, Value)> =
        serde_json::from_slice(&output.stdout).unwrap();
    let named = |(name, labels, value): (String, BTreeMap<String, String>, Value)| {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (format!("{name}{{{}}}", labels.join(",")), value.as_f64().unwrap())
    };
    let count = read.len();
    let samples: BTreeMap<String, f64> = read.into_iter().map(named).collect();
    assert_eq!(samples.len(), count, "a sample is told twice");
    samples
}

#[test]
fn requests_are_counted_by_route_and_status_and_in_time() {
    let (served, address) = served(&["--rate-limit", "4"]);
    let file = |name: &str| std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap();
    let body =
        json!({ "certificate_pem": file("example.com.pem"), "private_key_pem": file("example.com.key") });
    let id = served.post("/tls_certificates", &body).is(201).json()["id"].as_str().unwrap().to_owned();
    served.get(&format!("/tls_certificates/{id}")).is(200);
    served.get("/tls_certificates/x").is(404);
    served.authority();
    served.get("/tls_certificates").refuses(429, 226);
    for path in ["/x", "/y?z", "/tls_certificates/a/b"] {
        served.ask_bare("GET", path).answer().is(404);
    }
    let samples = samples(&address);
    for (name, value) in [
        ("certgate_requests_total{route=POST /tls_certificates,status=201}", 1.0),
        ("certgate_requests_total{route=GET /tls_certificates/{id},status=200}", 1.0),
        ("certgate_requests_total{route=GET /tls_certificates/{id},status=404}", 1.0),
        ("certgate_requests_total{route=GET /tls_certificates,status=429}", 1.0),
        ("certgate_requests_total{route=other,status=404}", 3.0),
        ("certgate_request_duration_seconds_bucket{le=+Inf,route=POST /tls_certificates}", 1.0),
        ("certgate_request_duration_seconds_count{route=other}", 3.0),
        ("certgate_rate_limited_total{}", 1.0),
        ("certgate_requests_in_flight{}", 0.0),
        ("certgate_created_total{collection=tls_certificates}", 1.0),
        ("certgate_created_total{collection=ssh_certificate_authorities}", 1.0),
        ("certgate_created_total{collection=ssh_host_certificates}", 0.0),
        ("certgate_resources{kind=tls-certificate}", 1.0),
        ("certgate_certificates_expired{kind=tls-certificate}", 1.0),
        ("certgate_certificates_expiring{days=30,kind=ssh-host-certificate}", 0.0),
        (concat!("certgate_build_info{version=", env!("CARGO_PKG_VERSION"), "}"), 1.0),
    ] {
        assert_eq!(samples.get(name), Some(&value), "{name}: {samples:#?}");
    }
    let sum = samples["certgate_request_duration_seconds_sum{route=POST /tls_certificates}"];
    assert!(sum > 0.0 && sum < 10.0, "{sum}");
    assert!(!samples.keys().any(|name| name.contains(&id)), "nothing that clients choose is a label");
}

#[test]
fn the_shown_certificate_is_counted_too() {
    let path =
        |ending: &str| fixtures().join(format!("chain/p256-depth-1.{ending}")).to_str().unwrap().to_owned();
    let (served, address) = served(&["--tls-cert", &path("pem"), "--tls-key", &path("key")]);
    let _ = served.exchange("no TLS\r\n\r\n");
    let samples = samples(&address);
    assert!(samples["certgate_tls_not_after_seconds{}"] > 1_700_000_000.0);
    assert_eq!(samples["certgate_tls_handshakes_failed_total{}"], 1.0);
}

#[test]
fn it_has_an_address_of_its_own() {
    let (served, address) = served(&[]);
    served.ask_bare("GET", "/metrics").answer().is(404);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(asked(&address, path).0, 200, "{path}");
    }
    assert_eq!(asked(&address, "/tls_certificates").0, 404);
    let run = served.certgate(&["serve", "--listen", "127.0.0.1:0", "--metrics", &address]).exits(2);
    assert!(run.stderr.contains("cannot listen") && run.stderr.contains("--metrics"), "{}", run.stderr);
}
