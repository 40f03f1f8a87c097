//! The server itself, asked by hand: what it answers is what the other tests rely on.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{API_KEY, ApiServer, Fault, Script, fixtures};

/// A response: its status, and all after the status line.
struct Response {
    status: u16,
    text: String,
}

impl Response {
    fn body(&self) -> &str {
        self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body)
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(self.body()).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

/// Sends a request with these lines of the head, and reads to the end of the connection.
fn ask_with(server: &ApiServer, line: &str, headers: &[&str], body: &str) -> Response {
    let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).unwrap();
    let mut request = format!("{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    headers.iter().for_each(|header| request.push_str(&format!("{header}\r\n")));
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    // It may be cut.
    let _ = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).map_or(0, |status| status.parse().unwrap());
    Response { status, text }
}

fn ask(server: &ApiServer, line: &str, body: &str) -> Response {
    let authorization = format!("Authorization: Bearer {API_KEY}");
    let headers = [authorization.as_str(), "Ngrok-Version: 2", "Content-Type: application/json"];
    ask_with(server, line, &headers, body)
}

fn server() -> ApiServer {
    let server = ApiServer::start();
    server.expect_odd_requests();
    server
}

fn upload(stem: &str) -> Value {
    let read = |extension| std::fs::read_to_string(fixtures().join(format!("{stem}.{extension}"))).unwrap();
    json!({ "certificate_pem": read("pem"), "private_key_pem": read("key") })
}

#[test]
fn who_is_not_let_in_is_told_why() {
    let server = server();
    let get = "GET /tls_certificates";
    let code = |headers: &[&str]| {
        let response = ask_with(&server, get, headers, "");
        (response.status, response.json()["error_code"].as_str().unwrap().to_owned())
    };
    let refused = |status: u16, number: u16| (status, format!("ERR_NGROK_{number}"));
    let good = format!("Authorization: Bearer {API_KEY}");
    let unknown = format!("Authorization: Bearer {}", API_KEY.replace("Never", "Other"));
    assert_eq!(code(&[]), refused(403, 200));
    assert_eq!(code(&["Authorization: Digest x"]), refused(403, 201));
    assert_eq!(code(&["Authorization: Bearer x"]), refused(403, 202));
    assert_eq!(code(&["Authorization: Bearer ak_2rwwl4Y81Rw2C9CbleWWfl7v3Js"]), refused(403, 208));
    assert_eq!(code(&[&unknown]), refused(403, 203));
    assert_eq!(code(&[&good]), refused(400, 218));
    assert_eq!(code(&[&good, "Ngrok-Version: 1"]), refused(400, 217));
}

