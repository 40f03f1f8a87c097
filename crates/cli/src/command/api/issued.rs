//! Whether an SSH certificate that the API signed is the one that was asked for, and whether it will be taken.

use std::collections::BTreeMap;
use std::io::Write;

use certgate_api::{SshCertificateAuthority, SshHostCertificateCreate, SshUserCertificateCreate};
use certgate_client::Network;
use certgate_facts::{SshCertificate, SshCertificateFields, SshOption, SshPublicKey, SshRole, Timestamp};
use certgate_report::ssh::reply;
use certgate_sign::known_hosts::{HostPatterns, KnownHosts, authority_line};
use certgate_sign::verify::{Client, ClientVersion, Decision, Presented, Target, decide};

use super::{failure, id};
use crate::cli::ColorChoice;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// The last version before the rules for principals changed, and the first after.
const CLIENTS: [ClientVersion; 2] = [ClientVersion::new(10, 2), ClientVersion::new(10, 3)];
/// The port that hosts listen on unless they are told otherwise.
const PORT: u16 = 22;

/// What a certificate must say.
pub(super) struct Expected {
    role: SshRole,
    authority_id: String,
    public_key: String,
    principals: Vec<String>,
    critical_options: BTreeMap<String, String>,
    /// Empty for a user: what the API chooses.
    extensions: BTreeMap<String, String>,
    valid_after: String,
    valid_until: String,
}

impl Expected {
    pub(super) fn of_host(body: SshHostCertificateCreate) -> Self {
        Self {
            role: SshRole::Host,
            authority_id: body.ssh_certificate_authority_id,
            public_key: body.public_key,
            principals: body.principals,
            critical_options: BTreeMap::new(),
            extensions: BTreeMap::new(),
            valid_after: body.valid_after,
            valid_until: body.valid_until,
        }
    }

    pub(super) fn of_user(body: SshUserCertificateCreate) -> Self {
        Self {
            role: SshRole::User,
            authority_id: body.ssh_certificate_authority_id,
            public_key: body.public_key,
            principals: body.principals,
            critical_options: body.critical_options,
            extensions: body.extensions,
            valid_after: body.valid_after,
            valid_until: body.valid_until,
        }
    }
}

/// Checks the certificate in a reply, with the key of the authority that was to sign, and says what came of it.
pub(super) async fn check(
    client: &certgate_client::Client<Network>,
    expected: &Expected,
    json: &str,
    at: Timestamp,
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let authority = id::<SshCertificateAuthority>(&expected.authority_id)?;
    let authority = client.read(&authority).await.map_err(|error| {
        failure(&error).with_hint("the certificate was created, and who signed it was not checked")
    })?;
    let mut stderr = output::stderr(color);
    match verified(expected, json, &authority.resource.public_key, at) {
        Ok(words) => {
            writeln!(stderr, "verified: {words}")?;
            Ok(Exit::Clean)
        }
        Err(words) => {
            Failure::input(format!("the API's answer is not what was asked for: {}", words.escape_debug()))
                .with_hint("do not deploy it: delete it, and ask the API's support")
                .report(color);
            Ok(Exit::Findings)
        }
    }
}

/// What is so, in words, or what is not.
fn verified(expected: &Expected, json: &str, authority: &str, at: Timestamp) -> Result<String, String> {
    let certificate = reply::certificate(json.as_bytes())?;
    let fields = certificate.fields().ok_or("the certificate is of a type that is not known")?;
    is_as_expected(expected, fields)?;
    certificate.verify_signature().map_err(|fault| format!("its signature: {fault}"))?;
    let authority =
        SshPublicKey::read(authority).map_err(|defect| format!("the authority's key: {defect}"))?;
    if fields.authority_key().canonical_blob() != authority.canonical_blob() {
        let signer = fields.authority_key().fingerprint();
        return Err(format!(
            "it was signed by {signer}, and not by the authority, {}",
            authority.fingerprint()
        ));
    }
    let signer = authority.fingerprint();
    if expected.role == SshRole::User {
        return Ok(format!("signed by {signer}; servers that trust it take it for {}", users(fields)));
    }
    let refused = refused(&certificate, fields, &authority, at)?;
    match refused.is_empty() {
        true => Ok(format!("signed by {signer}; clients that trust it accept every name")),
        false => Ok(format!("signed by {signer}; clients that trust it refuse: {}", refused.join("; "))),
    }
}

