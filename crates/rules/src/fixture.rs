//! The committed inputs of each rule, judged, for the tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Passphrases, Reading, Source, Span, Timestamp};

use crate::path::ReferenceName;
use crate::{
    ApiCode, Field, Finding, ForHost, Ignore, IgnoreList, KeyCensus, Level, Moment, Outline, Policy,
    RequestFor, Role, Rule, Slot, SshAuthorityRequest, SshDocument, TargetUpload, TlsUpload, TrustAnchors,
    UserCertificateRequest, Verdict, judge,
};

/// Extensions of what stands beside an upload.
const BESIDE: [&str; 8] = ["at", "description", "hostname", "key", "metadata", "public", "target", "trust"];

/// What a rule finds in each of its `bad-*` fixtures, for a snapshot; its `good-*` ones must not make it say anything.
pub(crate) fn findings(rule: &'static Rule) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules").join(rule.name());
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| !BESIDE.iter().any(|part| has_extension(path, part)))
        .collect();
    paths.sort();
    let (mut text, mut examples) = (String::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (found, api_code) = if has_extension(&path, "pem") && path.with_extension("key").exists() {
            judged_upload(upload(&path.with_extension("")), &path, rule)
        } else if ["der", "jks", "p12", "p7b", "pem", "yaml"]
            .iter()
            .any(|packed| has_extension(&path, packed))
        {
            packed_uploads(&path, rule)
        } else if has_extension(&path, "json") {
            judged_request(&path)
        } else if has_extension(&path, "toml") {
            judged(judge(ignores(&path), &policy()))
        } else {
            documents(&path)
        };
        let own: Vec<&Finding> =
            found.iter().filter(|finding| finding.rule().name() == rule.name()).collect();
        if name.starts_with("good-") {
            assert!(own.is_empty(), "{} is found in {}", rule.name(), path.display());
            assert_eq!(api_code, None, "the API refuses {}", path.display());
            let has_error = found.iter().any(|finding| finding.level() == Level::Error);
            assert!(!has_error, "{} is not sound", path.display());
            continue;
        }
        assert!(!own.is_empty(), "{} is not found in {}", rule.name(), path.display());
        if rule.api_code().is_some() {
            assert_eq!(api_code, own[0].api_code(), "what the API answers to {}", path.display());
        }
        for finding in own {
            writeln!(text, "{} {}", place(&name, finding), finding.message()).unwrap();
            writeln!(text, "    {}", finding.help().unwrap_or("(no help)")).unwrap();
            examples.push(format!("\n{}: {}\n", title(rule, finding.level()), finding.message()));
        }
    }
    let is_real = examples.iter().any(|example| rule.explanation().contains(example));
    assert!(is_real, "the page of {} shows none of {examples:#?}", rule.name());
    text
}

/// What stands in front of a finding's message, as in `error[CG301 key-does-not-match-leaf]`.
fn title(rule: &Rule, level: Level) -> String {
    let level = match level {
        Level::Allow => "allow",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    format!("{level}[{} {}]", rule.code(), rule.name())
}

/// What a rule says of one of the given files in `fixtures/ssh/` that lie there already, judged `at` a moment: how it
/// weighs, whether clients refuse, what the API would answer to it, and the message.
pub(crate) fn of_given(rule: &'static Rule, name: &str, at: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/ssh").join(name);
    of_document(rule, SshDocument::all_of(&Arc::new(read(&path))).next().unwrap(), at)
}

/// The same of a line.
pub(crate) fn of_line(rule: &'static Rule, line: &str, at: &str) -> String {
    let source = Source::from_bytes("host.pub", line.as_bytes().to_vec()).unwrap();
    of_document(rule, SshDocument::all_of(&Arc::new(Reading::of(source))).next().unwrap(), at)
}

fn of_document(rule: &'static Rule, document: SshDocument, at: &str) -> String {
    let policy = Policy::new(at.parse().unwrap(), TrustAnchors::None);
    let verdict = judge(document, &policy);
    let own = verdict.findings().iter().filter(|finding| finding.rule().name() == rule.name());
    let said = own.map(|finding| {
        let clients = if finding.clients_refuse() { ", clients refuse" } else { "" };
        let api_code = finding.api_code().map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}{clients}{api_code}: {}", title(rule, finding.level()), finding.message())
    });
    said.collect::<Vec<_>>().join("\n")
}

