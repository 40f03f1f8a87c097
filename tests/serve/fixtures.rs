//! The same gate: every fixture is answered with the code that `certgate check`, or the rules, foretell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use certgate_facts::{Reading, Source};
use certgate_rules::{
    Field, ForHost, ForUser, Moment, Policy, RequestFor, Role, SshAuthorityRequest, TrustAnchors, judge,
};
use serde_json::{Value, json};

use crate::harness::{
    Case, Certgate, Kind, Served, Upload, files_below, fixtures, pairs_in, relative, rule_fixtures,
    rule_uploads,
};

/// Files that are no UTF-8. JSON cannot hold such a file: a client that reads it as a text all the same has something else
/// in the places that it cannot read.
const NOT_UTF_8: [&str; 5] = [
    "damaged/38-utf16-le.pem",
    "damaged/39-utf16-be.pem",
    "rules/text-encoding-unsupported/bad-key-utf16-le.key",
    "rules/text-encoding-unsupported/bad-utf16-be.pem",
    "rules/text-encoding-unsupported/bad-utf16-le.pem",
];
/// What is in the other slot, where one file alone is looked at.
const SOUND: [&str; 2] = ["chain/p256-depth-1.pem", "chain/p256-depth-1.key"];

fn bytes_of(path: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(path)).unwrap_or_default()
}

fn text_of(path: &str) -> String {
    String::from_utf8(bytes_of(path)).unwrap()
}

fn uploads() -> Vec<Upload> {
    let mut uploads = rule_uploads();
    uploads.extend(["chain", "damaged", "seed", "keys"].into_iter().flat_map(pairs_in));
    uploads
}

/// A file as a client has it that reads files as texts.
fn read(path: &str) -> String {
    String::from_utf8_lossy(&bytes_of(path)).into_owned()
}

/// The body of an upload.
fn body_of(upload: &Upload) -> Value {
    let text = |name: &str| text_of(&format!("{}.{name}", upload.stem));
    json!({
        "certificate_pem": read(&upload.certificate()),
        "private_key_pem": read(&upload.key()),
        "description": text("description"),
        "metadata": text("metadata"),
    })
}

#[test]
fn every_upload_gets_the_code_that_check_foretells_and_shows_what_show_shows() {
    let served = Served::new();
    let (mut accepted, mut codes) = (0, BTreeSet::new());
    for upload in uploads() {
        let body = body_of(&upload);
        let answer = served.post("/tls_certificates", &body);
        match foretold(&upload) {
            Some(code) => {
                answer.refuses(400, code);
                codes.insert(code);
            }
            None => {
                let json = answer.is(201).json();
                assert_eq!(without_place(json), without_texts(shown(&upload), &body), "{}", upload.stem);
                accepted += 1;
            }
        }
    }
    let due = [1900, 1901, 1902, 1903, 1910, 1911, 1916, 1917, 1922, 1923, 1924, 1925, 1926];
    assert_eq!(codes, BTreeSet::from(due), "every code there is for an upload");
    assert!(accepted > 50, "{accepted} accepted");
}

