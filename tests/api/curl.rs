//! `--curl`: real curl and jq send what certgate would send.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::{UPLOAD, api, create, create_host, server};
use crate::harness::{API_KEY, ApiServer, Certgate, Fault, Folder, Script, fixtures};

/// Starts a command of bash in `fixtures/`, with the key in the environment.
fn bash(command: &str) -> Child {
    let mut bash = Command::new("bash");
    bash.args(["-euo", "pipefail", "-c", command]).current_dir(fixtures()).env_clear();
    bash.env("PATH", "/usr/local/bin:/usr/bin:/bin").env("CERTGATE_API_KEY", API_KEY);
    bash.stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("bash is installed")
}

/// Line, headers that count, and body of the only request since `before`.
fn sent(server: &ApiServer, before: usize) -> (String, Vec<(String, String)>, Value) {
    let requests = server.requests();
    assert_eq!(requests.len(), before + 1);
    let request = &requests[before];
    let counts = ["authorization", "content-type", "ngrok-version"];
    let mut headers: Vec<_> =
        request.headers.iter().filter(|(name, _)| counts.contains(&name.as_str())).cloned().collect();
    headers.sort();
    (request.line(), headers, if request.body.is_empty() { Value::Null } else { request.json() })
}

/// Writes the command, runs it, and compares what it sent with what certgate sends itself.
#[track_caller]
fn is_the_same(server: &ApiServer, run: impl Fn() -> Certgate) {
    let before = server.requests().len();
    let command = run().arguments(["--curl"]).exits(0).stdout;
    assert!(!command.contains(API_KEY), "{command}");
    assert_eq!(server.requests().len(), before, "the command was written, and sent nothing");
    let output = bash(&command).wait_with_output().unwrap();
    assert!(output.status.success(), "{command}{output:?}");
    let by_curl = sent(server, before);
    // The same answer to the same request, whatever became of the first one.
    let Fault::Answers { headers, .. } = Fault::problem(400, 0, "") else { panic!("an answer") };
    server.script(Script::on("", Fault::Answers { status: 400, headers, body: "{}".to_owned() }));
    assert_eq!(run().run().code, 1);
    assert_eq!(by_curl, sent(server, before + 1), "{command}");
}

#[test]
fn curl_sends_what_certgate_sends() {
    let server = server();
    let authority = server.ssh_authority();
    let id = server.hold("tls_certificates", json!({}));
    let texts = ["--description", "it's \"a\" $HOME `x` \\(1) é", "--metadata", "{\"a\":[1]}"];
    is_the_same(&server, || create(&server, "tls-certificates").arguments(UPLOAD).arguments(texts));
    is_the_same(&server, || create(&server, "tls-certificates").arguments(UPLOAD));
    is_the_same(&server, || {
        create_host(&server, &authority).arguments(["--principals", "a.example.com"]).arguments(texts)
    });
    is_the_same(&server, || create(&server, "ssh-certificate-authorities").arguments(texts));
    is_the_same(&server, || {
        let filter = ["--filter", "obj.metadata == \"a&b'c\""];
        api(&server, "tls-certificates list --limit 3").arguments(filter)
    });
    is_the_same(&server, || api(&server, &format!("tls-certificates get {id}")));
    is_the_same(&server, || api(&server, &format!("tls-certificates update {id}")).arguments(texts));
    is_the_same(&server, || api(&server, &format!("tls-certificates delete {id} --yes")));
}

#[test]
fn the_key_may_come_from_a_file() {
    let server = server();
    let folder = Folder::new();
    let file = folder.write_secret("a key", format!("{API_KEY}\n"));
    let file = ["--api-key-file", file.to_str().unwrap()];
    is_the_same(&server, || api(&server, "tls-certificates list").arguments(file));
}

#[test]
fn no_secret_is_an_argument_of_a_program_that_the_command_starts() {
    let server = server();
    server.script(Script::on("POST", Fault::Waits(Duration::from_secs(2))));
    let command = create(&server, "tls-certificates").arguments(UPLOAD).arguments(["--curl"]).exits(0).stdout;
    let process = bash(&command);
    while server.requests().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let processes = std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path().join("cmdline"));
    let lines: Vec<Vec<u8>> = processes.filter_map(|path| std::fs::read(path).ok()).collect();
    let lines: Vec<_> = lines.iter().map(|line| String::from_utf8_lossy(line)).collect();
    assert!(lines.iter().any(|line| line.starts_with("curl\0") && line.contains(&server.url())), "it runs");
    assert!(lines.iter().all(|line| !line.contains(API_KEY) && !line.contains("PRIVATE KEY")));
    assert!(process.wait_with_output().unwrap().status.success());
}
