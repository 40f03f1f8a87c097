//! What every operation has in common: everything that can be wrong with a request before it is looked at what it means, in
//! the order in which it is found.

use certgate_api::{Route, Verb};
use serde_json::{Value, json};

use super::endpoints::{COLLECTIONS, Collection, create};
use crate::harness::{Answer, Asked, Served};

/// An id that nothing has.
const NOBODY: &str = "2rwwl6y1UCOM1WjSQhSj2VPegVh";

/// A request with one fault after the other, until `mended` of them are mended.
struct Faulty<'s> {
    served: &'s Served,
    route: Route,
    collection: &'static Collection,
}

fn routes() -> impl Iterator<Item = (Route, &'static Collection)> {
    COLLECTIONS.iter().flat_map(|collection| {
        Route::all()
            .filter(|route| route.collection.name == collection.name)
            .map(move |route| (route, collection))
    })
}

/// A fault, and the status and the code with which it is refused; none for what is not there.
type Fault = (&'static str, u16, Option<u16>);

impl Faulty<'_> {
    /// All that can be wrong, in the order in which it is found.
    fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> =
            vec![("key", 403, Some(200)), ("version", 400, Some(218)), ("query", 400, Some(231))];
        if self.route.has_body() {
            faults.extend([
                ("content type", 415, Some(216)),
                ("JSON", 400, Some(213)),
                ("field", 400, Some(214)),
                ("type", 400, Some(215)),
                ("meaning", 400, Some(self.collection.too_long[0])),
            ]);
        } else {
            faults.push(("body", 400, Some(211)));
        }
        if self.route.has_id() {
            faults.push(("id", 404, Some(222)));
            faults.push(("resource", 404, None));
        }
        faults
    }

    /// The body while a fault is there, and all that come after it.
    fn body(&self, fault: &str) -> Option<String> {
        let mut body = match self.route.verb {
            Verb::Create => create(self.served, self.collection),
            Verb::Update => json!({}),
            _ => return (fault == "body").then(|| "x".to_owned()),
        };
        if matches!(fault, "field" | "type" | "meaning") {
            body["description"] = json!("x".repeat(256));
        }
        if matches!(fault, "field" | "type") {
            body["metadata"] = json!({});
        }
        if fault == "field" {
            body["color"] = Value::Null;
        }
        let is_broken = matches!(fault, "content type" | "JSON");
        Some(if is_broken { "{\"color\":1,".to_owned() } else { body.to_string() })
    }

    /// The answer while the faults from this place on are there.
    fn answer(&self, faults: &[Fault], at: usize) -> Answer {
        let is_there = |name: &str| faults[at..].iter().any(|(fault, ..)| *fault == name);
        let id = if is_there("id") { "x".to_owned() } else { format!("{}_{NOBODY}", self.collection.prefix) };
        let path = self.route.path(&id) + if is_there("query") { "?color=1" } else { "" };
        let mut asked = self.served.ask(self.route.method(), &path);
        for (fault, header) in [("key", "Authorization"), ("version", "Ngrok-Version")] {
            asked = if is_there(fault) { asked.without(header) } else { asked };
        }
        let first_of_body = ["body", "content type", "JSON", "field", "type", "meaning"].into_iter();
        let fault = first_of_body.clone().find(|name| is_there(name)).unwrap_or_default();
        let Some(body) = self.body(fault) else { return asked.answer() };
        if self.route.has_body() && fault != "content type" {
            asked = asked.header("Content-Type: application/json");
        }
        asked.body(body).answer()
    }
}

#[test]
fn every_operation_tells_the_first_of_all_faults_and_the_next_when_that_is_mended() {
    let served = Served::new();
    for (route, collection) in routes() {
        let faulty = Faulty { served: &served, route, collection };
        let faults = faulty.faults();
        for (at, (fault, status, code)) in faults.iter().enumerate() {
            let answer = faulty.answer(&faults, at);
            assert_eq!((answer.status, answer.code()), (*status, *code), "{route:?}: {fault}: {answer:?}");
            if let Some(code) = code {
                answer.refuses(*status, *code);
            }
        }
        if !route.has_id() {
            faulty.answer(&faults, faults.len()).is(route.success());
        }
    }
}

/// A request of a route that nothing is wrong with but what a test makes wrong.
fn sound<'s>(served: &'s Served, route: Route, collection: &Collection) -> Asked<'s> {
    let path = route.path(&format!("{}_{NOBODY}", collection.prefix));
    let asked = served.ask(route.method(), &path);
    if route.has_body() { asked.json(&json!({})) } else { asked }
}

#[test]
fn every_operation_refuses_keys_versions_and_content_types_that_are_not_its_own() {
    let served = Served::new();
    let read_only = served.another_key(&["--read-only"]);
    let revoked = served.another_key(&[]);
    served.certgate(&["api-key", "revoke", &format!("ak_{}", revoked.split_once('_').unwrap().0)]).exits(0);
    for (route, collection) in routes() {
        let with = |header: &str| {
            let name = header.split_once(':').unwrap().0;
            sound(&served, route, collection).without(name).header(header).answer()
        };
        for (key, code) in [("x", 202), ("ak_2rwwl6y1UCOM1WjSQhSj2VPegVh", 208), (revoked.as_str(), 203)] {
            with(&format!("Authorization: Bearer {key}")).refuses(403, code);
        }
        with("Authorization: Digest x").refuses(403, 201);
        with("Ngrok-Version: 1").refuses(400, 217);
        let reading = with(&format!("Authorization: Bearer {read_only}"));
        match route.verb {
            Verb::List | Verb::Read => assert_ne!(reading.code(), Some(635)),
            _ => drop(reading.refuses(403, 635)),
        }
        match route.has_body() {
            true => drop(with("Content-Type: application/x-www-form-urlencoded").refuses(415, 210)),
            // Clients send one with no body at all.
            false => assert_ne!(with("Content-Type: application/json").code(), Some(210)),
        }
    }
}

