//! `/ssh_certificate_authorities` and `/certificate_authorities`.

use std::io::Write as _;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Served, fixtures};

const SSH: &str = "/ssh_certificate_authorities";
const TLS: &str = "/certificate_authorities";

fn text_of(path: &str) -> String {
    std::fs::read_to_string(fixtures().join(path)).unwrap()
}

#[test]
fn an_ssh_authority_has_the_key_that_was_asked_for() {
    let served = Served::new();
    for (body, key_type, name) in [
        (json!({}), "ed25519", "ssh-ed25519"),
        (json!({ "private_key_type": "", "elliptic_curve": "", "key_size": 0 }), "ed25519", "ssh-ed25519"),
        (json!({ "private_key_type": null, "key_size": null }), "ed25519", "ssh-ed25519"),
        (json!({ "private_key_type": "ed25519" }), "ed25519", "ssh-ed25519"),
        (json!({ "private_key_type": "ecdsa" }), "ecdsa", "ecdsa-sha2-nistp256"),
        (json!({ "private_key_type": "ecdsa", "elliptic_curve": "p384" }), "ecdsa", "ecdsa-sha2-nistp384"),
        (json!({ "private_key_type": "ecdsa", "elliptic_curve": "p521" }), "ecdsa", "ecdsa-sha2-nistp521"),
        (json!({ "private_key_type": "rsa", "key_size": 4096 }), "rsa", "ssh-rsa"),
        (json!({ "private_key_type": "rsa", "key_size": 2048 }), "rsa", "ssh-rsa"),
    ] {
        let created = served.post(SSH, &body).is(201).json();
        assert_eq!(created["key_type"], key_type, "{body}");
        let words: Vec<&str> = created["public_key"].as_str().unwrap().split(' ').collect();
        assert_eq!((words.len(), words[0]), (2, name), "type and base64, and no comment: {created}");
    }
}

#[test]
fn keys_of_rsa_take_no_more_threads_than_there_are_processors() {
    let served = Served::new();
    let threads = || std::fs::read_dir(format!("/proc/{}/task", served.process())).unwrap().count();
    let (before, body) = (threads(), r#"{"private_key_type":"rsa","key_size":4096}"#);
    let open: Vec<_> = (0..24)
        .map(|_| {
            let mut stream = served.connect();
            let head = served.head("POST /ssh_certificate_authorities HTTP/1.1");
            let length =
                format!("Host: x\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
            stream.write_all(format!("{head}{length}\r\n\r\n{body}").as_bytes()).unwrap();
            stream
        })
        .collect();
    thread::sleep(Duration::from_secs(1));
    let processors = thread::available_parallelism().unwrap().get();
    let more = threads() - before;
    assert!(more <= processors + 1, "{more} threads for {} keys on {processors} processors", open.len());
}

#[test]
fn an_ssh_authority_that_cannot_be_made_is_refused() {
    let served = Served::new();
    for (body, code) in [
        (json!({ "private_key_type": "dsa" }), 1936),
        (json!({ "private_key_type": "rsa", "key_size": 1024 }), 1939),
        (json!({ "private_key_type": "ed25519", "key_size": 4096 }), 1940),
        (json!({ "private_key_type": "ecdsa", "elliptic_curve": "p224" }), 1941),
        (json!({ "private_key_type": "rsa", "elliptic_curve": "p256" }), 1942),
    ] {
        served.post(SSH, &body).refuses(400, code);
    }
}

#[test]
fn an_ssh_authority_stays_while_its_certificates_do_and_is_retired_then() {
    let served = Served::new();
    let id = served.authority();
    let host = json!({
        "ssh_certificate_authority_id": id,
        "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh",
    });
    let certificate = served.post("/ssh_host_certificates", &host).is(201).json();
    let one = format!("{SSH}/{id}");
    served.delete(&one).refuses(400, 1964);
    served.delete(&format!("/ssh_host_certificates/{}", certificate["id"].as_str().unwrap())).is(204);
    served.delete(&one).is(204);
    served.post("/ssh_host_certificates", &host).refuses(400, 1949);
    let listed = served.certgate(&["ssh", "ca", "list", "--format", "json"]).exits(0).json();
    assert_eq!(
        (&listed["authorities"][0]["state"], &listed["authorities"][0]["custody"]),
        (&json!("retired"), &json!("sealed")),
        "{listed}"
    );
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
}

#[test]
fn what_is_kept_sealed_is_not_for_ssh_issue() {
    let served = Served::new();
    let name = served.authority().to_ascii_lowercase();
    let key = served.state().join("host.pub");
    std::fs::write(
        &key,
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh\n",
    )
    .unwrap();
    let arguments = [
        "ssh",
        "issue",
        "--ca",
        &name,
        "--principal",
        "web-1.example.com",
        "--public-key",
        key.to_str().unwrap(),
    ];
    let run = served.certgate(&arguments).exits(2);
    assert!(run.stderr.contains("sealed") && run.stderr.contains("certgate serve"), "{}", run.stderr);
}

#[test]
fn a_certificate_authority_is_one_certificate_of_an_authority() {
    let served = Served::new();
    let (ca, key) = (text_of("seed/example.com.pem"), text_of("seed/example.com.key"));
    let created = served.post(TLS, &json!({ "ca_pem": ca.trim_end() })).is(201).json();
    assert!(created["ca_pem"].as_str().unwrap().ends_with("-----END CERTIFICATE-----\n"));
    let facts =
        ["subject_common_name", "not_before", "not_after"].map(|name| created[name].as_str().unwrap());
    assert_eq!(facts, ["example.com", "2020-03-24T18:18:19Z", "2020-04-23T18:18:19Z"]);

    let leaf = text_of("chain/p256-depth-1.pem");
    let headed = ca.replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nX: y\n\n");
    let broken = ca.replace("MIIDDTCCAfWg", "MIIDDTCCAfXX");
    let long = format!("{ca}{}", " ".repeat(16_384));
    for (pem, code) in [
        ("", 1919),
        ("not PEM", 1920),
        (long.as_str(), 1921),
        (headed.as_str(), 1910),
        (key.as_str(), 1911),
        (format!("{ca}{ca}").as_str(), 1912),
        (leaf.as_str(), 1913),
        (broken.as_str(), 1900),
    ] {
        let refused = served.post(TLS, &json!({ "ca_pem": pem })).refuses(400, code);
        assert!(!refused.body.contains("PRIVATE KEY-----"), "{refused:?}");
    }
    served.post(TLS, &Value::Object(serde_json::Map::new())).refuses(400, 1919);
}
