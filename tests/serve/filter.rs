//! Lists of what a filter lets through.

use serde_json::{Value, json};

use crate::harness::{Certgate, Served, fixtures};

const TLS: &str = "/tls_certificates";
const AUTHORITIES: &str = "/ssh_certificate_authorities";

/// Uploads the certificate of these fixtures; what the server made of it comes back.
fn upload(served: &Served, stem: &str, description: &str, metadata: &str) -> Value {
    let text =
        |extension: &str| std::fs::read_to_string(fixtures().join(format!("{stem}.{extension}"))).unwrap();
    let body = json!({
        "description": description,
        "metadata": metadata,
        "certificate_pem": text("pem"),
        "private_key_pem": text("key"),
    });
    served.post(TLS, &body).is(201).json()
}

/// A filter as a client sends it: spaces are plus signs.
fn query(filter: &str) -> String {
    let byte = |byte: u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02x}"),
    };
    format!("filter={}", filter.bytes().map(byte).collect::<String>())
}

fn ids(page: &Value, collection: &str) -> Vec<String> {
    let items = page[&collection[1..]].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

fn filtered(served: &Served, collection: &str, filter: &str) -> Vec<String> {
    ids(&served.get(&format!("{collection}?{}", query(filter))).is(200).json(), collection)
}

fn text<'v>(resource: &'v Value, field: &str) -> &'v str {
    resource[field].as_str().unwrap_or_else(|| panic!("{field}: {resource}"))
}

#[test]
fn certificates_are_found_by_every_field_that_may_be_asked_for() {
    let served = Served::new();
    let gate = upload(&served, "chain/p256-depth-2", "the \"gate\"", "");
    let seed = upload(&served, "seed/example.com", "", "{\"team\":\"ä\"}");
    let (g, s) = (text(&gate, "id"), text(&seed, "id"));
    let value = |resource, field| text(resource, field).to_owned();
    let both: &[&str] = &[g, s];
    for (filter, due) in [
        (format!("obj.id == \"{g}\""), &[g][..]),
        (format!("obj.id in [\"{g}\", \"{s}\"]"), both),
        (format!("obj.id != \"{g}\""), &[s]),
        (format!("obj.serial_number == \"{}\"", value(&gate, "serial_number")), &[g]),
        (format!("obj.subject_common_name == \"{}\"", value(&seed, "subject_common_name")), &[s]),
        ("obj.subject_common_name.startsWith(\"gate.\")".to_owned(), &[g]),
        ("obj.description == \"the \\\"gate\\\"\"".to_owned(), &[g]),
        ("obj.description == null".to_owned(), &[s]),
        ("obj.description == \"\" && size(obj.metadata) == 12".to_owned(), &[s]),
        ("obj.metadata.contains(\"ä\") || obj.description.endsWith(\"gate\\\"\")".to_owned(), both),
        ("!(obj.metadata.contains(\"team\"))".to_owned(), &[g]),
        (format!("obj.not_after == timestamp(\"{}\")", value(&gate, "not_after")), &[g]),
        (format!("obj.not_after != timestamp(\"{}\")", value(&gate, "not_after")), &[s]),
        (format!("obj.not_before <= timestamp(\"{}\")", value(&seed, "not_before")), &[s]),
        ("obj.not_after > timestamp(time.now).add(\"36500d\")".to_owned(), &[]),
        (format!("obj.created_at == timestamp(\"{}\") && obj.id == \"{g}\"", value(&gate, "created_at")), &[g]),
        ("obj.created_at > timestamp(time.now).subtract(\"1h\") && obj.created_at < timestamp(time.now).add(\"1m\")".to_owned(), both),
        ("obj.created_at < timestamp(time.now).subtract(\"1h\")".to_owned(), &[]),
    ] {
        let mut due: Vec<String> = due.iter().map(|id| (*id).to_owned()).collect();
        due.sort();
        due.reverse();
        assert_eq!(filtered(&served, TLS, &filter), due, "{filter}");
    }
    served.patch(&format!("{TLS}/{g}"), &json!({ "description": "another" })).is(200);
    assert_eq!(filtered(&served, TLS, "obj.description == \"another\""), [g]);
    served.delete(&format!("{TLS}/{g}")).is(204);
    assert_eq!(filtered(&served, TLS, "obj.description == \"another\""), Vec::<String>::new());
}

