//! What is wrong with a request whatever it asks for: who asks, which version, which query, what comes with it.

use serde_json::json;

use crate::harness::Served;

const LIST: &str = "/tls_certificates";

#[test]
fn a_request_without_a_key_that_is_known_is_refused() {
    let served = Served::new();
    let with = |authorization: &str| {
        let asked = served.ask("GET", LIST).without("Authorization");
        asked.header(&format!("Authorization: {authorization}")).answer()
    };
    served.ask("GET", LIST).without("Authorization").answer().refuses(403, 200);
    for unreadable in ["x", "Digest x", "Basic YQ==", "Bearer"] {
        with(unreadable).refuses(403, 201);
    }
    let shaped = "2rwwl6y1UCOM1WjSQhSj2VPegVh_3NzaC1lZDI1NTE5AAAAI";
    for (token, code) in [
        ("notarealtoken", 202),
        ("2rwwl6y1UCOM1WjSQhSj2VPegVh", 202),
        ("ak_2rwwl6y1UCOM1WjSQhSj2VPegVh", 208),
        (shaped, 203),
    ] {
        let answer = with(&format!("Bearer {token}")).refuses(403, code);
        assert!(!answer.body.contains(token), "the token is not repeated: {answer:?}");
        assert_eq!(answer.header("www-authenticate"), None);
    }
    with(&format!("bearer  {}", served.key)).is(200);
    let second = format!("Authorization: Bearer {}", served.key);
    served.ask("GET", LIST).header(&second).answer().refuses(403, 201);
}

#[test]
fn a_request_of_another_version_is_refused() {
    let served = Served::new();
    served.ask("GET", LIST).without("Ngrok-Version").answer().refuses(400, 218);
    for version in ["0", "1", "3", "two", "2.0"] {
        let asked =
            served.ask("GET", LIST).without("Ngrok-Version").header(&format!("Ngrok-Version: {version}"));
        asked.answer().refuses(400, 217);
    }
    served.ask("GET", LIST).header("Ngrok-Version: 2").answer().refuses(400, 217);
}

#[test]
fn the_first_thing_that_is_wrong_is_the_answer() {
    let served = Served::new();
    // Key, then version, then query, then content type, then body, then fields, then meaning.
    let wrong = served.ask_bare("POST", "/tls_certificates?x=1").body("{");
    wrong.answer().refuses(403, 200);
    let key = format!("Authorization: Bearer {}", served.key);
    served.ask_bare("POST", "/tls_certificates?x=1").header(&key).body("{").answer().refuses(400, 218);
    served.ask("POST", "/tls_certificates?x=1").body("{").answer().refuses(400, 231);
    served.ask("GET", "/tls_certificates?limit=0").body("{").answer().refuses(400, 233);
    served.ask("GET", "/tls_certificates?filter=x").body("{").answer().refuses(400, 250);
    served.ask("GET", LIST).body("{").answer().refuses(400, 211);
    served.ask("POST", LIST).body("{").answer().refuses(415, 216);
    served.ask("POST", LIST).header("Content-Type: text/plain").body("{").answer().refuses(415, 210);
    served.ask("POST", LIST).header("Content-Type: application/json").body("{").answer().refuses(400, 213);
    served.post(LIST, &json!({ "x": 1, "metadata": 1 })).refuses(400, 214);
    served.post(LIST, &json!({ "metadata": 1 })).refuses(400, 215);
    served.post(LIST, &json!({ "metadata": "x".repeat(5000) })).refuses(400, 1922);
    // An id that is not there comes after what is wrong with the body.
    let one = "/tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
    served.patch(one, &json!({ "metadata": "x".repeat(5000) })).refuses(400, 1917);
    served.patch(one, &json!({})).is(404);
}

#[test]
fn a_text_with_a_nul_character_is_refused_wherever_it_is_kept() {
    let served = Served::new();
    let authority = served.authority();
    for field in ["description", "metadata"] {
        let body = json!({ field: "a\0b" });
        served.post("/ssh_certificate_authorities", &body).refuses(400, 215);
        served.patch(&format!("/ssh_certificate_authorities/{authority}"), &body).refuses(400, 215);
    }
}

