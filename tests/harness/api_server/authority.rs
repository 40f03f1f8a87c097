//! SSH authorities, whose keys `ssh-keygen` makes.

use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::account::Account;
use super::body::{Fields, Type};
use super::host_certificate::{api_name, key_of};
use super::problem::Problem;
use super::route::Collection;

const FIELDS: [(&str, Type); 5] = [
    ("description", Type::Text),
    ("metadata", Type::Text),
    ("private_key_type", Type::Text),
    ("elliptic_curve", Type::Text),
    ("key_size", Type::Number),
];

/// Makes the key; gives the fields that follow from the request.
pub(super) fn create(account: &Account, id: &str, body: &Value) -> Result<Map<String, Value>, Problem> {
    let fields = Fields::of(body, &FIELDS)?;
    let refused = |code, message: String| Err(Problem::new(400, code, message));
    let (kind, curve, size) =
        (fields.text("private_key_type"), fields.text("elliptic_curve"), fields.number("key_size"));
    let kind = match kind {
        "" => "ed25519",
        "rsa" | "ecdsa" | "ed25519" => kind,
        other => return refused(1936, format!("key type '{other}' is not one of: rsa, ecdsa, ed25519")),
    };
    if !matches!(size, 0 | 2048 | 4096) {
        return refused(1939, format!("key size {size} is not one of: 2048, 4096"));
    }
    if size != 0 && kind != "rsa" {
        return refused(1940, format!("a key size goes with rsa, not with '{kind}'"));
    }
    if !matches!(curve, "" | "p256" | "p384" | "p521") {
        return refused(1941, format!("curve '{curve}' is not one of: p256, p384, p521"));
    }
    if !curve.is_empty() && kind != "ecdsa" {
        return refused(1942, format!("a curve goes with ecdsa, not with '{kind}'"));
    }
    fields.short_enough(Collection::SshCertificateAuthorities)?;
    let bits = match (kind, curve, size) {
        ("rsa", _, 4096 | 0) => "4096",
        ("rsa", ..) => "2048",
        (_, "p384", _) => "384",
        (_, "p521", _) => "521",
        _ => "256",
    };
    let line = key_pair(account, id, kind, bits);
    let line = line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let fields = json!({ "public_key": line, "key_type": api_name(&key_of(&line)) });
    let Value::Object(fields) = fields else { unreachable!("it is written as an object") };
    Ok(fields)
}

/// A new key in a file called `id`; its public line.
fn key_pair(account: &Account, id: &str, kind: &str, bits: &str) -> String {
    let folder = account.keys.path();
    let arguments = ["-q", "-N", "", "-C", "", "-f", id, "-t", kind, "-b", bits];
    let keygen = Command::new("ssh-keygen").args(arguments).current_dir(folder).stdin(Stdio::null()).output();
    let output = keygen.unwrap_or_else(|error| panic!("install openssh-client: {error}"));
    assert!(output.status.success(), "{output:?}");
    std::fs::read_to_string(folder.join(format!("{id}.pub"))).unwrap()
}
