//! Whether a certificate of a known authority is good for a host.

use certgate_facts::{SshCertificateFields, SshRole, SshText, Timestamp, matches_pattern};

use super::{Client, ClientVersion, Step};

/// The first client that takes principals of host certificates as patterns and refuses certificates without any.
const PRINCIPALS_ARE_PATTERNS_SINCE: ClientVersion = ClientVersion::new(10, 3);
/// The first client that refuses SHA-1 signatures of authorities and knows security keys.
const SHA1_REFUSED_SINCE: ClientVersion = ClientVersion::new(8, 2);

/// Signatures of authorities that clients accept unless told otherwise (ssh_config(5), `CASignatureAlgorithms`).
const SIGNATURES_SINCE_8_2: &[&str] = &[
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com",
    "rsa-sha2-512",
    "rsa-sha2-256",
];
const SIGNATURES_BEFORE_8_2: &[&str] = &[
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
    "ssh-rsa",
];

/// The algorithms, by name, that a client of this version accepts for the signature in a certificate unless told
/// otherwise.
#[must_use]
pub fn signature_algorithms_allowed_by(client: ClientVersion) -> &'static [&'static str] {
    if client < SHA1_REFUSED_SINCE { SIGNATURES_BEFORE_8_2 } else { SIGNATURES_SINCE_8_2 }
}

/// A step that a certificate does not pass, and why.
pub(super) type Failure = (Step, String);

/// Takes the steps of a client, in its order, for a host under the name that principals are compared with.
pub(super) fn check(
    client: &Client<'_>,
    certificate: &SshCertificateFields,
    name: &str,
    at: u64,
) -> Result<(), Failure> {
    if certificate.role() != SshRole::Host {
        return Err((Step::Role, "the certificate is not one for hosts".to_owned()));
    }
    let (after, before) = (certificate.valid_after(), certificate.valid_before());
    if at < after {
        return Err((
            Step::ValidAfter,
            format!("not yet valid: begins at {}, {} seconds later", moment(after), after - at),
        ));
    }
    if at >= before {
        let ended = format!("expired: ended at {}, {} seconds ago", moment(before), at - before);
        return Err((Step::ValidBefore, ended));
    }
    check_principals(client.version, certificate.principals(), name)?;
    if let Some(option) = certificate.critical_options().first() {
        let option = String::from_utf8_lossy(option.name());
        return Err((Step::CriticalOptions, format!("the certificate has the critical option `{option}`")));
    }
    let algorithm = certificate.signature_algorithm().unwrap_or_default();
    if !client.allowed_signature_algorithms().contains(&algorithm) {
        return Err((Step::SignatureAlgorithm, format!("signed with {algorithm}, which is not allowed")));
    }
    Ok(())
}

/// As RFC 3339 in UTC.
pub(crate) fn moment(unix_secs: u64) -> Timestamp {
    Timestamp::from_unix_secs(i64::try_from(unix_secs).unwrap_or(i64::MAX))
}

fn check_principals(client: ClientVersion, principals: &[SshText], name: &str) -> Result<(), Failure> {
    let patterns = client >= PRINCIPALS_ARE_PATTERNS_SINCE;
    if principals.is_empty() {
        return if patterns {
            Err((Step::Principals, format!("no principals, which client {client} refuses")))
        } else {
            Ok(())
        };
    }
    let name = name.as_bytes();
    let matches = |principal: &SshText| {
        let principal = principal.as_bytes();
        if patterns { matches_pattern(name, principal) } else { principal == name }
    };
    if principals.iter().any(matches) {
        return Ok(());
    }
    let would_match = |principal: &SshText| matches_pattern(name, principal.as_bytes());
    let name = String::from_utf8_lossy(name);
    Err((
        Step::Principals,
        match principals.iter().find(|principal| would_match(principal)) {
            Some(pattern) => {
                format!(
                    "`{name}` matches the principal `{pattern}` only for clients from {PRINCIPALS_ARE_PATTERNS_SINCE} on"
                )
            }
            None => format!("`{name}` is not among the principals"),
        },
    ))
}
