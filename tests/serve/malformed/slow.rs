//! Clients that take their time.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::Served;
use crate::serve::now;

/// Connections that hang at the same time.
const CONNECTIONS: usize = 200;

fn connect(served: &Served, bytes: &[u8]) -> TcpStream {
    let mut stream = served.connect();
    stream.write_all(bytes).unwrap();
    stream
}

/// What comes back, and after how many seconds the connection ends.
fn end(mut stream: TcpStream, started: Instant) -> (String, u64) {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed().as_secs())
}

#[test]
fn who_sends_nothing_more_is_let_go_and_keeps_nobody_waiting() {
    let served = Served::new();
    let head =
        format!("POST /tls_certificates HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n", served.key);
    let whole = format!(
        "{head}Ngrok-Version: 2\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 500\r\n\r\n{{"
    );
    let started = now();
    let in_head: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connect(&served, head.as_bytes())).collect();
    let in_body: Vec<TcpStream> = (0..CONNECTIONS).map(|_| connect(&served, whole.as_bytes())).collect();
    for _ in 0..20 {
        let asked = now();
        served.get("/tls_certificates").is(200);
        assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    }
    for stream in in_head {
        let (answer, secs) = end(stream, started);
        assert!((9..25).contains(&secs), "{secs} seconds: {answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    for stream in in_body {
        let (answer, secs) = end(stream, started);
        assert!((29..50).contains(&secs), "{secs} seconds: {answer}");
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("ERR_NGROK_212"), "{answer}");
    }
    served.get("/tls_certificates").is(200);
}

#[test]
fn a_body_that_comes_byte_by_byte_comes() {
    let served = Served::new();
    let body = "{\"metadata\":\"m\"}";
    let head = format!(
        "POST /ssh_certificate_authorities HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nNgrok-Version: 2\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        served.key,
        body.len()
    );
    let mut stream = connect(&served, b"");
    stream.set_nodelay(true).unwrap();
    for byte in head.bytes().chain(body.bytes()) {
        stream.write_all(&[byte]).unwrap();
        std::thread::sleep(Duration::from_millis(2));
    }
    let (answer, _) = end(stream, now());
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