#[test]
fn every_operation_counts_against_the_limit_of_its_key() {
    let served = Served::with(&["--rate-limit", "1"]);
    for (route, collection) in routes() {
        let key = format!("Authorization: Bearer {}", served.another_key(&[]));
        let asked = || sound(&served, route, collection).without("Authorization").header(&key).answer();
        assert_ne!(asked().status, 429);
        // One that is refused for something else later on counts, too; and what is wrong later is not looked at any more.
        let refused = asked().refuses(429, 226);
        assert!(refused.header("retry-after").is_some_and(|secs| secs.parse::<u64>().is_ok()), "{refused:?}");
    }
}

#[test]
fn every_query_is_refused_for_what_is_wrong_with_it_first() {
    let served = Served::new();
    for (route, collection) in routes() {
        let with = |query: &str| {
            let path = route.path(&format!("{}_{NOBODY}", collection.prefix));
            let asked = served.ask(route.method(), &format!("{path}?{query}"));
            if route.has_body() { asked.json(&json!({})) } else { asked }.answer()
        };
        with("limit=%zz&color=1").refuses(400, 230);
        with("limit=%ff").refuses(400, 230);
        let unknown = with("color=1&limit=1&limit=1").refuses(400, 231);
        assert!(unknown.body.contains("'color'"), "{unknown:?}");
        if route.verb != Verb::List {
            with("limit=1").refuses(400, 231);
            continue;
        }
        let doubled = with("limit=500&limit=7").refuses(400, 232);
        assert!(doubled.body.contains("500, 7"), "{doubled:?}");
        with("limit=0").refuses(400, 233);
        with("limit=101").refuses(400, 233);
        with("limit=many").refuses(400, 244);
        with("before_id=op_2rwwl6y1UCOM1WjSQhSj2VPegVh").refuses(400, 227);
        with("beforeId=x").refuses(400, 231);
        if collection.prefix.starts_with("shcrt") || collection.prefix.starts_with("sucrt") {
            with("filter=true").refuses(400, 231);
        }
    }
}

#[test]
fn every_field_is_refused_by_name_where_it_holds_another_type() {
    let served = Served::new();
    let document: Value = serde_json::from_str(certgate_api::OPENAPI).unwrap();
    for (route, collection) in routes().filter(|(route, _)| route.has_body()) {
        let method = route.method().to_ascii_lowercase();
        let content = &document["paths"][route.path("{id}")][method]["requestBody"]["content"];
        let schema = content["application/json"]["schema"]["$ref"].as_str().unwrap();
        let schema = document.pointer(schema.trim_start_matches('#')).unwrap();
        let path = route.path(&format!("{}_{NOBODY}", collection.prefix));
        for (field, schema) in schema["properties"].as_object().unwrap() {
            let others = [json!(true), json!(1.5), json!("text"), json!([7]), json!({ "a": 7 })];
            for other in others.iter().filter(|other| schema["type"] != "string" || !other.is_string()) {
                let refused = served.ask(route.method(), &path).json(&json!({ field: other })).answer();
                let refused = refused.refuses(400, 215);
                assert!(refused.body.contains(&format!("'{field}'")), "{refused:?}");
            }
        }
    }
}

#[test]
fn every_answer_has_an_operation_of_its_own_and_is_kept_nowhere() {
    let served = Served::new();
    let mut operations = std::collections::BTreeSet::new();
    for (route, collection) in routes() {
        let answer = sound(&served, route, collection).header("Origin: https://page.example").answer();
        let operation = answer.header("ngrok-operation-id").unwrap();
        assert!(operation.starts_with("op_") && operation.len() == 3 + 27, "{operation}");
        assert!(operations.insert(operation.to_owned()), "{operation} comes twice");
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("access-control-allow-origin"), Some("https://page.example"));
        assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
        assert_eq!(answer.header("www-authenticate"), None);
    }
    for path in ["/healthz", "/readyz", "/openapi.json", "/nothing"] {
        let answer = served.ask_bare("GET", path).answer();
        let operation = answer.header("ngrok-operation-id").unwrap();
        assert!(operations.insert(operation.to_owned()), "{path}: {operation} comes twice");
    }
}

#[test]
fn every_path_tells_browsers_its_methods() {
    let served = Served::new();
    for (route, collection) in routes() {
        let path = route.path(&format!("{}_{NOBODY}", collection.prefix));
        let preflight = served
            .ask_bare("OPTIONS", &path)
            .header("Origin: https://page.example")
            .header(&format!("Access-Control-Request-Method: {}", route.method()))
            .answer()
            .is(204);
        let methods = preflight.header("access-control-allow-methods").unwrap();
        assert!(methods.split(", ").any(|method| method == route.method()), "{methods}: {route:?}");
        // Without what makes it a preflight, it is a method that the path does not take.
        served.ask_bare("OPTIONS", &path).answer().is(404);
    }
}
