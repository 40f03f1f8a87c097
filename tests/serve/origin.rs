//! Where answers say that they are.

use crate::harness::Served;

const LIST: &str = "/tls_certificates";

/// The `uri` in the answer to a request that is written out.
#[track_caller]
fn uri(served: &Served, line: &str, headers: &str) -> String {
    let answer = served.exchange(format!("{}{headers}Connection: close\r\n\r\n", served.head(line)));
    let uri = answer.split_once("\"uri\":\"").unwrap_or_else(|| panic!("{answer}")).1;
    uri.split('"').next().unwrap().to_owned()
}

#[test]
fn answers_are_where_the_request_was_sent_whatever_proxies_say() {
    let served = Served::new();
    let list = format!("GET {LIST} HTTP/1.1");
    assert_eq!(uri(&served, &list, "Host: a.example:81\r\n"), format!("http://a.example:81{LIST}"));
    let forwarded = "Host: a.example\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n\
                     Forwarded: host=evil.example;proto=https\r\n";
    assert_eq!(uri(&served, &list, forwarded), format!("http://a.example{LIST}"));
}

#[test]
fn a_target_that_says_where_it_is_outranks_the_header() {
    let served = Served::new();
    let line = format!("GET http://b.example:82{LIST} HTTP/1.1");
    assert_eq!(uri(&served, &line, "Host: a.example\r\n"), format!("http://b.example:82{LIST}"));
    let line = format!("GET http://b.example{LIST} HTTP/1.0");
    assert_eq!(uri(&served, &line, ""), format!("http://b.example{LIST}"));
}

#[test]
fn several_hosts_are_refused() {
    let served = Served::new();
    let head = served.head(&format!("GET {LIST} HTTP/1.1"));
    let answer = served.exchange(format!("{head}Host: a\r\nHost: b\r\nConnection: close\r\n\r\n"));
    assert!(answer.contains("ERR_NGROK_213"), "{answer}");
}

#[test]
fn behind_a_proxy_answers_are_where_the_proxy_is() {
    let served = Served::with(&["--public-url", "https://API.example"]);
    let list = format!("GET {LIST} HTTP/1.1");
    for host in ["Host: inside:4180\r\n", "Host: evil.example\r\n"] {
        assert_eq!(uri(&served, &list, host), format!("https://api.example{LIST}"));
    }
    let old = format!("GET {LIST} HTTP/1.0");
    assert_eq!(uri(&served, &old, ""), format!("https://api.example{LIST}"));
    served.authority();
    served.authority();
    let page = served.get("/ssh_certificate_authorities?limit=1").is(200).json();
    let next = page["next_page_uri"].as_str().unwrap();
    assert!(next.starts_with("https://api.example/ssh_certificate_authorities?before_id="), "{next}");
}

#[test]
fn a_public_url_with_a_path_or_without_a_host_is_exit_code_2() {
    let served = Served::new();
    for url in ["api.example", "https://api.example/v1", "https://", "ftp://api.example", "https://u:p@a"] {
        let run = served.certgate(&["serve", "--public-url", url]).exits(2);
        assert!(run.stderr.contains("--public-url"), "{}", run.stderr);
    }
}