/// Where a finding stands; a request's arguments have no file and are named after the fixture.
fn place(fixture: &str, finding: &Finding) -> String {
    let location = finding.primary().location();
    let path = Path::new(finding.primary().path()).file_name().unwrap().to_str().unwrap();
    let before = if path.starts_with("--") { format!("{fixture} ") } else { String::new() };
    format!("{before}{path}:{}:{}", location.line, location.column)
}

fn has_extension(path: &Path, wanted: &str) -> bool {
    path.extension().is_some_and(|extension| extension == wanted)
}

fn judged<T>(verdict: Verdict<T>) -> (Vec<Finding>, Option<ApiCode>) {
    (verdict.findings().to_vec(), verdict.api_code())
}

/// On its way to the target that stands beside it, if one does; a rule that is silent is asked to speak.
fn judged_upload(upload: TlsUpload, path: &Path, rule: &'static Rule) -> (Vec<Finding>, Option<ApiCode>) {
    judged_under(upload, path, rule, policy_beside(path))
}

fn judged_under(
    upload: TlsUpload,
    path: &Path,
    rule: &'static Rule,
    policy: Policy,
) -> (Vec<Finding>, Option<ApiCode>) {
    let policy = if rule.level() == Level::Allow { policy.with_level(rule, Level::Warning) } else { policy };
    let target = std::fs::read_to_string(path.with_extension("target"));
    match target.map(|name| crate::target(name.trim_end()).unwrap()) {
        Ok(target) => judged(judge(TargetUpload::new(upload, target), &policy)),
        Err(_) => judged(judge(upload, &policy)),
    }
}

pub(crate) fn policy() -> Policy {
    Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla)
}

/// The policy, with the moment, the names, the anchors and the law that stand beside a fixture.
fn policy_beside(path: &Path) -> Policy {
    let policy = private_policy_beside(path);
    if path.with_extension("public").exists() { policy.with_every_chain_public() } else { policy }
}

fn private_policy_beside(path: &Path) -> Policy {
    let hosts = std::fs::read_to_string(path.with_extension("hostname")).unwrap_or_default();
    let hosts = hosts.lines().map(|host| ReferenceName::host(host).unwrap());
    let trust = path.with_extension("trust");
    let anchors = if trust.exists() { TrustAnchors::of(&[read(&trust)]) } else { TrustAnchors::Mozilla };
    let at = std::fs::read_to_string(path.with_extension("at"));
    let at = at.map_or_else(|_| policy().at(), |at| at.trim_end().parse().unwrap());
    Policy::new(at, anchors).with_hosts(hosts)
}

pub(crate) fn upload(stem: &Path) -> TlsUpload {
    let slot = |extension: &str| Slot::whole(Arc::new(read(&stem.with_extension(extension))));
    let text = |extension: &str| std::fs::read_to_string(stem.with_extension(extension)).unwrap_or_default();
    TlsUpload::new(slot("pem"), slot("key"))
        .with_description(text("description"))
        .with_metadata(text("metadata"))
}

/// Every line of a `.pub` or `.known_hosts` file. What is signed already, or trusted, goes to no API.
fn documents(path: &Path) -> (Vec<Finding>, Option<ApiCode>) {
    let reading = Arc::new(read(path));
    let verdicts = SshDocument::all_of(&reading).map(|document| judge(document, &policy()));
    (verdicts.flat_map(|verdict| verdict.findings().to_vec()).collect(), None)
}

/// A request as the API takes it: for an authority, which says what key it is to have; for a user certificate, which says what
/// extensions; or for a host certificate.
fn judged_request(path: &Path) -> (Vec<Finding>, Option<ApiCode>) {
    let json: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    match (json.get("private_key_type"), json.get("extensions")) {
        (Some(_), _) => judged(judge(authority_request(&json), &policy())),
        (None, Some(_)) => judged(judge(user_request(&json), &policy())),
        (None, None) => {
            let holders = texts(&json["key_holders"]);
            judged(judge(request::<ForHost>(&json).with_key_holders(holders), &policy()))
        }
    }
}

