//! `certgate api`, against a server that answers as the API is documented to.

mod curl;
mod delete;
mod errors;
mod gate;
mod list;
mod operations;
mod scripted;
mod secrets;
mod seed;
mod setup;
mod verified;

use std::fmt::Write;

use serde_json::Value;

use crate::harness::{API_KEY, ApiServer, Certgate, Run, fixtures};

/// A chain and its key, as arguments of `create`.
const UPLOAD: [&str; 4] =
    ["--certificate-pem", "chain/ed25519-depth-1.pem", "--private-key-pem", "chain/ed25519-depth-1.key"];
/// A host's public key.
const HOST_KEY: &str = "ssh/ed25519.pub";

/// A server whose clock stands at the instant that everything is judged at.
fn server() -> ApiServer {
    ApiServer::start_at(certgate_fixtures::JUDGED_AT_UNIX_SECS)
}

/// `certgate api` with these words, told where the server is.
fn api(server: &ApiServer, words: &str) -> Certgate {
    server.with(Certgate::new(["api"]).arguments(words.split_whitespace()))
}

/// `certgate api RESOURCE create`, judged when everything is.
fn create(server: &ApiServer, resource: &str) -> Certgate {
    api(server, resource).arguments(["create", "--at", certgate_fixtures::JUDGED_AT])
}

/// `create` of a host certificate by an authority.
fn create_host(server: &ApiServer, authority: &str) -> Certgate {
    let run = create(server, "ssh-host-certificates");
    run.arguments(["--ssh-certificate-authority-id", authority, "--public-key", HOST_KEY])
}

fn fixture(path: &str) -> String {
    std::fs::read_to_string(fixtures().join(path)).unwrap()
}

/// A text with names in the place of what is new in each run, or long.
fn seen(server: &ApiServer, text: &str) -> String {
    let mut text = text.replace(&server.url(), "http://SERVER").replace(API_KEY, "(API KEY)");
    for (path, name) in
        [("chain/ed25519-depth-1.pem", "(CHAIN)"), ("chain/ed25519-depth-1.key", "(PRIVATE KEY)")]
    {
        let pem = fixture(path);
        text = text.replace(&Value::from(pem.as_str()).to_string(), &format!("\"{name}\""));
        let armor = &pem[pem.find("-----BEGIN").unwrap()..];
        text = text.replace(&Value::from(armor).to_string(), &format!("\"{name}\""));
    }
    // Keys and signatures of `ssh-keygen` are new each time.
    let of_authorities =
        server.held("ssh_certificate_authorities").into_iter().map(|held| (held, "public_key"));
    let of_hosts = server.held("ssh_host_certificates").into_iter().map(|held| (held, "certificate"));
    for (held, field) in of_authorities.chain(of_hosts) {
        if let Some(base64) = held[field].as_str().and_then(|line| line.split(' ').nth(1)) {
            text = text.replace(base64, &format!("({})", field.to_uppercase()));
        }
    }
    let fingerprints: Vec<String> =
        text.match_indices("SHA256:").map(|(at, _)| text[at..at + 50].to_owned()).collect();
    fingerprints.iter().fold(text, |text, fingerprint| text.replace(fingerprint, "(FINGERPRINT)"))
}

/// What was sent since `before` requests, and what the run printed.
fn transcript(server: &ApiServer, before: usize, run: &Run) -> String {
    let mut text = String::new();
    for request in &server.requests()[before..] {
        writeln!(text, "{}", request.line()).unwrap();
        for (name, value) in
            request.headers.iter().filter(|(name, _)| name != "host" && name != "content-length")
        {
            writeln!(text, "{name}: {value}").unwrap();
        }
        if !request.body.is_empty() {
            writeln!(text, "{}", String::from_utf8_lossy(&request.body)).unwrap();
        }
        text.push('\n');
    }
    write!(text, "exit {}\n{}", run.code, run.stdout).unwrap();
    if !run.stderr.is_empty() {
        write!(text, "stderr:\n{}", run.stderr).unwrap();
    }
    seen(server, &text)
}

/// Runs it, and gives what was sent and printed.
fn told(server: &ApiServer, run: Certgate) -> String {
    let before = server.requests().len();
    let run = run.run();
    transcript(server, before, &run)
}