#[test]
fn pages_keep_their_filter() {
    let served = Served::new();
    let mut due = Vec::new();
    for number in 0..7 {
        let metadata = if number % 2 == 0 { "a & b" } else { "" };
        let made = served.post(AUTHORITIES, &json!({ "metadata": metadata })).is(201).json();
        due.extend((number % 2 == 0).then(|| text(&made, "id").to_owned()));
    }
    due.sort();
    due.reverse();
    let filter = "obj.metadata == \"a & b\"";
    for limit in [1, 2, 4] {
        let (mut found, mut path) = (Vec::new(), format!("{AUTHORITIES}?limit={limit}&{}", query(filter)));
        loop {
            let page = served.get(&path).is(200).json();
            assert_eq!(page["uri"], format!("{}{AUTHORITIES}", served.origin));
            found.extend(ids(&page, AUTHORITIES));
            let Some(next) = page["next_page_uri"].as_str() else { break };
            let encoded = "obj.metadata%20%3D%3D%20%22a%20%26%20b%22";
            let last = found.last().unwrap();
            let due =
                format!("{}{AUTHORITIES}?before_id={last}&filter={encoded}&limit={limit}", served.origin);
            assert_eq!(next, due);
            path = next.strip_prefix(&served.origin).unwrap().to_owned();
        }
        assert_eq!(found, due, "{limit} at a time");
    }
}

#[test]
fn the_command_line_lists_what_a_filter_lets_through() {
    let served = Served::new();
    let gate = upload(&served, "chain/p256-depth-2", "gate", "");
    upload(&served, "chain/p384-depth-2", "other", "");
    let list = |filter: &str| {
        Certgate::new(["api", "tls-certificates", "list", "--format", "json", "--filter", filter])
            .variable("CERTGATE_API_URL", &served.origin)
            .variable("CERTGATE_API_KEY", &served.key)
    };
    let found = list("obj.description == \"gate\"").exits(0).stdout;
    assert_eq!(serde_json::from_str::<Value>(&found).unwrap()["id"], gate["id"]);
    let refused = list("obj.description ~ \"gate\"").exits(1).stderr;
    assert!(refused.contains("ERR_NGROK_250") && refused.contains("line 1, column 17"), "{refused}");
}

#[test]
fn what_is_no_filter_or_asks_for_what_it_may_not_is_refused() {
    let served = Served::new();
    for (collection, filter, due) in [
        (
            TLS,
            "obj.uri == \"x\"",
            "id, created_at, description, metadata, subject_common_name, not_before, not_after, serial_number",
        ),
        (
            "/certificate_authorities",
            "obj.serial_number == \"1\"",
            "id, created_at, description, metadata, subject_common_name, not_before, not_after",
        ),
        (AUTHORITIES, "obj.not_after == null", "id, created_at, description, metadata"),
    ] {
        let problem = served.get(&format!("{collection}?{}", query(filter))).refuses(400, 250).json();
        assert!(text(&problem, "msg").ends_with(&format!("permitted fields: {due}")), "{problem}");
    }
    for filter in ["obj.id", "obj.id.contains(\"1\")", "obj.id ==", "((((", "obj.description.matches(\".*\")"]
    {
        served.get(&format!("{TLS}?{}", query(filter))).refuses(400, 250);
    }
    let long = "(".repeat(5_000);
    served.get(&format!("{TLS}?{}", query(&long))).refuses(400, 250);
    served.get(&format!("/ssh_host_certificates?{}", query("obj.id == \"x\""))).refuses(400, 231);
    // None is none.
    served.get(&format!("{TLS}?filter=")).is(200);
    // What is wrong with the page comes first.
    served.get(&format!("{TLS}?limit=0&filter=x")).refuses(400, 233);
}
