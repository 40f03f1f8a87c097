//! Signals: which one ends the server, when, and with which exit code.

use std::process::Command;
use std::thread;
use std::time::Duration;
use std::{fs, io::Write as _};

use super::now;
use crate::harness::{Folder, Served, fixtures};

/// A request whose body does not come to its end.
fn begun(served: &Served) -> std::net::TcpStream {
    let mut stream = served.connect();
    let head = served.head("POST /ssh_certificate_authorities HTTP/1.1");
    let length = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{";
    stream.write_all(format!("{head}{length}").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(500));
    stream
}

#[test]
fn a_terminal_that_is_closed_ends_no_server() {
    let served = Served::new();
    served.signal("HUP");
    thread::sleep(Duration::from_millis(200));
    served.get("/tls_certificates").is(200);
    served.ended();
}

#[test]
fn the_second_signal_ends_what_the_first_one_waits_for() {
    for (first, second) in [("TERM", "TERM"), ("INT", "TERM"), ("INT", "INT")] {
        let served = Served::new();
        let _open = begun(&served);
        served.signal(first);
        thread::sleep(Duration::from_millis(500));
        let start = now();
        served.signal(second);
        served.waited_with(3);
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    }
}

#[test]
fn what_never_comes_to_its_end_is_not_waited_for() {
    let folder = Folder::new();
    let [certificate, private_key] = ["tls.crt", "tls.key"].map(|name| folder.path(name));
    fs::copy(fixtures().join("chain/p256-depth-1.pem"), &certificate).unwrap();
    fs::copy(fixtures().join("chain/p256-depth-1.key"), &private_key).unwrap();
    let served = Served::with(&[
        "--tls-cert",
        certificate.to_str().unwrap(),
        "--tls-key",
        private_key.to_str().unwrap(),
    ]);
    // Whoever reads the file from now on waits for somebody to write it.
    fs::remove_file(&private_key).unwrap();
    assert!(Command::new("mkfifo").arg(&private_key).status().unwrap().success());
    served.signal("HUP");
    thread::sleep(Duration::from_secs(1));
    let start = now();
    served.signal("TERM");
    let log = served.waited_with(3);
    assert!((17..25).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert!(log.contains("did not come to its end in 18 seconds"), "{log}");
}