#[test]
fn queries_bodies_and_paths_are_looked_at() {
    let server = server();
    let code = |line: &str, body: &str| {
        let response = ask(&server, line, body);
        (response.status, response.json()["error_code"].as_str().unwrap_or("none").to_owned())
    };
    for (line, body, status, expected) in [
        ("GET /tls_certificates?limit=%zz", "", 400, "ERR_NGROK_230"),
        ("GET /ssh_host_certificates?filter=x", "", 400, "ERR_NGROK_231"),
        ("GET /tls_certificates?limit=1&limit=2", "", 400, "ERR_NGROK_232"),
        ("GET /tls_certificates?limit=101", "", 400, "ERR_NGROK_233"),
        ("GET /tls_certificates?limit=many", "", 400, "ERR_NGROK_244"),
        ("GET /tls_certificates?before_id=shcrt_x", "", 400, "ERR_NGROK_227"),
        ("GET /tls_certificates?filter=what", "", 400, "ERR_NGROK_250"),
        ("GET /tls_certificates", "{}", 400, "ERR_NGROK_211"),
        ("POST /tls_certificates", "no", 400, "ERR_NGROK_213"),
        ("POST /tls_certificates", "[]", 400, "ERR_NGROK_213"),
        ("POST /tls_certificates", r#"{"certificate":""}"#, 400, "ERR_NGROK_214"),
        ("POST /tls_certificates", r#"{"certificate_pem":1}"#, 400, "ERR_NGROK_215"),
        ("POST /tls_certificates", "{}", 400, "ERR_NGROK_1922"),
        ("POST /ssh_host_certificates", "{}", 400, "ERR_NGROK_227"),
        ("POST /ssh_certificate_authorities", r#"{"key_size":1024}"#, 400, "ERR_NGROK_1939"),
        ("GET /tls_certificates/x", "", 404, "ERR_NGROK_222"),
        ("GET /tls_certificates/cert_2rwwl4Y81Rw2C9CbleWWfl7v3Js", "", 404, "none"),
        ("PUT /tls_certificates", "", 404, "none"),
    ] {
        assert_eq!(code(line, body), (status, expected.to_owned()), "{line} {body}");
    }
    assert_eq!(ask(&server, "GET /x/y", "").json()["details"]["path"], "/x/y");
}

#[test]
fn what_is_created_is_held_changed_and_taken_away() {
    let server = server();
    let body = upload("seed/example.com").to_string();
    let created = ask(&server, "POST /tls_certificates", &body);
    assert_eq!(created.status, 201, "{}", created.text);
    let path = format!("/tls_certificates/{}", created.json()["id"].as_str().unwrap());
    let mut published: Value =
        serde_json::from_slice(&std::fs::read(fixtures().join("seed/response.json")).unwrap()).unwrap();
    for field in ["id", "uri", "created_at"] {
        published[field] = created.json()[field].clone();
    }
    assert_eq!(created.json(), published);
    assert!(created.body().starts_with(r#"{"id":"cert_"#) && !created.body().contains("PRIVATE KEY"));
    let changed = ask(&server, &format!("PATCH {path}"), r#"{"id":"x","metadata":"m","description":null}"#);
    assert_eq!(changed.json()["metadata"], "m");
    assert_eq!(ask(&server, &format!("PATCH {path}"), r#"{"metadata":""}"#).json().get("metadata"), None);
    assert_eq!(ask(&server, &format!("GET {path}"), "").json(), created.json());
    assert_eq!(ask(&server, &format!("DELETE {path}"), "").status, 204);
    assert_eq!(ask(&server, &format!("GET {path}"), "").status, 404);
    assert_eq!(server.requests_of("PATCH").len(), 2);
}

#[test]
fn host_certificates_are_signed_and_their_authority_is_kept() {
    let server = server();
    let authority = server.ssh_authority();
    let key = std::fs::read_to_string(fixtures().join("ssh/ecdsa-p256.pub")).unwrap();
    let key = key.lines().last().unwrap();
    let body = json!({
        "ssh_certificate_authority_id": authority, "public_key": key, "principals": ["b.example", "192.0.2.1"],
        "valid_after": "2026-10-31T23:59:00-01:00",
    });
    let created = ask(&server, "POST /ssh_host_certificates", &body.to_string()).json();
    assert_eq!(created["valid_after"], "2026-11-01T00:59:00Z");
    assert_eq!(created["valid_until"], "2027-11-01T00:59:00Z");
    assert_eq!(created["public_key"], key);
    let certificate = created["certificate"].as_str().unwrap();
    assert!(certificate.ends_with(&format!(" {}", created["id"].as_str().unwrap())));
    certgate_report::ssh::reply::certificate(created.to_string().as_bytes()).unwrap();
    let refused = ask(&server, &format!("DELETE /ssh_certificate_authorities/{authority}"), "");
    assert_eq!(refused.json()["error_code"], "ERR_NGROK_1964");
    let unknown = body.to_string().replace(&authority, "sshca_2rwwl4Y81Rw2C9CbleWWfl7v3Js");
    let refused = ask(&server, "POST /ssh_host_certificates", &unknown);
    assert_eq!(refused.json()["error_code"], "ERR_NGROK_1949");
}

#[test]
fn pages_are_newest_first_and_name_the_next_one() {
    let server = server();
    let ids: Vec<String> = (0..5)
        .map(|number| server.hold("tls_certificates", json!({ "metadata": number.to_string() })))
        .collect();
    let (mut seen, mut next) = (Vec::new(), format!("{}/tls_certificates?limit=2", server.url()));
    while let Some(target) = next.strip_prefix(&server.url()) {
        let page = ask(&server, &format!("GET {target}"), "").json();
        assert_eq!(page["uri"], format!("{}/tls_certificates", server.url()));
        let of_page = page["tls_certificates"].as_array().unwrap().clone();
        seen.extend(of_page.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        next = page["next_page_uri"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(seen, ids.into_iter().rev().collect::<Vec<_>>());
    assert_eq!(server.requests().len(), 3);
    let one = ask(&server, "GET /tls_certificates?filter=obj.metadata+%3D%3D+%223%22", "").json();
    assert_eq!(one["tls_certificates"].as_array().unwrap().len(), 1);
}

#[test]
fn scripts_make_requests_go_wrong() {
    let server = server();
    let id = server.hold("tls_certificates", json!({}));
    let get = format!("GET /tls_certificates/{id}");
    server.script(Script::on("GET", Fault::problem(503, 1501, "later").with("Retry-After", "1")).after(1));
    assert_eq!(ask(&server, &get, "").status, 200);
    let failed = ask(&server, &get, "");
    assert!(failed.status == 503 && failed.text.contains("Retry-After: 1"), "{}", failed.text);
    for (fault, status, length) in [
        (Fault::CutsRequestAfter(0), 0, 0),
        (Fault::CutsRequestAfter(50), 0, 0),
        (Fault::DropsRequest, 0, 0),
        (Fault::CutsReplyAfter(30), 200, 30),
    ] {
        server.script(Script::on(&get, fault.clone()));
        let response = ask(&server, &get, "");
        assert_eq!((response.status, response.text.len()), (status, length), "{fault:?}");
    }
    server.script(Script::on("DELETE", Fault::ActsAndFails));
    assert_eq!(ask(&server, &get.replace("GET", "DELETE"), "").status, 502);
    assert!(server.held("tls_certificates").is_empty());
    server.script(Script::on("", Fault::EchoesKey));
    assert!(ask(&server, &get, "").body().contains(API_KEY));
    server.script(Script::on("", Fault::Redirects("http://127.0.0.1:1/".to_owned())));
    assert_eq!(ask(&server, &get, "").status, 307);
    assert_eq!(server.scripts_left(), 0);
}

#[test]
fn more_requests_than_allowed_meet_429_until_the_window_has_passed() {
    let server = server();
    server.allow(2, Duration::from_millis(300));
    server.say_when_to_retry("1");
    let list = || ask(&server, "GET /tls_certificates", "");
    assert_eq!([list().status, list().status], [200, 200]);
    let refused = list();
    assert_eq!((refused.status, refused.json()["error_code"].as_str()), (429, Some("ERR_NGROK_226")));
    assert!(refused.text.contains("Retry-After: 1\r\n"), "{}", refused.text);
    std::thread::sleep(Duration::from_millis(310));
    assert_eq!(list().status, 200);
}

#[test]
fn answers_come_late_in_pieces_or_broken_where_a_script_says_so() {
    let server = server();
    server.hold("tls_certificates", json!({}));
    server.hold("tls_certificates", json!({}));
    let list = "GET /tls_certificates?limit=1";
    let whole = ask(&server, list, "").json();
    for fault in [Fault::Waits(Duration::from_millis(20)), Fault::Drips(Duration::from_micros(10))] {
        server.script(Script::on(list, fault).times(2));
        assert_eq!(
            [ask(&server, list, "").json(), ask(&server, list, "").json()],
            [whole.clone(), whole.clone()]
        );
    }
    server.script(Script::on("GET", Fault::TruncatesJson));
    let truncated = ask(&server, list, "");
    assert!(whole.to_string().len() > truncated.body().len() && truncated.status == 200);
    server.script(Script::on("GET", Fault::CallsItself("text/html")));
    assert!(ask(&server, list, "").text.contains("Content-Type: text/html\r\n"));
    server.script(Script::on("GET", Fault::PagesOn("http://192.0.2.1".to_owned())));
    let next = ask(&server, list, "").json()["next_page_uri"].as_str().unwrap().to_owned();
    assert!(next.starts_with("http://192.0.2.1/tls_certificates?before_id=cert_"), "{next}");
    server.script(Script::on("", Fault::gateway(502)).always());
    assert_eq!([ask(&server, list, "").status, ask(&server, "GET /x", "").status], [502, 502]);
    assert_eq!(server.scripts_left(), 1);
    let statuses: Vec<_> = server.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 200, 200, 502, 502]);
}
