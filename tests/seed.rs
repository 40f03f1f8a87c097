//! The published example of the API's documentation.

use serde_json::{Map, Value};

use crate::harness::{Certgate, fixtures};

/// What only the API can know: who it is, where it is, since when.
const OF_THE_API: [&str; 3] = ["id", "uri", "created_at"];

const FILES: [&str; 2] = ["seed/example.com.pem", "seed/example.com.key"];

fn response() -> Map<String, Value> {
    let text = std::fs::read_to_string(fixtures().join("seed/response.json")).unwrap();
    let Value::Object(mut response) = serde_json::from_str(&text).unwrap() else {
        panic!("the answer is an object")
    };
    for field in OF_THE_API {
        assert!(response.remove(field).is_some(), "the answer has {field}");
    }
    response
}

#[test]
fn show_gives_the_fields_of_the_answer_of_the_api() {
    let shown = Certgate::new(["show", "--format", "json"]).arguments(FILES).exits(0).json();
    assert_eq!(shown, Value::Object(response()));
}

#[test]
fn show_with_slots_gives_the_same() {
    let slots = ["--certificate", FILES[0], "--private-key", FILES[1]];
    let shown = Certgate::new(["show", "--format", "json"]).arguments(slots).exits(0).json();
    assert_eq!(shown, Value::Object(response()));
}

#[test]
fn check_foretells_that_the_api_accepts_and_warns_of_what_clients_refuse() {
    let run = Certgate::check(FILES).arguments(["--format", "json"]).exits(0);
    let case = run.case();
    assert!(case.is_accepted());
    assert_eq!(case.api_code(), None);
    assert_eq!(case.rules(), ["leaf-expired", "leaf-has-no-san", "leaf-is-a-ca"]);
    assert!(case.findings().iter().all(|finding| finding.severity() == "warning"));
    assert_eq!(case.json()["clients"]["trusted"], Value::Bool(false));
}

#[test]
fn the_text_says_both_verdicts() {
    let run = Certgate::check(FILES).exits(0);
    for rule in ["leaf-expired", "leaf-has-no-san", "leaf-is-a-ca"] {
        assert!(run.stdout.contains(rule), "{}", run.stdout);
    }
}