fn authority_request(json: &serde_json::Value) -> SshAuthorityRequest {
    let field = |name: &str| {
        let text = json[name].as_str()?;
        Some(Field::new(format!("--{}", name.replace('_', "-")), text).unwrap())
    };
    let mut request = SshAuthorityRequest::new().with_private_key_type(field("private_key_type").unwrap());
    if let Some(bits) = json["key_size"].as_i64() {
        request = request.with_key_size(bits, Field::new("--key-size", bits.to_string()).unwrap());
    }
    if let Some(curve) = field("elliptic_curve") {
        request = request.with_elliptic_curve(curve);
    }
    if let Some(description) = field("description") {
        request = request.with_description(description);
    }
    if let Some(metadata) = field("metadata") {
        request = request.with_metadata(metadata);
    }
    request
}

/// With the names of other hosts that have the key as `key_holders`. Times may be seconds. What it leaves out is sound.
fn request<R: Role>(json: &serde_json::Value) -> RequestFor<R> {
    let field = |name: &str, text: &str| Field::new(format!("--{}", name.replace('_', "-")), text).unwrap();
    let optional = |name: &str| json[name].as_str().map(|text| field(name, text));
    let public_key = json["public_key"].as_str().unwrap_or_default();
    let source = Source::from_bytes("--public-key", public_key.as_bytes().to_vec()).unwrap();
    let moment = |name: &str, default: &str| match json[name].as_u64() {
        Some(secs) => Moment::at(secs),
        None => Moment::written(optional(name).unwrap_or_else(|| field(name, default))),
    };
    let mut request = RequestFor::new(
        Arc::new(Reading::of(source)),
        optional("key_id").unwrap_or_else(|| field("key_id", "web-1")),
        texts(&json["principals"]).iter().map(|text| field("principal", text)).collect(),
        moment("valid_after", "2026-10-31T23:59:00Z"),
        moment("valid_until", "2026-11-30T23:59:00Z"),
    );
    if let Some(id) = optional("ssh_certificate_authority_id") {
        request = request.with_authority_id(id);
    }
    if let Some(description) = optional("description") {
        request = request.with_description(description);
    }
    if let Some(metadata) = optional("metadata") {
        request = request.with_metadata(metadata);
    }
    request
}

fn user_request(json: &serde_json::Value) -> UserCertificateRequest {
    let options = |name: &str| -> BTreeMap<String, Field> {
        let options = json[name].as_object().cloned().unwrap_or_default();
        let field = |value: &str| Field::new(format!("--{}", name.replace('_', "-")), value).unwrap();
        options.iter().map(|(name, value)| (name.clone(), field(value.as_str().unwrap()))).collect()
    };
    let request: UserCertificateRequest = request(json);
    request.with_critical_options(options("critical_options")).with_extensions(options("extensions"))
}

fn texts(json: &serde_json::Value) -> Vec<String> {
    let values = json.as_array().cloned().unwrap_or_default();
    values.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
}

/// What is no PEM, with the key beside it where it holds none: all uploads in there, judged as one run.
fn packed_uploads(path: &Path, rule: &'static Rule) -> (Vec<Finding>, Option<ApiCode>) {
    let unpacked = |path: &Path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let source = Source::read(name, std::fs::File::open(path).unwrap()).unwrap();
        Reading::unpacked(source, &Passphrases::NONE).into_iter().map(Arc::new)
    };
    let key = path.with_extension("key");
    let key = key.exists().then(|| unpacked(&key));
    let readings: Vec<Arc<Reading>> = unpacked(path).chain(key.into_iter().flatten()).collect();
    let outlines: Vec<Outline> = readings.iter().map(|reading| Outline::of(reading)).collect();
    let policy = policy_beside(path).with_census(KeyCensus::of(&outlines));
    let uploads = crate::uploads_of(readings);
    assert!(!uploads.is_empty(), "{}", path.display());
    let verdict = |upload| judged_under(upload, path, rule, policy.clone());
    let verdicts: Vec<_> = uploads.into_iter().map(verdict).collect();
    let api_code = verdicts.iter().find_map(|(_, api_code)| *api_code);
    (verdicts.into_iter().flat_map(|(findings, _)| findings).collect(), api_code)
}

