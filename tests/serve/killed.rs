//! A server that is killed under load: whatever it said it did, it did.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Served, fixtures};

const WRITERS: usize = 8;
const ROUNDS: u64 = 200;

/// Posts until the connection breaks; the ids that came with a 201 come back.
fn post_until_killed(origin: &str, key: &str, path: &str, body: &Value, ids: &Mutex<BTreeSet<String>>) {
    let host = origin.trim_start_matches("http://");
    let Ok(mut stream) = TcpStream::connect(host) else { return };
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nNgrok-Version: 2\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if stream.write_all(request.as_bytes()).is_err() {
            return;
        }
        let mut answer = String::new();
        while !answer.contains("\r\n\r\n") || !answer.ends_with('}') {
            match stream.read(&mut buffer) {
                Ok(bytes) if bytes > 0 => answer.push_str(std::str::from_utf8(&buffer[..bytes]).unwrap()),
                _ => return,
            }
        }
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        let id = answer.split_once("{\"id\":\"").unwrap().1.split('"').next().unwrap().to_owned();
        assert!(ids.lock().unwrap().insert(id), "an id is given twice: {answer}");
    }
}

/// The ids of all that is in a list.
fn listed(served: &Served, name: &str) -> BTreeSet<String> {
    let (mut ids, mut path) = (BTreeSet::new(), format!("/{name}"));
    loop {
        let page = served.get(&path).is(200).json();
        ids.extend(page[name].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_page_uri"].as_str() else { return ids };
        path = next.strip_prefix(&served.origin).unwrap().to_owned();
    }
}

#[test]
fn every_created_resource_is_there_after_a_kill_and_no_serial_is_given_twice() {
    let mut served = Served::new();
    let authority = served.authority();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("chain").join(name)).unwrap();
    let upload =
        json!({ "certificate_pem": file("p256-depth-1.pem"), "private_key_pem": file("p256-depth-1.key") });
    let host = json!({
        "ssh_certificate_authority_id": authority,
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
    });
    let (uploads, hosts) = (Mutex::new(BTreeSet::new()), Mutex::new(BTreeSet::new()));
    for round in 0..ROUNDS {
        let (origin, key) = (served.origin.clone(), served.key.clone());
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (path, body, ids) = match writer % 2 {
                    0 => ("/tls_certificates", &upload, &uploads),
                    _ => ("/ssh_host_certificates", &host, &hosts),
                };
                let (origin, key) = (&origin, &key);
                scope.spawn(move || post_until_killed(origin, key, path, body, ids));
            }
            thread::sleep(Duration::from_millis(60 + round * 37 % 90));
            served.killed_and_started();
        });
    }
    let (uploads, hosts) = (uploads.into_inner().unwrap(), hosts.into_inner().unwrap());
    assert!(uploads.len() > 50 && hosts.len() > 50, "{} and {}", uploads.len(), hosts.len());
    let lost: Vec<_> = uploads.difference(&listed(&served, "tls_certificates")).cloned().collect();
    assert_eq!(lost, Vec::<String>::new());
    let lost: Vec<_> = hosts.difference(&listed(&served, "ssh_host_certificates")).cloned().collect();
    assert_eq!(lost, Vec::<String>::new());
    // The sealed key of the authority still opens, and serials go on.
    served.post("/ssh_host_certificates", &host).is(201);
    let run = served.certgate(&["ssh", "list", "--format", "json"]).exits(0).json();
    let records = run["certificates"].as_array().unwrap();
    let serials: BTreeSet<String> = records.iter().map(|record| record["serial"].to_string()).collect();
    assert_eq!(serials.len(), records.len(), "a serial was given twice");
    assert!(records.len() > hosts.len());
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}
