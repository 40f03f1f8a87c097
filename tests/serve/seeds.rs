//! The published examples, replayed: the answers are the same but for ids, places and times.

use serde_json::{Value, json};

use crate::harness::{Served, fixtures};

/// What only who answers can know.
const OF_THE_SERVER: [&str; 3] = ["id", "uri", "created_at"];

fn published() -> Value {
    let text = std::fs::read_to_string(fixtures().join("seed/response.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn without_place(mut json: Value) -> Value {
    for name in OF_THE_SERVER {
        assert!(json.as_object_mut().unwrap().remove(name).is_some(), "{name}");
    }
    json
}

/// The time that an id tells is that of `created_at`.
fn assert_id_of_its_time(answer: &Value) {
    let id = answer["id"].as_str().unwrap();
    let digits = id.rsplit_once('_').unwrap().1.bytes().map(|digit| {
        let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        u64::try_from(alphabet.iter().position(|known| *known == digit).unwrap()).unwrap()
    });
    // The first 32 of 160 bits, close enough in floating point: 27 digits of base 62.
    let value = digits.fold(0.0_f64, |value, digit| value * 62.0 + f64::from(u32::try_from(digit).unwrap()));
    let secs = value / 2.0_f64.powi(128) + 1_400_000_000.0;
    let at: certgate_facts::Timestamp = answer["created_at"].as_str().unwrap().parse().unwrap();
    let created = f64::from(u32::try_from(at.unix_secs()).unwrap());
    assert!((secs - created).abs() < 2.0, "{id}: {secs} and {created}");
}

#[test]
fn the_tls_example_is_answered_as_it_was() {
    let served = Served::new();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap();
    let (certificate, key) = (file("example.com.pem"), file("example.com.key"));
    // As published: without a line feed at the end.
    let body = json!({ "certificate_pem": certificate.trim_end(), "private_key_pem": key.trim_end() });
    let created = served.post("/tls_certificates", &body).is(201);
    assert_id_of_its_time(&created.json());
    assert_eq!(without_place(created.json()), without_place(published()));

    let id = created.json()["id"].as_str().unwrap().to_owned();
    let one = format!("/tls_certificates/{id}");
    assert_eq!(served.get(&one).is(200).json(), created.json());
    let listed = served.get("/tls_certificates").is(200).json();
    assert_eq!(listed["tls_certificates"], json!([created.json()]));
    assert_eq!(listed["next_page_uri"], Value::Null);
    let changed = served.patch(&one, &json!({ "metadata": "{\"example\": true}" })).is(200).json();
    let mut due = created.json();
    due["metadata"] = json!("{\"example\": true}");
    assert_eq!(changed, due);
    assert_eq!(served.delete(&one).is(204).body, "");
}

#[test]
fn the_same_upload_twice_is_two_certificates() {
    let served = Served::new();
    let file = |name: &str| std::fs::read_to_string(fixtures().join("seed").join(name)).unwrap();
    let body =
        json!({ "certificate_pem": file("example.com.pem"), "private_key_pem": file("example.com.key") });
    let [first, second] = [(); 2].map(|()| served.post("/tls_certificates", &body).is(201).json());
    assert_ne!(first["id"], second["id"]);
    assert_eq!(without_place(first), without_place(second));
}

#[test]
fn the_ssh_example_is_answered_as_it_was() {
    let served = Served::new();
    let authority = served.authority();
    let body = json!({
        "description": "personal server",
        "principals": ["inconshreveable.com", "10.2.42.9"],
        "public_key": "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBI3oSgxrOEJ+tIJ/n6VYtxQIFvynqlOHpfOAJ4x4OfmMYDkbf8dr6RAuUSf+ZC2HMCujta7EjZ9t+6v08Ue+Cgk= inconshreveable.com",
        "ssh_certificate_authority_id": authority,
        "valid_until": "2099-04-21T18:19:52Z",
    });
    let created = served.post("/ssh_host_certificates", &body).is(201).json();
    assert_id_of_its_time(&created);
    let mut rest = without_place(created.clone());
    let certificate = rest["certificate"].take();
    let words: Vec<&str> = certificate.as_str().unwrap().split(' ').collect();
    assert_eq!(
        (words[0], words[2]),
        ("ecdsa-sha2-nistp256-cert-v01@openssh.com", created["id"].as_str().unwrap())
    );
    let mut due = body;
    due["key_type"] = json!("ecdsa");
    due["valid_after"] = created["created_at"].clone();
    due["certificate"] = Value::Null;
    assert_eq!(rest, due);
    let one = format!("/ssh_host_certificates/{}", created["id"].as_str().unwrap());
    let changed = served.patch(&one, &json!({ "metadata": "{\"region\": \"us-west-2\"}" })).is(200).json();
    let mut due = created;
    due["metadata"] = json!("{\"region\": \"us-west-2\"}");
    assert_eq!(changed, due);
}
