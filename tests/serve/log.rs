//! What is written beside the answers: the log, the files; and that no secret is in it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Certgate, Folder, Served, files_below, fixtures};

#[test]
fn every_request_is_one_line_of_json_with_its_operation_and_without_a_secret() {
    let served = Served::new();
    let key = served.key.clone();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap();
    let private_key = file("example.com.key");
    let body = json!({ "certificate_pem": file("example.com.pem"), "private_key_pem": private_key });
    let created = served.post("/tls_certificates", &body).is(201);
    let swapped = json!({ "certificate_pem": private_key, "private_key_pem": private_key });
    let refused = served.post("/tls_certificates", &swapped).refuses(400, 1925);
    let lost = served.ask_bare("GET", "/x?token=secret-in-a-query").answer().is(404);
    for answer in [&created, &refused, &lost] {
        assert!(!answer.body.contains("PRIVATE KEY"), "{answer:?}");
    }
    let operations =
        [created, refused, lost].map(|answer| answer.header("ngrok-operation-id").unwrap().to_owned());
    let log = served.ended();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3, "{log}");
    for (line, operation) in lines.iter().zip(&operations) {
        assert_eq!(line["operation_id"], operation.as_str());
        assert!(line["micros"].is_u64() && line["at"].is_string(), "{line}");
    }
    assert_eq!((&lines[0]["status"], &lines[0]["method"]), (&json!(201), &json!("POST")));
    assert_eq!((&lines[1]["error_code"], &lines[2]["path"]), (&json!(1925), &json!("/x")));
    assert_eq!(lines[0]["api_key"], format!("ak_{}", key.split_once('_').unwrap().0));
    let secret_line = private_key.lines().nth(5).unwrap();
    for secret in [key.split_once('_').unwrap().1, secret_line, "secret-in-a-query"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn nobody_waits_for_a_log_that_is_not_read_and_what_is_lost_is_told() {
    const REQUESTS: usize = 400;
    let folder = Folder::new();
    let state = folder.path("state");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--state", state.to_str().unwrap()];
    let mut server = Certgate::new(serve).start();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("http://").unwrap();
    // A pipe holds two of such lines, and the server four MiB of them.
    let long = format!("/{}", "x".repeat(30_000));
    let status = |path: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    for _ in 0..REQUESTS {
        assert_eq!(status(&long), "404");
    }
    assert_eq!(status("/healthz"), "200");
    let stderr = server.stderr.take().unwrap();
    let log = thread::spawn(move || std::io::read_to_string(stderr).unwrap());
    let sent = Command::new("kill").args(["-s", "TERM", &server.id().to_string()]).status().unwrap();
    assert!(sent.success() && server.wait().unwrap().success());
    let (mut written, mut lost) = (0, 0);
    for line in log.join().unwrap().lines().filter(|line| line.starts_with('{')) {
        let line: Value = serde_json::from_str(line).unwrap();
        match line["event"].as_str() {
            Some("lines-lost") => {
                let words = line["message"].as_str().unwrap();
                lost += words.split(' ').next().unwrap().parse::<usize>().unwrap();
            }
            _ => written += usize::from(line["path"] == long.as_str()),
        }
    }
    assert!(lost > 0 && written + lost >= REQUESTS, "{written} written, {lost} lost");
}

/// Whether some bytes stand in a file of the state folder.
fn is_in_a_file(served: &Served, bytes: &[u8]) -> bool {
    let files = ["sqlite3", "sqlite3-wal", "sqlite3-shm"].into_iter();
    let mut files = files.flat_map(|extension| files_below(&served.state(), extension));
    files.any(|file| std::fs::read(file).unwrap().windows(bytes.len()).any(|window| window == bytes))
}

#[test]
fn the_database_alone_reveals_no_key() {
    let served = Served::new();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap();
    let (certificate, private_key) = (file("example.com.pem"), file("example.com.key"));
    served
        .post("/tls_certificates", &json!({ "certificate_pem": certificate, "private_key_pem": private_key }))
        .is(201);
    served.authority();
    // The search finds what is there.
    assert!(is_in_a_file(&served, b"sshca_"));
    let (_, secret) = served.key.split_once('_').unwrap();
    let line = private_key.lines().nth(5).unwrap();
    for secret in [secret.as_bytes(), line.as_bytes(), b"PRIVATE KEY", b"openssh-key-v1"] {
        assert!(!is_in_a_file(&served, secret), "{}", String::from_utf8_lossy(secret));
    }
}

#[test]
fn another_master_key_opens_nothing_and_is_refused_at_the_start() {
    let served = Served::new();
    served.authority();
    let state = served.state();
    let other = state.join("other.key");
    std::fs::write(&other, "01".repeat(32)).unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--master-key-file", other.to_str().unwrap()];
    let open = served.certgate(&serve).exits(2);
    assert!(open.stderr.contains("mode"), "others may read it: {}", open.stderr);
    assert!(open.stderr.contains("the master key") && !open.stderr.contains("authority"), "{}", open.stderr);
    std::fs::set_permissions(&other, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let run = served.certgate(&serve).exits(2);
    assert!(run.stderr.contains("needs master key"), "{}", run.stderr);
    assert!(!run.stderr.contains("0101"), "{}", run.stderr);
    let environment = served.certgate(&["serve", "--listen", "127.0.0.1:0"]);
    environment.variable("CERTGATE_MASTER_KEY", &"01".repeat(32)).exits(2);
    for bad in ["", "01"] {
        std::fs::write(&other, bad).unwrap();
        let run = served.certgate(&serve).exits(2);
        assert!(run.stderr.contains("64 hexadecimal digits"), "{}", run.stderr);
    }
}

#[test]
fn what_is_served_is_there_after_a_restart_under_the_same_key() {
    let mut served = Served::new();
    let authority = served.authority();
    served.killed_and_started();
    let host = json!({
        "ssh_certificate_authority_id": authority,
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
    });
    served.post("/ssh_host_certificates", &host).is(201);
    let mode =
        std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(served.state().join("master.key")).unwrap());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_address_that_is_taken_and_arguments_that_make_no_sense_are_exit_code_2() {
    let served = Served::new();
    let address = served.origin.trim_start_matches("http://");
    let run = served.certgate(&["serve", "--listen", address]).exits(2);
    assert!(run.stderr.contains("cannot listen") && run.stderr.contains("--listen"), "{}", run.stderr);
    for arguments in [["--rate-limit", "0"], ["--rate-limit", "x"], ["--listen", "localhost"]] {
        served.certgate(&["serve"]).arguments(arguments).exits(2);
    }
}
