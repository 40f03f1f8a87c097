//! What the five endpoints of every collection have in common.

use serde_json::{Value, json};

use crate::harness::{Served, fixtures};

/// A collection, the prefix of its ids, the codes of texts that are too long, the keys of its resources without the common
/// ones.
pub(super) struct Collection {
    pub(super) name: &'static str,
    pub(super) prefix: &'static str,
    pub(super) too_long: [u16; 2],
    keys: &'static [&'static str],
}

pub(super) const COLLECTIONS: [Collection; 5] = [
    Collection {
        name: "tls_certificates",
        prefix: "cert",
        too_long: [1916, 1917],
        keys: &[
            "certificate_pem",
            "subject_common_name",
            "subject_alternative_names",
            "issued_at",
            "not_before",
            "not_after",
            "key_usages",
            "extended_key_usages",
            "private_key_type",
            "issuer_common_name",
            "serial_number",
            "subject_organization",
            "subject_organizational_unit",
            "subject_locality",
            "subject_province",
            "subject_country",
        ],
    },
    Collection {
        name: "certificate_authorities",
        prefix: "ca",
        too_long: [1914, 1915],
        keys: &[
            "ca_pem",
            "subject_common_name",
            "not_before",
            "not_after",
            "key_usages",
            "extended_key_usages",
        ],
    },
    Collection {
        name: "ssh_certificate_authorities",
        prefix: "sshca",
        too_long: [1937, 1938],
        keys: &["public_key", "key_type"],
    },
    Collection {
        name: "ssh_host_certificates",
        prefix: "shcrt",
        too_long: [1945, 1946],
        keys: &[
            "public_key",
            "key_type",
            "ssh_certificate_authority_id",
            "principals",
            "valid_after",
            "valid_until",
            "certificate",
        ],
    },
    Collection {
        name: "ssh_user_certificates",
        prefix: "sucrt",
        too_long: [1947, 1948],
        keys: &[
            "public_key",
            "key_type",
            "ssh_certificate_authority_id",
            "principals",
            "critical_options",
            "extensions",
            "valid_after",
            "valid_until",
            "certificate",
        ],
    },
];

pub(super) fn text_of(path: &str) -> String {
    std::fs::read_to_string(fixtures().join(path)).unwrap()
}

/// The body of a request that creates one.
pub(super) fn create(served: &Served, collection: &Collection) -> Value {
    match collection.prefix {
        "cert" => json!({
            "certificate_pem": text_of("seed/example.com.pem"),
            "private_key_pem": text_of("seed/example.com.key"),
        }),
        "ca" => json!({ "ca_pem": text_of("seed/example.com.pem") }),
        "sshca" => json!({}),
        _ => json!({
            "ssh_certificate_authority_id": served.authority(),
            "public_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1",
            "principals": ["web-1.example.com", "10.2.42.9"],
        }),
    }
}

/// The keys of an object, as they stand in its text, those of objects inside left out.
fn keys(body: &str) -> Vec<String> {
    let json: serde_json::Map<String, Value> = serde_json::from_str(body).unwrap();
    let mut keys: Vec<(usize, String)> =
        json.into_iter().map(|(key, _)| (body.find(&format!("\"{key}\":")).unwrap(), key)).collect();
    keys.sort();
    keys.into_iter().map(|(_, key)| key).collect()
}

fn with_keys(collection: &Collection, texts: &[&str]) -> Vec<String> {
    let common = ["id", "uri", "created_at"];
    common.iter().chain(texts).chain(collection.keys).map(|key| (*key).to_owned()).collect()
}

#[test]
fn a_resource_is_created_read_listed_changed_and_deleted() {
    let served = Served::new();
    for collection in &COLLECTIONS {
        let list = format!("/{}", collection.name);
        let created = served.post(&list, &create(&served, collection)).is(201);
        assert_eq!(created.header("content-type"), Some("application/json"));
        let json = created.json();
        let id = json["id"].as_str().unwrap();
        assert!(id.starts_with(&format!("{}_", collection.prefix)), "{id}");
        assert_eq!(id.len(), collection.prefix.len() + 1 + 27);
        let one = format!("{list}/{id}");
        assert_eq!(json["uri"], format!("{}{one}", served.origin));
        assert_eq!(keys(&created.body), with_keys(collection, &[]), "{}", collection.name);
        assert_eq!(served.get(&one).is(200).body, created.body);
        let listed = served.get(&list).is(200);
        assert_eq!(
            listed.body,
            format!(
                "{{\"{}\":[{}],\"uri\":\"{}{list}\",\"next_page_uri\":null}}",
                collection.name, created.body, served.origin
            )
        );

        let changed = served.patch(&one, &json!({ "metadata": "{\"a\": 1}" })).is(200);
        assert_eq!(keys(&changed.body), with_keys(collection, &["metadata"]), "{}", collection.name);
        let mut due = json.clone();
        due["metadata"] = json!("{\"a\": 1}");
        assert_eq!(changed.json(), due, "nothing else changes");
        assert_eq!(served.get(&one).is(200).body, changed.body);

        let deleted = served.delete(&one).is(204);
        assert_eq!((deleted.body.as_str(), deleted.header("content-type")), ("", None));
        for answer in [served.get(&one), served.delete(&one), served.patch(&one, &json!({}))] {
            let answer = answer.is(404);
            let operation = answer.header("ngrok-operation-id").unwrap();
            let due = format!(
                "{{\"status_code\":404,\"msg\":\"Resource not found\",\"details\":{{\"operation_id\":\"{operation}\"}}}}"
            );
            assert_eq!(answer.body, due);
        }
        let empty = served.get(&list).is(200).json();
        assert_eq!(empty[collection.name], json!([]));
    }
}

