//! Connections that ask too much: too many, too slow, too long, or in words that two readers read differently.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use super::now;
use crate::harness::Served;

const LIST: &str = "/tls_certificates";

fn list(served: &Served) -> String {
    format!("{}Host: x\r\n\r\n", served.head(&format!("GET {LIST} HTTP/1.1")))
}

/// Reads until a pause in what comes, or the end; whether it is the end comes back, too.
fn heard(stream: &mut TcpStream, pause: Duration) -> (String, bool) {
    stream.set_read_timeout(Some(pause)).unwrap();
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return (text, true),
            Ok(count) => text.push_str(&String::from_utf8_lossy(&buffer[..count])),
            Err(error) => {
                let is_pause = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                return (text, !is_pause);
            }
        }
    }
}

#[test]
fn connections_over_the_limit_wait_until_one_ends() {
    let served = Served::with(&["--max-connections", "2"]);
    let (first, second) = (served.connect(), served.connect());
    let mut third = served.connect();
    third.write_all(list(&served).as_bytes()).unwrap();
    assert_eq!(heard(&mut third, Duration::from_secs(1)), (String::new(), false));
    drop(first);
    assert!(heard(&mut third, Duration::from_secs(5)).0.starts_with("HTTP/1.1 200"));
    drop(second);
    for count in ["0", "x", "100001"] {
        served.certgate(&["serve", "--max-connections", count]).exits(2);
    }
}

#[test]
fn one_address_has_no_more_connections_than_it_may() {
    let served = Served::with(&["--max-connections-per-address", "2"]);
    let asked = || {
        let mut stream = served.connect();
        // What is closed at once may not take it.
        let _ = stream.write_all(list(&served).as_bytes());
        heard(&mut stream, Duration::from_secs(5)).0
    };
    // What was open before may take a while to end, and so may what is dropped.
    let in_the_end = |is_due: fn(&str) -> bool| (0..50).any(|_| is_due(&asked()));
    let (first, second) = (served.connect(), served.connect());
    assert!(in_the_end(str::is_empty));
    drop((first, second));
    assert!(in_the_end(|text| text.starts_with("HTTP/1.1 200")));
    assert!(served.ended().contains("2 connections from this address are open"));
}

