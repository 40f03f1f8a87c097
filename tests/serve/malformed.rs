//! What nobody should send: no answer says that the server failed, none stays away, and every one has the shape of its kind.
//!
//! Seeded, so that a run can be had again; `CERTGATE_MALFORMED` is the number of requests, where more are wanted.

mod request;
mod seeded;
mod slow;

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::time::Duration;

use certgate_api::Route;
use serde_json::Value;

use self::request::Request;
use self::seeded::Seeded;
use super::endpoints::{COLLECTIONS, Collection, create};
use super::now;
use crate::harness::Served;

/// Requests that are sent where nothing else is said.
const REQUESTS: u64 = 10_000;
/// An answer that takes longer stays away.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(20);

#[expect(clippy::disallowed_methods, reason = "more is tried where there is time")]
fn requests() -> u64 {
    std::env::var("CERTGATE_MALFORMED").map_or(REQUESTS, |text| text.parse().expect("a number of requests"))
}

/// Sends bytes, and gives what comes back until the server ends the connection. What is cut ends there.
fn exchange(served: &Served, bytes: &[u8], is_cut: bool) -> Vec<u8> {
    let mut stream = served.connect();
    stream.set_read_timeout(Some(ANSWER_TIME_MAX)).unwrap();
    // A server that refuses before it has read all closes the connection.
    let _ = stream.write_all(bytes);
    if is_cut {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let (mut answer, started) = (Vec::new(), now());
    let _ = stream.read_to_end(&mut answer);
    assert!(started.elapsed() < ANSWER_TIME_MAX, "no end: {}", shown(bytes));
    answer
}

fn shown(bytes: &[u8]) -> String {
    bytes[..bytes.len().min(800)].escape_ascii().to_string()
}

/// What is wrong with an answer.
fn fault(answer: &[u8]) -> Option<String> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        // What is no HTTP is refused by closing the connection at most.
        return Some("there is none".to_owned());
    };
    let (head, body) = (String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase(), &answer[end + 4..]);
    let status: u16 = head.split(' ').nth(1)?.parse().ok()?;
    if !(200..500).contains(&status) {
        return Some(format!("its status is {status}"));
    }
    if !head.contains("\r\nngrok-operation-id: op_") {
        // Refused for its form alone: it is no request that the API could be asked.
        return (status < 400 || !body.is_empty()).then(|| "it has no operation".to_owned());
    }
    if status == 204 {
        return (!body.is_empty()).then(|| "it has a body".to_owned());
    }
    let Ok(json) = serde_json::from_slice::<Value>(body) else { return Some("it is no JSON".to_owned()) };
    let is_problem = json["status_code"] == status
        && json["msg"].as_str().is_some_and(|text| !text.is_empty())
        && json["details"].is_object()
        && (json["error_code"].is_null() == (status == 404) || json["error_code"] == "ERR_NGROK_222")
        && json.as_object().is_some_and(|fields| (3..=4).contains(&fields.len()));
    (status >= 400 && !is_problem).then(|| "it is no problem".to_owned())
}

fn routes(served: &Served) -> Vec<(Route, &'static Collection, Value)> {
    let of = |collection: &'static Collection| {
        let body = create(served, collection);
        let routes = Route::all().filter(|route| route.collection.name == collection.name);
        routes.map(move |route| (route, collection, body.clone())).collect::<Vec<_>>()
    };
    COLLECTIONS.iter().flat_map(of).collect()
}

#[test]
fn whatever_is_sent_is_answered_in_the_shape_of_answers_and_breaks_nothing() {
    let served = Served::new();
    let routes = routes(&served);
    let ids: Vec<String> = COLLECTIONS
        .iter()
        .map(|collection| {
            let created =
                served.post(&format!("/{}", collection.name), &create(&served, collection)).is(201).json();
            created["id"].as_str().unwrap().to_owned()
        })
        .collect();
    let (mut faults, mut refused, mut done) = (Vec::new(), 0, 0);
    for seed in 0..requests() {
        let mut seeded = Seeded::new(seed);
        let (route, collection, body) = &routes[seeded.below(routes.len())];
        let id = ids.iter().find(|id| id.split('_').next() == Some(collection.prefix)).unwrap();
        let request = Request::sound(&served, *route, id, body).spoiled(&mut seeded);
        let bytes = request.bytes();
        let answer = exchange(&served, &bytes, request.is_cut());
        match answer.get(9) {
            Some(b'2') => done += 1,
            _ => refused += 1,
        }
        // Who hangs up in the middle may be told nothing.
        let is_untold = request.is_cut() && answer.is_empty();
        if let Some(fault) = fault(&answer).filter(|_| !is_untold) {
            faults.push(format!("seed {seed}: {fault}:\n{}\n{}", shown(&bytes), shown(&answer)));
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults: {}",
        faults.len(),
        faults.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n")
    );
    assert!(done > 20 && refused > 20, "{done} done, {refused} refused: nothing is tried");
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
    let log = served.ended();
    assert!(!log.contains("panicked"), "{log}");
    let failed: Vec<&str> =
        log.lines().filter(|line| line.contains("\"fault\"") || !line.starts_with('{')).collect();
    assert_eq!(failed, Vec::<&str>::new());
}

#[test]
fn the_body_of_a_refused_request_is_never_taken_for_a_request() {
    let served = Served::new();
    let hidden = format!(
        "DELETE /x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nNgrok-Version: 2\r\n\r\n",
        served.key
    );
    let head = |more: &str| format!("POST /tls_certificates HTTP/1.1\r\nHost: x\r\n{more}");
    let length = format!("Content-Length: {}\r\n\r\n{hidden}", hidden.len());
    let chunked = format!("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{hidden}\r\n0\r\n\r\n", hidden.len());
    let both = format!("Content-Length: 5\r\n{chunked}");
    let last = "GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    for body in [length, chunked, both] {
        let answers = exchange(&served, format!("{}{last}", head(&body)).as_bytes(), false);
        let answers = String::from_utf8(answers).unwrap();
        // Refused for want of a key; what comes after it is answered, or the connection ends.
        assert!(answers.starts_with("HTTP/1.1 403") || answers.starts_with("HTTP/1.1 400"), "{answers}");
        assert!(!answers.contains("404"), "{answers}");
    }
}
