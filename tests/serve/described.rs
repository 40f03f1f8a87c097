//! `/openapi.json`: what is served is what it says, and what it says is what the API's own specification says.

use std::collections::BTreeSet;

use certgate_api::{OPENAPI, Route};
use serde_json::{Value, json};
use yaml_rust2::{Yaml, YamlLoader};

use super::endpoints::{COLLECTIONS, create};
use crate::harness::{Answer, Served, openapi};

/// Where ours says more than the API's own: a part of what is said, and why it is.
const EXCEPTIONS: [(&str, &str); 5] = [
    (" default", "refusals are described, too"),
    (".critical_options.*: string", "values are texts; theirs says nothing of them"),
    (".extensions.*: string", "values are texts; theirs says nothing of them"),
    (" has no other fields", "they are refused (214), and theirs does not say so"),
    (" may be null", "null is written where there is none, and taken; theirs does not say so"),
];

fn ours() -> Yaml {
    // JSON is YAML.
    YamlLoader::load_from_str(OPENAPI).unwrap().remove(0)
}

fn text(node: &Yaml) -> String {
    match node {
        Yaml::Integer(number) => number.to_string(),
        node => node.as_str().unwrap_or_default().to_owned(),
    }
}

fn members(node: &Yaml) -> impl Iterator<Item = (String, &Yaml)> {
    node.as_hash().into_iter().flatten().map(|(name, value)| (text(name), value))
}

/// All that a description says which a client can tell, a line for each.
fn facts(document: &Yaml) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            let at = format!("{} {path}", method.to_uppercase());
            for parameter in operation["parameters"].as_vec().into_iter().flatten() {
                let parameter = openapi::resolved(document, parameter);
                let [place, name] = ["in", "name"].map(|key| text(&parameter[key]));
                let is_required = parameter["required"].as_bool() == Some(true);
                let need = if is_required { "required" } else { "optional" };
                facts.insert(format!("{at} {place} {name}: {} {need}", text(&parameter["schema"]["type"])));
            }
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            shape(document, body, &format!("{at} body"), true, &mut facts);
            for (status, response) in members(&operation["responses"]) {
                facts.insert(format!("{at} {status}"));
                let response = openapi::resolved(document, response);
                let schema = &response["content"]["application/json"]["schema"];
                shape(document, schema, &format!("{at} {status}"), false, &mut facts);
            }
        }
    }
    for (_, scheme) in members(&document["components"]["securitySchemes"]) {
        facts.insert(format!("security: {} {}", text(&scheme["type"]), text(&scheme["scheme"])));
    }
    facts
}

fn shape(document: &Yaml, schema: &Yaml, at: &str, is_read: bool, facts: &mut BTreeSet<String>) {
    let schema = openapi::resolved(document, schema);
    let mut say = |what: &str| facts.insert(format!("{at}{what}"));
    if schema["nullable"].as_bool() == Some(true) {
        say(" may be null");
    }
    if schema["additionalProperties"].as_bool() == Some(false) {
        say(" has no other fields");
    }
    match text(&schema["type"]).as_str() {
        "" => {}
        "object" => {
            let required = schema["required"].as_vec().into_iter().flatten();
            for name in required.filter(|_| is_read) {
                say(&format!(".{} is required", text(name)));
            }
            for (name, schema) in members(&schema["properties"]) {
                shape(document, schema, &format!("{at}.{name}"), is_read, facts);
            }
            shape(document, &schema["additionalProperties"], &format!("{at}.*"), is_read, facts);
        }
        "array" => shape(document, &schema["items"], &format!("{at}[]"), is_read, facts),
        scalar => {
            say(&format!(": {scalar}"));
        }
    }
}