#[test]
fn description_and_metadata_are_left_out_when_empty_and_changed_one_by_one() {
    let served = Served::new();
    for collection in &COLLECTIONS {
        let mut body = create(&served, collection);
        body["description"] = json!("first");
        body["metadata"] = json!("");
        let list = format!("/{}", collection.name);
        let created = served.post(&list, &body).is(201);
        assert_eq!(keys(&created.body), with_keys(collection, &["description"]));
        let one = format!("{list}/{}", created.json()["id"].as_str().unwrap());
        let both = |body: Value| {
            let json = served.patch(&one, &body).is(200).json();
            [json["description"].clone(), json["metadata"].clone()]
        };
        assert_eq!(both(json!({})), [json!("first"), Value::Null]);
        assert_eq!(
            both(json!({ "id": "other", "description": null, "metadata": "m" })),
            [json!("first"), json!("m")]
        );
        assert_eq!(both(json!({ "description": "" })), [Value::Null, json!("m")]);
        let [description, metadata] = collection.too_long;
        for (field, max, code) in [("description", 255, description), ("metadata", 4096, metadata)] {
            served.patch(&one, &json!({ field: "x".repeat(max + 1) })).refuses(400, code);
            // Bytes count, not letters.
            served.patch(&one, &json!({ field: "ä".repeat(max / 2 + 1) })).refuses(400, code);
            assert_eq!(
                served.patch(&one, &json!({ field: "x".repeat(max) })).is(200).json()[field],
                "x".repeat(max)
            );
            let mut body = create(&served, collection);
            body[field] = json!("x".repeat(max + 1));
            served.post(&list, &body).refuses(400, code);
        }
    }
}

#[test]
fn a_path_that_there_is_not_and_a_method_it_does_not_take_are_not_found_without_a_key() {
    let served = Served::new();
    let unrouted = |method: &str, path: &str| {
        let answer = served.ask_bare(method, path).answer().is(404);
        assert_eq!(
            answer.body,
            format!("{{\"status_code\":404,\"msg\":\"Not Found\",\"details\":{{\"path\":\"{path}\"}}}}")
        );
    };
    for path in [
        "/",
        "/tls",
        "/tls_certificates/",
        "/tls_certificates/a/b",
        "//tls_certificates",
        "/ssh_host_certificate",
    ] {
        unrouted("GET", path);
    }
    for collection in &COLLECTIONS {
        for method in ["PUT", "PATCH", "DELETE", "OPTIONS"] {
            unrouted(method, &format!("/{}", collection.name));
        }
        for method in ["PUT", "POST", "OPTIONS"] {
            unrouted(method, &format!("/{}/x", collection.name));
        }
    }
}

#[test]
fn an_id_of_the_wrong_shape_is_not_found_with_a_code() {
    let served = Served::new();
    for collection in &COLLECTIONS {
        for id in [
            "x",
            "cert",
            "other_2rwwl6y1UCOM1WjSQhSj2VPegVh",
            "%00",
            "%ff",
            "%c3%28",
            &format!("{}_1", collection.prefix),
        ] {
            let one = format!("/{}/{id}", collection.name);
            served.get(&one).refuses(404, 222);
            served.delete(&one).refuses(404, 222);
            served.patch(&one, &json!({})).refuses(404, 222);
        }
    }
}

#[test]
fn unknown_fields_wrong_types_and_what_is_no_object_are_refused_by_name() {
    let served = Served::new();
    for collection in &COLLECTIONS {
        let list = format!("/{}", collection.name);
        let unknown = served.post(&list, &json!({ "color": 1 })).refuses(400, 214);
        assert!(unknown.body.contains("'color'") && unknown.body.contains("metadata"), "{unknown:?}");
        let wrong = served.post(&list, &json!({ "metadata": {} })).refuses(400, 215);
        assert!(wrong.body.contains("'metadata'"), "{wrong:?}");
        for body in ["", "[]", "null", "7", "{", "{}}", "{\"metadata\":\"\\ud800\"}", "{\"a\":1,\"a\":1}"] {
            let posted = served.ask("POST", &list).header("Content-Type: application/json").body(body);
            posted.answer().refuses(400, 213);
        }
        let one = format!("{list}/{}_2rwwl6y1UCOM1WjSQhSj2VPegVh", collection.prefix);
        served.patch(&one, &json!({ "uri": "x" })).refuses(400, 214);
        served.patch(&one, &json!({ "description": 5 })).refuses(400, 215);
    }
}

#[test]
fn empty_texts_are_written_for_clients_that_need_them() {
    let served = Served::with(&["--emit-empty"]);
    for collection in &COLLECTIONS {
        let created = served.post(&format!("/{}", collection.name), &create(&served, collection)).is(201);
        assert_eq!(keys(&created.body), with_keys(collection, &["description", "metadata"]));
        assert_eq!((&created.json()["description"], &created.json()["metadata"]), (&json!(""), &json!("")));
    }
}