#[test]
fn every_file_in_either_slot_gets_the_code_that_check_foretells() {
    let served = Served::new();
    let folders = ["chain", "damaged", "keys", "seed", "ssh"].map(|folder| fixtures().join(folder));
    let files = folders
        .iter()
        .flat_map(|folder| ["pem", "key", "pub"].map(|extension| files_below(folder, extension)));
    let [mut accepted, mut refused] = [0, 0];
    for path in files.flatten().map(|path| relative(&path)) {
        for slots in [[path.as_str(), SOUND[1]], [SOUND[0], path.as_str()]] {
            let [certificate, key] = slots;
            let check = Certgate::check(["--certificate", certificate, "--private-key", key]);
            let code = number(&check.arguments(["--format", "json"]).run().case());
            let body = json!({ "certificate_pem": read(certificate), "private_key_pem": read(key) });
            let answer = served.post("/tls_certificates", &body);
            assert_eq!(answer.code(), code, "{slots:?}: {answer:?}");
            if code.is_some() { refused += 1 } else { accepted += 1 }
        }
    }
    assert!(accepted > 5 && refused > 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn bytes_that_are_no_utf_8_are_no_json() {
    let served = Served::new();
    let is_text = |path: &str| String::from_utf8(bytes_of(path)).is_ok();
    let files = ["pem", "key", "pub", "known_hosts"].map(|extension| files_below(&fixtures(), extension));
    let mut found: Vec<String> = files.iter().flatten().map(|path| relative(path)).collect();
    found.retain(|path| !is_text(path));
    found.sort();
    assert_eq!(found, NOT_UTF_8);
    for path in found {
        let body = [b"{\"certificate_pem\":\"".as_slice(), &bytes_of(&path), b"\"}"].concat();
        let asked = served.ask("POST", "/tls_certificates").header("Content-Type: application/json");
        asked.body(body).answer().refuses(400, 213);
    }
}

#[test]
fn every_public_key_gets_the_code_that_check_foretells() {
    let served = Served::new();
    let authority = served.authority();
    let (mut accepted, mut refused, mut checked) = (0, 0, 0);
    let mut files = files_below(&fixtures(), "pub");
    files.extend(files_below(&fixtures().join("damaged"), "pem"));
    for path in files.iter().map(|path| relative(path)) {
        // A file has a line feed at its end that a field has not.
        let text = read(&path).trim_end().to_owned();
        let body = json!({ "ssh_certificate_authority_id": authority, "public_key": text,
            "valid_after": "2026-10-31T23:59:00Z", "valid_until": "2026-11-30T23:59:00Z" });
        let code = code_of_host(&body);
        let cases = Certgate::check([&path]).arguments(["--format", "json"]).run().cases();
        // A file of another kind is not judged as a key: only the field says that it is meant as one.
        if let [case] = &cases[..]
            && case.json()["kind"] == "ssh-public-key"
        {
            assert_eq!(number(case), code, "{path}");
            checked += 1;
        }
        let answer = served.post("/ssh_host_certificates", &body);
        match code {
            Some(code) => {
                answer.refuses(400, code);
                refused += 1;
            }
            None => {
                assert_eq!(answer.is(201).json()["public_key"], text, "{path}");
                accepted += 1;
            }
        }
    }
    let counts = format!("{accepted} accepted, {refused} refused, {checked} checked");
    assert!(accepted >= 10 && refused > 60 && checked > 10, "{counts}");
}

/// The number of the code that `certgate check` foretells.
fn foretold(upload: &Upload) -> Option<u16> {
    number(&upload.check().arguments(["--format", "json"]).run().case())
}

fn number(case: &Case) -> Option<u16> {
    case.api_code().map(|code| code.strip_prefix("ERR_NGROK_").unwrap().parse().unwrap())
}

/// What `certgate show` shows.
fn shown(upload: &Upload) -> Value {
    let slots = ["--certificate".to_owned(), upload.certificate(), "--private-key".to_owned(), upload.key()];
    Certgate::new(["show", "--format", "json"]).arguments(slots).exits(0).json()
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

/// The request of a fixture as it is sent: with the fields of the API, an authority and both times.
fn request(path: &str, fields: &[&str], authority: &str) -> Value {
    let mut json: Value = serde_json::from_str(&text_of(path)).unwrap();
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
    json
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

/// Requests for certificates that are refused where the rules foretell no code: what of the name, the code, and why.
const OTHERWISE: [(&str, u16, &str); 7] = [
    ("lifetime-forever/bad-beyond-the-calendar", 215, "a number, which no field for times takes"),
    ("lifetime-forever/bad-without-end", 215, "a number, which no field for times takes"),
    ("principal-has-control-character/bad-at-the-end", 215, "OpenSSH reads another name: it is not signed"),
    ("principal-has-control-character/bad-inside", 215, "OpenSSH reads another name: it is not signed"),
    ("principals-over-limit/bad-by-many", 215, "OpenSSH reads no such certificate: it is not signed"),
    ("principals-over-limit/bad-by-one", 215, "OpenSSH reads no such certificate: it is not signed"),
    ("time-unreadable/bad-before-1970", 241, "no certificate can say such a time"),
];

/// What came of the requests of a kind: the codes, how many were accepted, and where the rules foretold otherwise.
#[derive(Debug, Default)]
struct Compared {
    codes: BTreeSet<u16>,
    accepted: usize,
    otherwise: Vec<(String, Option<u16>)>,
}

/// Sends every request of a kind, and compares; `unknown` is the code for an authority that there is not.
fn compared(
    kind: Kind,
    list: &str,
    fields: &[&str],
    unknown: u16,
    code_of: fn(&Value) -> Option<u16>,
) -> Compared {
    let served = Served::new();
    let authority = served.authority();
    let mut compared = Compared::default();
    for fixture in rule_fixtures().into_iter().filter(|fixture| fixture.kind == kind) {
        let body = request(&fixture.path, fields, &authority);
        let foretold = code_of(&body);
        let answer = served.post(list, &body);
        let code = answer.code();
        assert_eq!(answer.status, if code.is_some() { 400 } else { 201 }, "{}: {answer:?}", fixture.path);
        compared.codes.extend(code);
        compared.accepted += usize::from(code.is_none());
        // Only who has the authorities knows which there are.
        let is_of_another = body["ssh_certificate_authority_id"] != authority.as_str() && foretold.is_none();
        if code != foretold && !(is_of_another && code == Some(unknown)) {
            let name = fixture.path.trim_start_matches("rules/").trim_end_matches(".json");
            compared.otherwise.push((name.to_owned(), code));
        }
    }
    served.certgate(&["ssh", "audit", "verify"]).exits(0);
    compared
}

#[test]
fn every_request_for_a_host_certificate_gets_the_code_that_the_rules_foretell() {
    let kind = Kind::HostCertificateRequest;
    let compared = compared(kind, "/ssh_host_certificates", &HOST_FIELDS, 1949, code_of_host);
    let due: Vec<_> = OTHERWISE.iter().map(|(name, code, _)| ((*name).to_owned(), Some(*code))).collect();
    assert_eq!(compared.otherwise, due);
    let due = BTreeSet::from([215, 223, 227, 241, 1934, 1945, 1946, 1949, 1950, 1952, 1963]);
    assert_eq!(compared.codes, due);
    assert!(compared.accepted > 50, "{compared:?}");
}

#[test]
fn every_request_for_a_user_certificate_gets_the_code_that_the_rules_foretell() {
    let fields = [&HOST_FIELDS[..], &["critical_options", "extensions"]].concat();
    let kind = Kind::UserCertificateRequest;
    let compared = compared(kind, "/ssh_user_certificates", &fields, 1951, code_of_user);
    // As for hosts: OpenSSH reads no certificate of so many names.
    assert_eq!(compared.otherwise, [("principals-over-limit/bad-user".to_owned(), Some(215))]);
    assert!(compared.accepted > 50 && compared.codes.len() > 5, "{compared:?}");
}

#[test]
fn every_request_for_an_authority_gets_the_code_that_the_rules_foretell() {
    let served = Served::new();
    let (mut codes, mut accepted) = (BTreeSet::new(), 0);
    for fixture in rule_fixtures().into_iter().filter(|fixture| fixture.kind == Kind::SshAuthorityRequest) {
        let body = request(&fixture.path, &AUTHORITY_FIELDS, "");
        let answer = served.post("/ssh_certificate_authorities", &body);
        match code_of_authority(&body) {
            Some(code) => {
                answer.refuses(400, code);
                codes.insert(code);
            }
            None => {
                answer.is(201);
                accepted += 1;
            }
        }
    }
    assert_eq!(codes, BTreeSet::from([1936, 1937, 1938, 1939, 1940, 1941, 1942]));
    assert!(accepted > 10, "{accepted} accepted");
}