/// The ignores of a configuration, after a run over the example of the API's documents.
fn ignores(path: &Path) -> IgnoreList {
    let stem = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/seed/example.com.pem");
    let found = judge(upload(&stem), &policy());
    let reading = Arc::new(Reading::of_other_text(read(path).into_source()));
    let text = std::fs::read_to_string(path).unwrap();
    let document = toml::de::DeTable::parse(&text).unwrap();
    let field = |value: &toml::Spanned<toml::de::DeValue<'_>>| {
        let written = match value.get_ref() {
            toml::de::DeValue::Datetime(date) => date.to_string(),
            other => other.as_str().unwrap().to_owned(),
        };
        Field::within(Arc::clone(&reading), Span::new(value.span().start, value.span().end), written)
    };
    let entries = document.get_ref().get("ignore").unwrap().get_ref().as_array().unwrap().iter();
    let ignore = |entry: &toml::Spanned<toml::de::DeValue<'_>>| {
        let entry = entry.get_ref().as_table().unwrap();
        let value = |name: &str| entry.get(name).map(field);
        let (path, fingerprint) = (value("path"), value("fingerprint"));
        let rule = crate::rule(value("rule").unwrap().text()).unwrap();
        let is_meant = |finding: &&Finding| {
            finding.rule().code() == rule.code()
                && fingerprint.as_ref().is_none_or(|digits| digits.text() == finding.fingerprint().to_string())
                // No path from the folder of the fixture leads to the example.
                && path.as_ref().is_none_or(|path| path.text().starts_with('/'))
        };
        let has_matched = found.findings().iter().any(|finding| is_meant(&finding));
        let ignore =
            Ignore::new(rule, path.or_else(|| fingerprint.clone()).unwrap()).with_matches(has_matched);
        match value("until") {
            Some(last) => {
                let midnight: Timestamp = last.text().parse().unwrap();
                ignore.until(last, Timestamp::from_unix_secs(midnight.unix_secs() + 86_400))
            }
            None => ignore,
        }
    };
    IgnoreList::new("certgate.toml", entries.map(ignore).collect())
}

fn read(path: &Path) -> Reading {
    Reading::of(Source::read(path.to_str().unwrap(), std::fs::File::open(path).unwrap()).unwrap())
}

#[test]
fn nothing_is_cleared_that_the_api_would_refuse_even_where_the_policy_allows_it() {
    let stem = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    assert!(
        judge(upload(&stem("rules/key-does-not-match-leaf/good-another-type")), &policy()).clear().is_ok()
    );
    let refusal = judge(upload(&stem("rules/key-does-not-match-leaf/bad-another-type")), &policy())
        .clear()
        .err()
        .unwrap();
    assert_eq!(refusal.to_string(), "not cleared: the API would answer ERR_NGROK_1923");
    assert!(refusal.verdict().has(Level::Error));
}

#[test]
fn every_code_that_a_request_can_meet_is_met_by_three_different_ones() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let folders = std::fs::read_dir(root).unwrap().map(|folder| folder.unwrap().path());
    let files =
        folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()));
    let mut met = BTreeMap::<ApiCode, BTreeSet<Vec<u8>>>::new();
    for path in files.filter(|path| has_extension(path, "json")) {
        if let (_, Some(code)) = judged_request(&path) {
            met.entry(code).or_default().insert(std::fs::read(&path).unwrap());
        }
    }
    let foretold = [
        &ApiCode::HOST_CERTIFICATE_ORDER[..],
        &ApiCode::USER_CERTIFICATE_ORDER[..],
        &ApiCode::SSH_AUTHORITY_ORDER[..],
    ]
    .concat();
    assert_eq!(met.keys().copied().collect::<BTreeSet<_>>(), foretold.into_iter().collect());
    for (code, requests) in met {
        assert!(requests.len() >= 3, "{code} is met by {} requests", requests.len());
    }
}

#[test]
fn what_binds_public_authorities_is_asked_of_no_private_one() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/rules");
    let mut asked = 0;
    for folder in std::fs::read_dir(root).unwrap().map(|folder| folder.unwrap().path()) {
        let rule = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        for path in files.filter(|path| has_extension(path, "public")) {
            let (found, _) = judged(judge(upload(&path.with_extension("")), &private_policy_beside(&path)));
            assert!(found.iter().all(|finding| finding.rule().name() != rule), "{}", path.display());
            asked += 1;
        }
    }
    assert!(asked >= 20, "{asked} fixtures are judged as public");
}
