//! The same gate: every fixture is answered with the code that `certgate check`, or the rules, foretell.

use std::collections::BTreeMap;
use std::sync::Arc;

use certgate_facts::{Reading, Source};
use certgate_rules::{
    Field, ForHost, ForUser, Moment, Policy, RequestFor, Role, SshAuthorityRequest, TrustAnchors, judge,
};
use serde_json::{Value, json};

use crate::harness::{Kind, Served, Upload, fixtures, pairs_in, rule_fixtures, rule_uploads};

fn text_of(path: &str) -> Option<String> {
    let bytes = std::fs::read(fixtures().join(path)).unwrap_or_default();
    String::from_utf8(bytes).ok()
}

#[test]
fn every_upload_gets_the_code_that_check_foretells_and_shows_what_show_shows() {
    let served = Served::new();
    let mut uploads = rule_uploads();
    uploads.extend(["chain", "damaged", "seed", "keys"].into_iter().flat_map(pairs_in));
    let (mut accepted, mut refused) = (0, 0);
    for upload in uploads {
        // What is no UTF-8 cannot be said in JSON.
        let (Some(certificate), Some(key)) = (text_of(&upload.certificate()), text_of(&upload.key())) else {
            continue;
        };
        let mut body = json!({ "certificate_pem": certificate, "private_key_pem": key });
        for name in ["description", "metadata"] {
            body[name] = json!(text_of(&format!("{}.{name}", upload.stem)).unwrap());
        }
        if body.to_string().len() > 1024 * 1024 {
            continue;
        }
        let answer = served.post("/tls_certificates", &body);
        match foretold(&upload) {
            Some(code) => {
                answer.refuses(400, code);
                refused += 1;
            }
            None => {
                let json = answer.is(201).json();
                assert_eq!(without_place(json), without_texts(shown(&upload), &body), "{}", upload.stem);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 50 && refused > 50, "{accepted} accepted, {refused} refused");
}

/// The number of the code that `certgate check` foretells.
fn foretold(upload: &Upload) -> Option<u16> {
    let case = upload.check().arguments(["--format", "json"]).run().case();
    case.api_code().map(|code| code.strip_prefix("ERR_NGROK_").unwrap().parse().unwrap())
}

/// What `certgate show` shows.
fn shown(upload: &Upload) -> Value {
    let slots = ["--certificate".to_owned(), upload.certificate(), "--private-key".to_owned(), upload.key()];
    crate::harness::Certgate::new(["show", "--format", "json"]).arguments(slots).exits(0).json()
}

fn without_place(mut json: Value) -> Value {
    for name in ["id", "uri", "created_at"] {
        json.as_object_mut().unwrap().remove(name);
    }
    json
}

/// With the texts that only the request has, unless they are empty.
fn without_texts(mut shown: Value, body: &Value) -> Value {
    for name in ["description", "metadata"] {
        if body[name] != "" {
            shown[name] = body[name].clone();
        }
    }
    shown
}

fn field(name: &str, text: &str) -> Field {
    Field::new(name, text).unwrap()
}

fn policy() -> Policy {
    Policy::new(certgate_fixtures::JUDGED_AT.parse().unwrap(), TrustAnchors::Mozilla)
}

/// A request for a certificate, with the fields that hosts and users share.
fn request_for<R: Role>(json: &Value) -> RequestFor<R> {
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    let source = Source::from_bytes("public_key", text("public_key").as_bytes().to_vec()).unwrap();
    let names = json["principals"].as_array().cloned().unwrap_or_default();
    RequestFor::new(
        Arc::new(Reading::of(source)),
        field("id", "shcrt_1"),
        names.iter().map(|name| field("principals", name.as_str().unwrap())).collect(),
        Moment::written(field("valid_after", text("valid_after"))),
        Moment::written(field("valid_until", text("valid_until"))),
    )
    .with_authority_id(field("ssh_certificate_authority_id", text("ssh_certificate_authority_id")))
    .with_description(field("description", text("description")))
    .with_metadata(field("metadata", text("metadata")))
}

/// The code that the rules foretell of a request for a host certificate.
fn code_of_host(json: &Value) -> Option<u16> {
    judge(request_for::<ForHost>(json), &policy()).api_code().map(certgate_rules::ApiCode::number)
}

/// The code that the rules foretell of a request for a user certificate.
fn code_of_user(json: &Value) -> Option<u16> {
    let options = |name: &str| -> BTreeMap<String, Field> {
        let options = json[name].as_object().cloned().unwrap_or_default();
        options.iter().map(|(key, value)| (key.clone(), field(name, value.as_str().unwrap()))).collect()
    };
    let request = request_for::<ForUser>(json)
        .with_critical_options(options("critical_options"))
        .with_extensions(options("extensions"));
    judge(request, &policy()).api_code().map(certgate_rules::ApiCode::number)
}

/// The code that the rules foretell of a request for an authority.
fn code_of_authority(json: &Value) -> Option<u16> {
    let text = |name: &str| field(name, json[name].as_str().unwrap_or_default());
    let bits = json["key_size"].as_i64().unwrap_or_default();
    let request = SshAuthorityRequest::new()
        .with_private_key_type(text("private_key_type"))
        .with_elliptic_curve(text("elliptic_curve"))
        .with_key_size(bits, field("key_size", &bits.to_string()))
        .with_description(text("description"))
        .with_metadata(text("metadata"));
    judge(request, &policy()).api_code().map(certgate_rules::ApiCode::number)
}

/// The request of a fixture as it can be sent: with the fields of the API, an authority and both times.
fn request(path: &str, fields: &[&str], authority: &str) -> Option<Value> {
    let mut json: Value = serde_json::from_str(&text_of(path).unwrap()).unwrap();
    let object = json.as_object_mut().unwrap();
    object.retain(|name, _| fields.contains(&name.as_str()));
    if fields.contains(&"public_key") {
        for (name, text) in [
            ("ssh_certificate_authority_id", authority),
            ("valid_after", "2026-10-31T23:59:00Z"),
            ("valid_until", "2026-11-30T23:59:00Z"),
        ] {
            object.entry(name).or_insert_with(|| json!(text));
        }
    }
    // Seconds, as a ledger has them, are no times of the API's; and an empty text is none.
    let is_time = |name: &str| json[name].as_str().is_some_and(|text| !text.is_empty());
    let sendable =
        !fields.contains(&"public_key") || ["valid_after", "valid_until"].iter().all(|name| is_time(name));
    sendable.then_some(json)
}

const HOST_FIELDS: [&str; 7] = [
    "ssh_certificate_authority_id",
    "public_key",
    "principals",
    "valid_after",
    "valid_until",
    "description",
    "metadata",
];
const AUTHORITY_FIELDS: [&str; 5] =
    ["private_key_type", "elliptic_curve", "key_size", "description", "metadata"];

/// Sends every request of a kind, and compares; how many were accepted and refused.
fn compared(
    kind: Kind,
    list: &str,
    fields: &[&str],
    unknown: u16,
    code_of: fn(&Value) -> Option<u16>,
) -> [usize; 2] {
    let served = Served::new();
    let authority = served.authority();
    let [mut accepted, mut refused] = [0, 0];
    for fixture in rule_fixtures().into_iter().filter(|fixture| fixture.kind == kind) {
        let Some(body) = request(&fixture.path, fields, &authority) else { continue };
        let answer = served.post(list, &body);
        match code_of(&body) {
            Some(code) => {
                answer.refuses(400, code);
                refused += 1;
            }
            // An authority of the fixture's is not here; and some names OpenSSH would read otherwise than they look.
            None if body["ssh_certificate_authority_id"] != authority.as_str() => {
                drop(answer.refuses(400, unknown))
            }
            None => {
                assert!(
                    answer.status == 201 || matches!(answer.code(), Some(215 | 241)),
                    "{}: {answer:?}",
                    fixture.path
                );
                accepted += 1;
            }
        }
    }
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
    [accepted, refused]
}

#[test]
fn every_request_for_a_host_certificate_gets_the_code_that_the_rules_foretell() {
    let kind = Kind::HostCertificateRequest;
    let [accepted, refused] = compared(kind, "/ssh_host_certificates", &HOST_FIELDS, 1949, code_of_host);
    assert!(accepted > 50 && refused > 30, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_request_for_a_user_certificate_gets_the_code_that_the_rules_foretell() {
    let fields = [&HOST_FIELDS[..], &["critical_options", "extensions"]].concat();
    let kind = Kind::UserCertificateRequest;
    let [accepted, refused] = compared(kind, "/ssh_user_certificates", &fields, 1951, code_of_user);
    assert!(accepted > 50 && refused > 10, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_request_for_an_authority_gets_the_code_that_the_rules_foretell() {
    let served = Served::new();
    let (mut accepted, mut refused) = (0, 0);
    for fixture in rule_fixtures().into_iter().filter(|fixture| fixture.kind == Kind::SshAuthorityRequest) {
        let body = request(&fixture.path, &AUTHORITY_FIELDS, "").unwrap();
        if body["key_size"].as_i64().is_some_and(|bits| u32::try_from(bits).is_err()) {
            served.post("/ssh_certificate_authorities", &body).refuses(400, 215);
            continue;
        }
        let answer = served.post("/ssh_certificate_authorities", &body);
        match code_of_authority(&body) {
            Some(code) => {
                answer.refuses(400, code);
                refused += 1;
            }
            None => {
                answer.is(201);
                accepted += 1;
            }
        }
    }
    assert!(accepted > 10 && refused > 20, "{accepted} accepted, {refused} refused");
}
