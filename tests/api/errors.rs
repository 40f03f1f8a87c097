//! Everything that can go wrong on the way: what is said, and the exit code. Each kind has a test of its own, for those that
//! are tried again take a while.

use serde_json::json;

use super::{UPLOAD, api, create, create_host, seen, server};
use crate::harness::{API_KEY, ApiServer, Certgate, Fault, Script};

/// Exit code and what is said, without the pauses, whose length is up to chance.
#[track_caller]
fn said(server: &ApiServer, run: Certgate) -> String {
    let run = run.run();
    assert_eq!(run.stdout, "");
    assert!(!run.stderr.contains(API_KEY), "{}", run.stderr);
    let lines: Vec<&str> = run.stderr.lines().filter(|line| !line.starts_with("waiting ")).collect();
    seen(server, &format!("exit {}\n{}", run.code, lines.join("\n")))
}

fn list(server: &ApiServer) -> Certgate {
    api(server, "tls-certificates list")
}

/// What is said of a list that always meets this fault.
#[track_caller]
fn of_list(fault: Fault) -> String {
    let server = server();
    server.script(Script::on("", fault).always());
    said(&server, list(&server))
}

#[test]
fn refusals_say_the_code_and_the_operation_and_where_more_is_known() {
    let server = server();
    let upload = || create(&server, "tls-certificates").arguments(UPLOAD);
    let mut told = Vec::new();
    for (status, code) in [(400, 1904), (400, 1923), (403, 203), (403, 635), (400, 9999)] {
        server.script(Script::on("POST", Fault::problem(status, code, "the words of the API.")));
        told.push(said(&server, upload()));
    }
    let unknown = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS";
    told.push(said(&server, create_host(&server, unknown).arguments(["--principals", "a.example.com"])));
    insta::assert_snapshot!(told.join("\n\n"), @"
    exit 1
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the API answered 400 ERR_NGROK_1904: the words of the API (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)
    hint: ERR_NGROK_1904: the plan of the account does not include certificates of one's own

    exit 1
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the API answered 400 ERR_NGROK_1923: the words of the API (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)
    hint: `certgate explain key-does-not-match-leaf` says more

    exit 1
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the API answered 403 ERR_NGROK_203: the words of the API (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)
    hint: ERR_NGROK_203: the token has the shape of an API key, but is none that is valid

    exit 1
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the API answered 403 ERR_NGROK_635: the words of the API (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)
    hint: ERR_NGROK_635: the owner of the API key may read but not write

    exit 1
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the API answered 400 ERR_NGROK_9999: the words of the API (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)

    exit 1
    error: POST /ssh_host_certificates: the API answered 400 ERR_NGROK_1949: SSH authority 'sshca_2rwwl5w69mehWeDVlbshgAxOzQS' does not exist (operation op_3LTw7k6IyuNbmSJtCxuKyMrU2MP)
    hint: ERR_NGROK_1949: the SSH authority to sign a host certificate does not exist
    ");
}

#[test]
fn what_is_not_there_is_said_not_to_be() {
    let server = server();
    let get = |words: &str| said(&server, api(&server, words));
    insta::assert_snapshot!(get("tls-certificates get cert_2rwwl6y1UCOM1WjSQhSj2VPegVh"), @"
    exit 1
    error: GET /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh: the API answered 404: Resource not found (operation op_3LTw7k6IyuNbmSJtCxuKyMrU2MP)
    hint: it was deleted, or belongs to another account
    ");
    insta::assert_snapshot!(get("tls-certificates delete cert_2rwwl6y1UCOM1WjSQhSj2VPegVh --yes"), @"
    exit 1
    error: DELETE /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh: the API answered 404: Resource not found (operation op_3LTw7k6IyuNbmSJtQY5jS4nSv4U)
    hint: it was deleted, or belongs to another account
    ");
    insta::assert_snapshot!(get("ssh-host-certificates get cert_2rwwl6y1UCOM1WjSQhSj2VPegVh"), @"
    exit 2
    error: `cert_2rwwl6y1UCOM1WjSQhSj2VPegVh` names no SSH host certificate: an id of this kind begins with `shcrt_`
    hint: `certgate api ssh-host-certificates list` shows ids
    ");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_authority_with_certificates_is_not_deleted() {
    let server = server();
    let authority = server.ssh_authority();
    server.hold("ssh_host_certificates", json!({ "ssh_certificate_authority_id": authority }));
    let run = api(&server, &format!("ssh-certificate-authorities delete {authority} --yes"));
    insta::assert_snapshot!(said(&server, run), @"
    exit 1
    error: DELETE /ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP: the API answered 400 ERR_NGROK_1964: 'sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP' still has certificates (operation op_3LTw7k6IyuNbmSJu06xPVnpc5Kp)
    hint: ERR_NGROK_1964: the SSH authority still has certificates and cannot be deleted
    ");
}

#[test]
fn a_server_that_fails_is_asked_again_until_it_is_enough() {
    insta::assert_snapshot!(of_list(Fault::problem(503, 1501, "back soon")), @"
    exit 2
    error: GET /tls_certificates: the API answered 503 ERR_NGROK_1501: back soon (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js) (4 attempts)
    hint: ERR_NGROK_1501: the API is under maintenance
    ");
    insta::assert_snapshot!(of_list(Fault::gateway(502)), @"
    exit 2
    error: GET /tls_certificates: the API answered 502 (4 attempts)
    ");
}

#[test]
fn answers_that_cannot_be_read_are_said_to_be_that() {
    insta::assert_snapshot!(of_list(Fault::TruncatesJson), @"
    exit 2
    error: GET /tls_certificates: the answer 200 cannot be read: EOF while parsing a string at line 1 column 46 (4 attempts)
    ");
    insta::assert_snapshot!(of_list(Fault::CutsReplyAfter(120)), @"
    exit 2
    error: GET /tls_certificates: the connection broke: connection closed before message completed (4 attempts)
    ");
    insta::assert_snapshot!(of_list(Fault::CallsItself("text/html")), @"
    exit 2
    error: GET /tls_certificates: the answer 200 is text/html, and no JSON: is this the address of the API?
    ");
}

#[test]
fn a_wait_that_is_too_long_is_left_to_people() {
    let limited = Fault::problem(429, 226, "limited").with("Retry-After", "3600");
    insta::assert_snapshot!(of_list(limited), @"
    exit 2
    error: GET /tls_certificates: the API answered 429 ERR_NGROK_226: limited; it asks to wait for 3600 seconds (operation op_2rwwl4Y81Rw2C9CbleWWfl7v3Js)
    hint: ERR_NGROK_226: the account has made too many requests within a minute
    ");
}

#[test]
fn a_redirection_is_not_followed_and_the_key_does_not_go_there() {
    let (other, server) = (server(), server());
    server.script(Script::on("", Fault::Redirects(format!("{}/tls_certificates", other.url()))).always());
    insta::assert_snapshot!(said(&server, list(&server)), @"
    exit 2
    error: GET /tls_certificates: the answer 307 leads elsewhere, where the key must not go: give the address of the API itself
    ");
    insta::assert_snapshot!(said(&server, create(&server, "tls-certificates").arguments(UPLOAD)), @"
    exit 2
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    error: POST /tls_certificates: the answer 307 leads elsewhere, where the key must not go: give the address of the API itself
    ");
    assert!(other.requests().is_empty());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_page_at_another_address_is_not_asked_for() {
    let (other, server) = (server(), server());
    for _ in 0..2 {
        server.hold("ssh_certificate_authorities", json!({ "key_type": "rsa" }));
    }
    server.script(Script::on("", Fault::PagesOn(other.url())));
    let run = api(&server, "ssh-certificate-authorities list --limit 1");
    insta::assert_snapshot!(said(&server, run), @"
    exit 2
    error: GET /ssh_certificate_authorities: the next page is said to be at another address, where the key must not go
    ");
    assert!(other.requests().is_empty());
}

#[test]
fn a_server_that_is_not_there_is_said_not_to_be() {
    let server = server();
    let gone = ApiServer::start();
    let address = gone.url();
    drop(gone);
    let run = list(&server).arguments(["--api-url", &address]);
    let said = said(&server, run).replace(&address, "http://GONE");
    insta::assert_snapshot!(said, @"
    exit 2
    error: GET /tls_certificates: no connection: Connection refused (os error 111) (4 attempts)
    ");
}

#[test]
fn nothing_is_sent_to_what_does_not_speak_tls_where_that_is_due() {
    let server = server();
    let address = server.url().replace("http://", "https://");
    server.expect_odd_requests();
    let run = list(&server).arguments(["--api-url", &address]).exits(2);
    assert!(run.stderr.contains("error: GET /tls_certificates: no connection: "), "{}", run.stderr);
    assert!(server.requests().is_empty());
}

#[test]
fn a_creation_whose_answer_got_lost_is_found_and_not_repeated() {
    for fault in [Fault::CutsReplyAfter(0), Fault::ActsAndFails, Fault::CutsReplyAfter(200)] {
        let server = server();
        server.script(Script::on("POST", fault.clone()));
        let run = create(&server, "tls-certificates").arguments(UPLOAD).exits(0);
        let held = server.held("tls_certificates");
        assert_eq!(held.len(), 1, "{fault:?}");
        assert!(run.stdout.contains(held[0]["id"].as_str().unwrap()), "{fault:?}: {run:?}");
        assert_eq!(server.requests_of("POST").len(), 1, "{fault:?}");
        assert!(run.stderr.contains("waiting 1s: the answer got lost"), "{fault:?}: {run:?}");
    }
}