/// What one of two says and the other does not, where no exception is made for it; and exceptions for nothing.
fn differences(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> Vec<String> {
    let more: Vec<&String> = ours.difference(theirs).collect();
    let is_excepted = |fact: &str| EXCEPTIONS.iter().any(|(part, _)| fact.contains(part));
    let unused = EXCEPTIONS.iter().filter(|(part, _)| !more.iter().any(|fact| fact.contains(part)));
    let unexpected = more.iter().filter(|fact| !is_excepted(fact));
    unexpected
        .map(|fact| format!("ours alone: {fact}"))
        .chain(theirs.difference(ours).map(|fact| format!("theirs alone: {fact}")))
        .chain(unused.map(|(part, reason)| format!("agreed after all: {part:?} ({reason})")))
        .collect()
}

#[test]
fn the_description_says_what_the_specification_of_the_api_says_where_that_is_at_hand() {
    if let Some(theirs) = openapi::specification() {
        assert_eq!(differences(&facts(&ours()), &facts(theirs)), Vec::<String>::new());
    }
}

#[test]
fn what_a_description_says_less_or_more_is_told() {
    let theirs =
        facts(&ours()).into_iter().filter(|fact| !EXCEPTIONS.iter().any(|(part, _)| fact.contains(part)));
    let theirs: BTreeSet<String> = theirs.collect();
    assert_eq!(differences(&facts(&ours()), &theirs), Vec::<String>::new());
    let parts = [
        "DELETE /tls_certificates/{id} 204",
        "GET /tls_certificates query limit: string optional",
        "POST /tls_certificates 201.subject_alternative_names.ips[]: string",
        "POST /ssh_host_certificates body.public_key is required",
    ];
    for part in parts {
        let mut less = theirs.clone();
        assert!(less.remove(part), "{part}");
        assert_eq!(differences(&facts(&ours()), &less), [format!("ours alone: {part}")]);
        assert!(differences(&less, &facts(&ours())).contains(&format!("theirs alone: {part}")));
    }
    assert!(
        differences(&theirs, &theirs).iter().all(|difference| difference.starts_with("agreed after all"))
    );
}

#[test]
fn the_description_is_given_without_a_key() {
    let served = Served::new();
    let answer =
        served.ask_bare("GET", "/openapi.json").header("Origin: https://page.example").answer().is(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
    assert_eq!(answer.body, OPENAPI);
    served.ask_bare("POST", "/openapi.json").answer().is(404);
}

#[test]
fn every_operation_that_is_described_is_served_and_no_other() {
    let served = Served::new();
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    let mut described = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in ["get", "post", "patch", "delete", "put", "trace"] {
            let answer = served.ask_bare(&method.to_uppercase(), &path.replace("{id}", "x")).answer();
            // Without a key there is nothing but the way.
            let due = if item[method].is_null() { (404, None) } else { (403, Some(200)) };
            assert_eq!((answer.status, answer.code()), due, "{method} {path}");
            described += usize::from(!item[method].is_null());
        }
    }
    assert_eq!(described, Route::all().count());
}

/// Whether an answer is as the description says; `status` names the answer there.
#[track_caller]
fn is_as_described(answer: &Answer, method: &str, path: &str, status: &str) {
    let document = ours();
    let response = openapi::resolved(&document, &document["paths"][path][method]["responses"][status]);
    let schema = &response["content"]["application/json"]["schema"];
    let mut faults = Vec::new();
    match schema.is_badvalue() {
        true => assert_eq!(answer.body, "", "{method} {path}"),
        false => openapi::schema_faults(&document, schema, &answer.json(), "answer", &mut faults),
    }
    assert!(faults.is_empty(), "{method} {path}: {faults:?}");
}

#[test]
fn every_answer_is_as_the_description_says() {
    for arguments in [&[][..], &["--emit-empty"]] {
        let served = Served::with(arguments);
        for collection in &COLLECTIONS {
            let list = format!("/{}", collection.name);
            let created = served.post(&list, &create(&served, collection)).is(201);
            is_as_described(&created, "post", &list, "201");
            let one = format!("{list}/{}", created.json()["id"].as_str().unwrap());
            let pattern = format!("{list}/{{id}}");
            served.post(&list, &create(&served, collection)).is(201);
            is_as_described(&served.get(&format!("{list}?limit=1")).is(200), "get", &list, "200");
            is_as_described(&served.get(&one).is(200), "get", &pattern, "200");
            is_as_described(
                &served.patch(&one, &json!({ "metadata": "m" })).is(200),
                "patch",
                &pattern,
                "200",
            );
            is_as_described(&served.delete(&one).is(204), "delete", &pattern, "204");
            for (method, status) in [("get", 404), ("delete", 404), ("patch", 415)] {
                let refused =
                    served.ask(&method.to_uppercase(), &one).body(if method == "patch" { "{" } else { "" });
                is_as_described(&refused.answer().is(status), method, &pattern, "default");
            }
            let refused = served.post(&list, &json!({ "x": 1 })).refuses(400, 214);
            is_as_described(&refused, "post", &list, "default");
        }
    }
}

/// What clients send that cannot leave a field out.
fn empty(schema: &Value) -> Value {
    match schema["type"].as_str() {
        Some("string") => json!(""),
        Some("integer") => json!(0),
        Some("array") => json!([]),
        Some("object") => json!({}),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_field_that_is_required_is_missed_and_another_may_be_left_out_empty_or_null() {
    let served = Served::new();
    let document: Value = serde_json::from_str(OPENAPI).unwrap();
    for collection in &COLLECTIONS {
        let list = format!("/{}", collection.name);
        let schema =
            &document["paths"][list.as_str()]["post"]["requestBody"]["content"]["application/json"]["schema"];
        let schema = document.pointer(schema["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap()).collect();
        let mut body = create(&served, collection);
        body.as_object_mut().unwrap().retain(|name, _| required.contains(&name.as_str()));
        served.post(&list, &body).is(201);
        let (mut empties, mut nulls) = (body.clone(), body.clone());
        for (name, schema) in schema["properties"].as_object().unwrap() {
            if !required.contains(&name.as_str()) {
                empties[name] = empty(schema);
                nulls[name] = Value::Null;
            }
        }
        for body in [empties, nulls] {
            let created = served.post(&list, &body).is(201).json();
            assert_eq!((&created["description"], &created["metadata"]), (&Value::Null, &Value::Null));
        }
        for name in required {
            let mut less = body.clone();
            assert!(less.as_object_mut().unwrap().remove(name).is_some(), "{name}");
            served.post(&list, &less).is(400);
        }
    }
}