#[test]
fn what_is_no_request_is_told_in_the_log() {
    let served = Served::new();
    assert!(served.exchange("nonsense\r\n\r\n").starts_with("HTTP/1.1 400"));
    let log = served.ended();
    assert!(log.contains(r#""event":"request-unreadable","message":"127.0.0.1:"#), "{log}");
}

#[test]
fn who_is_slow_is_not_waited_for() {
    let served = Served::new();
    let head = format!(
        "{}Host: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n",
        served.head(&format!("POST {LIST} HTTP/1.1"))
    );
    // What is sent, what comes byte by byte behind it, what the answer begins with, and within how many seconds.
    let line = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(200));
    let body = " ".repeat(200);
    let cases =
        [("", "", "", 10), ("", line.as_str(), "", 10), (head.as_str(), body.as_str(), "HTTP/1.1 400", 30)];
    thread::scope(|scope| {
        for (sent, slow, due, secs) in cases {
            let served = &served;
            scope.spawn(move || {
                let start = now();
                let mut stream = served.connect();
                stream.write_all(sent.as_bytes()).unwrap();
                let (mut answer, mut rest) = (String::new(), slow.bytes());
                loop {
                    if let Some(byte) = rest.next() {
                        let _ = stream.write_all(&[byte]);
                    }
                    let (text, is_end) = heard(&mut stream, Duration::from_millis(300));
                    answer.push_str(&text);
                    if is_end {
                        break;
                    }
                    assert!(start.elapsed().as_secs() < secs + 20, "{slow}: {answer}");
                }
                let taken = start.elapsed().as_secs();
                assert!((secs - 1..secs + 8).contains(&taken), "{slow}: {taken} s: {answer}");
                assert!(answer.starts_with(due), "{answer}");
            });
        }
    });
    served.get(LIST).is(200);
}

#[test]
fn requests_in_a_row_are_answered_in_their_order() {
    let served = Served::new();
    let other = format!("{}Host: x\r\nConnection: close\r\n\r\n", served.head("GET /none HTTP/1.1"));
    let answer = served.exchange(format!("{}{}{other}", list(&served), list(&served)));
    let statuses: Vec<&str> =
        answer.split("HTTP/1.1 ").skip(1).map(|answer| answer.split(' ').next().unwrap()).collect();
    assert_eq!(statuses, ["200", "200", "404"], "{answer}");
}

#[test]
fn http_2_is_not_spoken() {
    let served = Served::new();
    let answer = served.exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    let upgrade =
        "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    let answer =
        served.exchange(format!("{}Host: x\r\n{upgrade}\r\n", served.head(&format!("GET {LIST} HTTP/1.1"))));
    assert!(answer.starts_with("HTTP/1.1 200"), "an upgrade is not taken: {answer}");
}

#[test]
fn no_request_hides_behind_another_one() {
    let served = Served::new();
    let hidden = format!("DELETE {LIST}/x HTTP/1.1\r\nHost: x\r\n\r\n");
    let chunked = "Transfer-Encoding: chunked\r\n";
    for headers in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding : chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "X: y\n z: w\r\n",
        "X\0: y\r\n",
    ] {
        let head = served.head(&format!("POST {LIST} HTTP/1.1"));
        let answer = served.exchange(format!(
            "{head}Host: x\r\nContent-Type: application/json\r\n{headers}\r\n0\r\n\r\n{hidden}"
        ));
        assert!(answer.starts_with("HTTP/1.1 400"), "{headers}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
    // With both, what is chunked counts (RFC 9112, 6.3), and nothing behind it is read.
    for headers in [format!("Content-Length: 5\r\n{chunked}"), format!("{chunked}Content-Length: 5\r\n")] {
        let head = served.head(&format!("POST {LIST} HTTP/1.1"));
        let answer = served.exchange(format!(
            "{head}Host: x\r\nContent-Type: application/json\r\n{headers}\r\n0\r\n\r\n{hidden}"
        ));
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("connection: close"),
            "{headers}: {answer}"
        );
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{headers}: {answer}");
    }
    let old = served.exchange(format!("POST {LIST} HTTP/1.0\r\n{chunked}\r\n0\r\n\r\n{hidden}"));
    assert!(old.starts_with("HTTP/1.1 400") || old.starts_with("HTTP/1.0 400"), "{old}");
    served.get(LIST).is(200);
}

#[test]
fn headers_have_limits() {
    let served = Served::new();
    let with = |headers: &str| {
        served.exchange(format!(
            "{}Host: x\r\nConnection: close\r\n{headers}\r\n",
            served.head(&format!("GET {LIST} HTTP/1.1"))
        ))
    };
    assert!(with(&format!("X: {}\r\n", "x".repeat(24_000))).starts_with("HTTP/1.1 200"));
    // What is closed before all was sent is not always heard.
    let long = with(&format!("X: {}\r\n", "x".repeat(33_000)));
    assert!(long.is_empty() || long.starts_with("HTTP/1.1 431"), "{long}");
    assert!(with(&"X: x\r\n".repeat(90)).starts_with("HTTP/1.1 200"));
    assert!(with(&"X: x\r\n".repeat(110)).starts_with("HTTP/1.1 431"));
}

#[test]
fn a_request_that_is_open_at_the_end_is_answered_and_no_other_is_accepted() {
    let served = Served::new();
    let mut stream = served.connect();
    let head = served.head("POST /ssh_certificate_authorities HTTP/1.1");
    let length = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{";
    stream.write_all(format!("{head}{length}").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(500));
    served.signal("TERM");
    thread::sleep(Duration::from_millis(500));
    assert!(TcpStream::connect(served.address()).is_err(), "nobody listens any more");
    stream.write_all(b"}").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    served.waited();
}

#[test]
fn who_never_ends_is_not_waited_for_at_the_end() {
    let served = Served::new();
    let mut stream = served.connect();
    let head = served.head("POST /ssh_certificate_authorities HTTP/1.1");
    let length = "Host: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{";
    stream.write_all(format!("{head}{length}").as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    let start = now();
    served.ended();
    assert!((9..14).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}