#[test]
fn an_upload_is_read_to_its_end_or_not_taken() {
    let served = Served::new();
    let file =
        |name: &str| std::fs::read_to_string(crate::harness::fixtures().join("seed").join(name)).unwrap();
    let of = |count| {
        let certificates = file("example.com.pem").repeat(count);
        json!({ "certificate_pem": certificates, "private_key_pem": file("example.com.key") })
    };
    let kept = served.post(LIST, &of(512)).is(201).json();
    assert_eq!(kept["certificate_pem"].as_str().unwrap().matches("-----BEGIN").count(), 512);
    let refused = served.post(LIST, &of(513)).refuses(400, 215);
    assert!(refused.body.contains("certificate_pem has more than 512 blocks"), "{refused:?}");
}

#[test]
fn content_types_are_looked_at_where_there_is_a_body() {
    let served = Served::new();
    let posted =
        |kind: &str| served.ask("POST", LIST).header(&format!("Content-Type: {kind}")).body("{}").answer();
    for json in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        posted(json).refuses(400, 1922);
    }
    for other in ["application/x-www-form-urlencoded", "text/json", "application/jsonx", ";"] {
        posted(other).refuses(415, 210);
    }
    served.ask("GET", LIST).header("Content-Type: application/json").answer().is(200);
    served.ask("GET", LIST).header("Content-Length: 0").answer().is(200);
    served.ask("GET", LIST).header("Content-Type: application/json").body("{}").answer().refuses(400, 211);
    let one = "/tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh";
    served.ask("DELETE", one).body("x").answer().refuses(400, 211);
}

#[test]
fn a_body_has_a_limit() {
    let served = Served::new();
    let body = |bytes: usize| json!({ "metadata": "x".repeat(bytes) });
    served.post(LIST, &body(900_000)).refuses(400, 1922);
    served.post(LIST, &body(1_100_000)).refuses(400, 212);
    // One whose length is not announced has it too.
    let chunked = served.ask("POST", LIST).header("Transfer-Encoding: chunked").json(&body(1_100_000));
    chunked.answer().refuses(400, 212);
    let chunked = served.ask("POST", LIST).header("Transfer-Encoding: chunked").json(&body(10));
    chunked.answer().refuses(400, 1922);
}

#[test]
fn more_requests_than_allowed_are_refused_for_a_while() {
    let served = Served::with(&["--rate-limit", "3"]);
    for _ in 0..3 {
        served.get(LIST).is(200);
    }
    let refused = served.get(LIST).refuses(429, 226);
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=61).contains(&wait), "{wait}");
    // Each key has its own, and a request without a key counts for nobody.
    served.ask("GET", LIST).without("Authorization").answer().refuses(403, 200);
    let other = served.another_key(&[]);
    let asked = served.ask("GET", LIST).without("Authorization");
    asked.header(&format!("Authorization: Bearer {other}")).answer().is(200);
}

#[test]
fn what_is_no_http_and_what_has_no_end_harms_nobody() {
    let served = Served::new();
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    for bytes in [&b"\x16\x03\x01\x00\xa5"[..], b"\0\0\0\0\r\n\r\n", b"GET", long.as_bytes(), &[0xff; 70_000]]
    {
        let answer = served.exchange(bytes);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    served.get(LIST).is(200);
}

#[test]
fn a_request_without_a_host_is_refused_since_no_answer_could_say_where_it_is() {
    let served = Served::new();
    let answer = served.exchange(format!("{}\r\n", served.head(&format!("GET {LIST} HTTP/1.0"))));
    assert!(answer.contains("ERR_NGROK_213"), "{answer}");
    let evil = served.ask("GET", LIST).header("Host: evil.example\"/x").answer();
    assert_eq!(evil.status, 400, "{evil:?}");
}

#[test]
fn health_is_told_without_a_key() {
    let served = Served::new();
    for path in ["/healthz", "/readyz"] {
        assert_eq!(served.ask_bare("GET", path).answer().is(200).json(), json!({ "status": "ok" }));
    }
}