fn is_as_expected(expected: &Expected, fields: &SshCertificateFields) -> Result<(), String> {
    if fields.role() != expected.role {
        let due = if expected.role == SshRole::User { "users" } else { "hosts" };
        return Err(format!("it is not for {due}"));
    }
    let key =
        SshPublicKey::read(&expected.public_key).map_err(|defect| format!("the public key: {defect}"))?;
    if fields.public_key().canonical_blob() != key.canonical_blob() {
        return Err(format!("it is for another key, {}", fields.public_key().fingerprint()));
    }
    let names: Vec<String> = fields.principals().iter().map(ToString::to_string).collect();
    if names != expected.principals {
        let (names, asked) = (names.join(" "), expected.principals.join(" "));
        return Err(format!("its principals are `{names}`, and `{asked}` were asked for"));
    }
    if !is_same(fields.critical_options(), &expected.critical_options) {
        return Err("its critical options are not those that were asked for".to_owned());
    }
    let are_chosen_there = expected.role == SshRole::User && expected.extensions.is_empty();
    if !are_chosen_there && !is_same(fields.extensions(), &expected.extensions) {
        return Err("its extensions are not those that were asked for".to_owned());
    }
    let ends = [
        ("valid_after", fields.valid_after(), &expected.valid_after),
        ("valid_until", fields.valid_before(), &expected.valid_until),
    ];
    for (name, secs, asked) in ends {
        let is_same =
            asked.parse::<Timestamp>().is_ok_and(|asked| u64::try_from(asked.unix_secs()) == Ok(secs));
        if !is_same {
            let found = i64::try_from(secs)
                .map_or_else(|_| "forever".to_owned(), |secs| Timestamp::from_unix_secs(secs).to_string());
            return Err(format!("its {name} is {found}, and {asked} was asked for"));
        }
    }
    Ok(())
}

/// Whether options are those that were asked for: an empty value is none.
fn is_same(found: &[SshOption], asked: &BTreeMap<String, String>) -> bool {
    found.len() == asked.len()
        && found.iter().zip(asked).all(|(option, (name, value))| {
            let has_value = if value.is_empty() {
                option.value().is_empty()
            } else {
                option.text() == Some(value.as_bytes())
            };
            option.name() == name.as_bytes() && has_value
        })
}

/// The users that a certificate names.
fn users(fields: &SshCertificateFields) -> String {
    let names: Vec<String> = fields.principals().iter().map(ToString::to_string).collect();
    if names.is_empty() { "no user by name".to_owned() } else { names.join(", ") }
}

/// The names that clients with a line for the authority refuse, each with the reason.
fn refused(
    certificate: &SshCertificate,
    fields: &SshCertificateFields,
    authority: &SshPublicKey,
    at: Timestamp,
) -> Result<Vec<String>, String> {
    let line =
        authority_line(&HostPatterns::every_host(), authority, "").map_err(|error| error.to_string())?;
    let known = KnownHosts::read(line.as_bytes()).map_err(|error| error.to_string())?;
    let now = u64::try_from(at.unix_secs()).unwrap_or_default().max(fields.valid_after());
    let mut refused = Vec::new();
    for name in fields.principals() {
        let target = Target::new(&name.to_string(), PORT);
        let decisions = CLIENTS.map(|version| {
            let client =
                Client { version, known_hosts: &[&known], revocation_lists: &[], signature_algorithms: None };
            decide(&client, &target, Presented::Certificate(certificate), now)
        });
        let refusal = decisions.iter().find(|outcome| outcome.decision() != Decision::Certificate);
        refused.extend(refusal.map(|outcome| format!("{name}: {}", outcome.reason())));
    }
    Ok(refused)
}
