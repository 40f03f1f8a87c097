//! SSH host certificates, signed by `ssh-keygen`.

use std::process::{Command, Stdio};
use std::sync::Arc;

use certgate_facts::{Reading, Source, SshContent, SshPublicKey, Timestamp};
use certgate_rules::{Field, HostCertificateRequest, Moment, Policy, TrustAnchors, judge};
use serde_json::{Map, Value, json};

use super::account::Account;
use super::body::{Fields, Type};
use super::problem::Problem;
use super::route::Collection;
use super::tls_certificate::refused;

const FIELDS: [(&str, Type); 7] = [
    ("ssh_certificate_authority_id", Type::Text),
    ("public_key", Type::Text),
    ("principals", Type::Texts),
    ("valid_after", Type::Text),
    ("valid_until", Type::Text),
    ("description", Type::Text),
    ("metadata", Type::Text),
];

/// The validity of a certificate for which none is asked: 365 days.
const LIFETIME_SECS: i64 = 365 * 86_400;

/// The fields that follow from the request; `id` becomes the key id and the comment.
pub(super) fn create(account: &Account, id: &str, body: &Value) -> Result<Map<String, Value>, Problem> {
    let fields = Fields::of(body, &FIELDS)?;
    let moment = |field: &str, absent: i64| match fields.text(field) {
        "" => Ok(Timestamp::from_unix_secs(absent)),
        text => {
            text.parse::<Timestamp>().map_err(|_| Problem::new(400, 241, format!("'{text}' is not RFC 3339")))
        }
    };
    let valid_after = moment("valid_after", account.now())?;
    let valid_until = moment("valid_until", valid_after.unix_secs() + LIFETIME_SECS)?;
    let request = request(&fields, valid_after, valid_until);
    let verdict = judge(request, &Policy::new(valid_after, TrustAnchors::Mozilla));
    if let Some(code) = verdict.api_code() {
        return Err(refused(code));
    }
    fields.short_enough(Collection::SshHostCertificates)?;
    let authority = fields.text("ssh_certificate_authority_id");
    if account.resource(authority).is_none() {
        return Err(Problem::new(400, 1949, format!("SSH authority '{authority}' does not exist")));
    }
    let public_key = verdict.case().public_key().expect("what is accepted has a key");
    let principals = fields.texts("principals");
    let line =
        signed(account, authority, id, &public_key.to_line(id), &principals, [valid_after, valid_until]);
    let fields = json!({
        "public_key": fields.text("public_key"),
        "key_type": api_name(public_key),
        "ssh_certificate_authority_id": authority,
        "principals": principals,
        "valid_after": valid_after.to_string(),
        "valid_until": valid_until.to_string(),
        "certificate": line,
    });
    let Value::Object(fields) = fields else { unreachable!("it is written as an object") };
    Ok(fields)
}

fn request(fields: &Fields, valid_after: Timestamp, valid_until: Timestamp) -> HostCertificateRequest {
    let source = Source::from_bytes("public_key", fields.text("public_key").as_bytes().to_vec()).unwrap();
    let field = |name: &str, text: &str| Field::new(name, text).unwrap();
    let secs = |at: Timestamp| Moment::at(u64::try_from(at.unix_secs()).unwrap());
    HostCertificateRequest::new(
        Arc::new(Reading::of(source)),
        field("id", "shcrt"),
        fields.texts("principals").into_iter().map(|name| field("principals", name)).collect(),
        secs(valid_after),
        secs(valid_until),
    )
    .with_authority_id(field("ssh_certificate_authority_id", fields.text("ssh_certificate_authority_id")))
}

/// `rsa`, `ecdsa` or `ed25519`.
pub(super) fn api_name(key: &SshPublicKey) -> &'static str {
    match key.name() {
        "ssh-rsa" => "rsa",
        "ssh-ed25519" => "ed25519",
        _ => "ecdsa",
    }
}

/// The only key of a text.
pub(super) fn key_of(line: &str) -> SshPublicKey {
    let reading = Reading::of(Source::from_bytes("key", line.as_bytes().to_vec()).unwrap());
    match &reading.ssh_lines()[0].content {
        SshContent::PublicKey(key) => *key.clone(),
        _ => panic!("no key: {line}"),
    }
}

/// The certificate's line.
fn signed(
    account: &Account,
    authority: &str,
    id: &str,
    key: &str,
    principals: &[&str],
    validity: [Timestamp; 2],
) -> String {
    let folder = account.keys.path();
    std::fs::write(folder.join("host.pub"), key).unwrap();
    let validity = validity.map(|at| format!("{:#x}", at.unix_secs())).join(":");
    let mut keygen = Command::new("ssh-keygen");
    keygen.args(["-q", "-s", authority, "-h", "-I", id, "-V", &validity]);
    if !principals.is_empty() {
        keygen.args(["-n", &principals.join(",")]);
    }
    let output = keygen.arg("host.pub").current_dir(folder).stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("install openssh-client: {error}"));
    assert!(output.status.success(), "{output:?}");
    std::fs::read_to_string(folder.join("host-cert.pub")).unwrap().trim_end().to_owned()
}
