//! `certgate serve` with a certificate; OpenSSL is the witness.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::now;
use crate::harness::{Folder, Served, fixtures, openssl_says};

/// The paths of a chain and its key.
fn pair(name: &str) -> [String; 2] {
    ["pem", "key"]
        .map(|ending| fixtures().join(format!("chain/{name}.{ending}")).to_str().unwrap().to_owned())
}

fn served(name: &str) -> Served {
    let [certificate, key] = pair(name);
    Served::with(&["--tls-cert", &certificate, "--tls-key", &key])
}

/// What `openssl s_client` says of the server; nothing where there is no connection.
fn client(served: &Served, arguments: &[&str]) -> Option<String> {
    let connect = ["s_client", "-connect", served.address()];
    openssl_says(connect.iter().chain(arguments))
}

/// The serial of the certificate that is shown.
fn serial(served: &Served) -> String {
    let shown = client(served, &["-showcerts"]).unwrap();
    let begin = shown.find("-----BEGIN").unwrap();
    let end = shown.find("-----END CERTIFICATE-----").unwrap();
    let folder = Folder::new();
    folder.write("shown.pem", format!("{}-----END CERTIFICATE-----\n", &shown[begin..end]));
    serial_of(&folder.path("shown.pem"))
}

fn serial_of(path: &Path) -> String {
    openssl_says(["x509", "-noout", "-serial", "-in", path.to_str().unwrap()]).unwrap()
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_chain_is_shown_as_it_is_given_and_answers_are_at_https() {
    for name in ["p256-depth-2", "rsa-2048-depth-1", "ed25519-depth-1", "p521-depth-1"] {
        let served = served(name);
        let list = served.get("/tls_certificates").is(200).json();
        assert_eq!(list["uri"], format!("{}/tls_certificates", served.origin), "{name}");
        assert!(served.origin.starts_with("https://"));
        let shown = client(&served, &["-showcerts"]).unwrap();
        let given = fs::read_to_string(&pair(name)[0]).unwrap();
        let armors = |text: &str| text.matches("BEGIN CERTIFICATE").count();
        assert_eq!(armors(&shown), armors(&given), "{name}: {shown}");
        assert_eq!(serial(&served), serial_of(Path::new(&pair(name)[0])), "{name}");
    }
}

#[test]
fn versions_from_1_2_on_and_http_1_1_are_spoken() {
    let served = served("p256-depth-1");
    for version in ["-tls1_2", "-tls1_3"] {
        let shown = client(&served, &[version, "-alpn", "h2,http/1.1"]).unwrap();
        assert!(shown.contains("ALPN protocol: http/1.1"), "{shown}");
    }
    let old = ["-cipher", "DEFAULT@SECLEVEL=0"];
    for version in ["-tls1", "-tls1_1"] {
        assert_eq!(client(&served, &[&[version][..], &old].concat()), None, "{version}");
    }
    assert_eq!(client(&served, &["-alpn", "h2"]), None, "HTTP/2 is not spoken");
}

#[test]
fn what_the_api_would_refuse_is_not_served_and_what_is_unwise_is_told() {
    let served = Served::new();
    let ([certificate, _], [_, key]) = (pair("p256-depth-1"), pair("p384-depth-1"));
    let listen = ["serve", "--listen", "127.0.0.1:0"];
    let run = served.certgate(&listen).arguments(["--tls-cert", &certificate, "--tls-key", &key]).exits(1);
    assert!(
        run.stderr.contains("key-does-not-match-leaf") && run.stderr.contains("ERR_NGROK_1923"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stdout, "");
    let secret = fs::read_to_string(&key).unwrap().lines().nth(4).unwrap().to_owned();
    assert!(!run.stderr.contains(&secret), "{}", run.stderr);
    let run = served.certgate(&listen).arguments(["--tls-cert", "/none", "--tls-key", &key]).exits(2);
    assert!(run.stderr.contains("`/none`"), "{}", run.stderr);
    served.certgate(&listen).arguments(["--tls-cert", &certificate]).exits(2);

    let seed = |name: &str| fixtures().join("seed").join(name).to_str().unwrap().to_owned();
    let [certificate, key] = [seed("example.com.pem"), seed("example.com.key")];
    let expired = Served::with(&["--tls-cert", &certificate, "--tls-key", &key]);
    expired.get("/tls_certificates").is(200);
    let log = expired.ended();
    assert!(log.contains("leaf-expired"), "{log}");
}

#[test]
fn a_new_pair_is_shown_once_it_is_there_and_one_that_does_not_fit_is_not() {
    let folder = Folder::new();
    let at = |name: &str| folder.path(name);
    for (version, name) in [("1", "p256-depth-1"), ("2", "p384-depth-2")] {
        fs::create_dir(at(version)).unwrap();
        for (from, to) in pair(name).iter().zip(["tls.crt", "tls.key"]) {
            fs::copy(from, at(version).join(to)).unwrap();
        }
    }
    // As Kubernetes has it: links through a folder that is a link.
    symlink("1", at("data")).unwrap();
    for name in ["tls.crt", "tls.key"] {
        symlink(format!("data/{name}"), at(name)).unwrap();
    }
    let path = |name: &str| at(name).to_str().unwrap().to_owned();
    let served = Served::with(&["--tls-cert", &path("tls.crt"), "--tls-key", &path("tls.key")]);
    let (first, second) = (serial_of(&at("1/tls.crt")), serial_of(&at("2/tls.crt")));
    assert_eq!(serial(&served), first);
    symlink("2", at("next")).unwrap();
    fs::rename(at("next"), at("data")).unwrap();
    wait_until("the new certificate is shown", || serial(&served) == second);
    served.get("/tls_certificates").is(200);

    fs::copy(&pair("p256-depth-1")[1], at("2/tls.key")).unwrap();
    served.signal("HUP");
    thread::sleep(Duration::from_secs(3));
    assert_eq!(serial(&served), second, "the old pair stays");
    fs::copy(&pair("p256-depth-1")[0], at("2/tls.crt")).unwrap();
    wait_until("it fits again", || serial(&served) == first);
    let log = served.ended();
    let events: Vec<Value> = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|line| line["event"].is_string())
        .collect();
    let refused: Vec<&Value> = events.iter().filter(|line| line["event"] == "tls-refused").collect();
    assert!((1..=2).contains(&refused.len()), "{log}");
    assert!(refused[0]["message"].as_str().unwrap().contains("ERR_NGROK_1923"), "{log}");
    assert_eq!(events.iter().filter(|line| line["event"] == "tls-renewed").count(), 2, "{log}");
    assert!(!log.contains("PRIVATE"), "{log}");
}

#[test]
fn who_speaks_no_tls_is_one_line_in_the_log_and_harms_nobody() {
    let served = served("p256-depth-1");
    let answer = served.exchange("GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer secret-token\r\n\r\n");
    assert!(!answer.contains("HTTP/1.1 2"), "{answer}");
    drop(served.connect());
    served.get("/tls_certificates").is(200);
    let log = served.ended();
    let failed: Vec<&str> = log.lines().filter(|line| line.contains("handshake-failed")).collect();
    assert_eq!(failed.len(), 1, "{log}");
    assert!(!log.contains("secret-token"), "{log}");
}

/// `openssl s_client` that says what it is told, and shows what it hears.
fn talking(served: &Served) -> Child {
    let mut command = Command::new("openssl");
    command.args(["s_client", "-quiet", "-connect", served.address()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn a_request_that_is_open_at_the_end_is_answered_under_tls_too() {
    let served = served("p256-depth-1");
    let mut client = talking(&served);
    let body = json!({ "private_key_type": "ed25519" }).to_string();
    let head = served.head("POST /ssh_certificate_authorities HTTP/1.1");
    let (first, second) = body.split_at(5);
    let stdin = client.stdin.as_mut().unwrap();
    write!(
        stdin,
        "{head}Host: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
        body.len()
    )
    .unwrap();
    stdin.flush().unwrap();
    thread::sleep(Duration::from_secs(1));
    served.signal("TERM");
    thread::sleep(Duration::from_millis(500));
    write!(client.stdin.as_mut().unwrap(), "{second}").unwrap();
    client.stdin.as_mut().unwrap().flush().unwrap();
    served.waited();
    let mut answer = String::new();
    client.stdout.take().unwrap().read_to_string(&mut answer).unwrap();
    client.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
}
