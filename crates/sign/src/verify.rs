//! The decision about a host that an OpenSSH client would make, and the step that made it.
//!
//! The order is that of `ssh`: what the key exchange cannot use, then the revocation list (`RevokedHostKeys`), then
//! the known hosts with the certificate, and where that fails without being revoked, the known hosts with the plain
//! key. A name with a port is looked up with it first, and without it if nothing is known.
//!
//! Left out, as they depend on the world or on a person: DNS (`VerifyHostKeyDNS`), `CheckHostIP`,
//! `KnownHostsCommand`, the choice of algorithms, and the question whether to trust an unknown key, which counts as
//! refused here.

mod client_version;
mod target;
mod host_certificate;
mod lookup;
mod outcome;

pub use self::client_version::{ClientVersion, NotAClientVersion};
pub(crate) use self::host_certificate::moment;
pub use self::host_certificate::signature_algorithms_allowed_by;
pub use self::outcome::{Attempt, Decision, Outcome, Place, Step, Subject};
pub use self::target::Target;
use crate::known_hosts::KnownHosts;
use crate::krl::{RevocationList, Revocations};
use certgate_facts::{SshCertificate, SshKeyKind, SshPublicKey, SshSignatureFault};

/// Fewest bits of an RSA key that OpenSSH reads.
pub const RSA_BITS_MIN: u32 = 1024;

/// A client: its version, and what it has been told.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// The version of OpenSSH.
    pub version: ClientVersion,
    /// The files of known hosts, in the order in which they are searched.
    pub known_hosts: &'a [&'a KnownHosts],
    /// The lists of revoked keys (`RevokedHostKeys`). A client refuses all hosts if it cannot read one of them.
    /// Clients before 10.3 have one at most, which is not checked.
    pub revocation_lists: &'a [&'a RevocationList],
    /// The algorithms allowed for authorities' signatures (`CASignatureAlgorithms`), by name; nothing for the
    /// version's own.
    pub signature_algorithms: Option<&'a [&'a str]>,
}

impl<'a> Client<'a> {
    fn allowed_signature_algorithms(&self) -> &'a [&'a str] {
        self.signature_algorithms.unwrap_or_else(|| signature_algorithms_allowed_by(self.version))
    }
}

/// What a host shows.
#[derive(Clone, Copy, Debug)]
pub enum Presented<'a> {
    /// A certificate. The authority's signature is verified over the bytes as received.
    Certificate(&'a SshCertificate),
    /// A plain key.
    Key(&'a SshPublicKey),
}

/// Decides as `client` would about a host that shows `presented`. `at` is in seconds since 1970-01-01T00:00:00Z.
///
/// The lists of revoked keys are made ready at every call; for many decisions see [`decide_with`].
#[must_use]
pub fn decide(client: &Client<'_>, target: &Target, presented: Presented<'_>, at: u64) -> Outcome {
    let mut revocations = Revocations::new();
    client.revocation_lists.iter().for_each(|list| revocations.merge(&Revocations::of(list)));
    decide_with(client, &revocations, target, presented, at)
}

/// As [`decide`], with what the client's lists revoke: `Revocations::of` them, merged.
#[must_use]
pub fn decide_with(
    client: &Client<'_>,
    revocations: &Revocations,
    target: &Target,
    presented: Presented<'_>,
    at: u64,
) -> Outcome {
    if let Some(reason) = unusable(client, presented) {
        return Outcome::refused(Step::KeyExchange, reason);
    }
    let lists = &mut client.revocation_lists.iter();
    if let Some(unsupported) = lists.find_map(|list| list.unsupported_by(client.version)) {
        return Outcome::refused(
            Step::RevocationList,
            format!("client {} does not read the revocation list: {unsupported}", client.version),
        );
    }
    let fields = match presented {
        Presented::Certificate(certificate) => certificate.fields(),
        Presented::Key(_) => None,
    };
    let (cause, subject) = match (fields, presented) {
        (Some(fields), _) => (revocations.cause_for_certificate(fields), lookup::Shown::Certificate(fields)),
        (None, Presented::Key(key)) => (revocations.cause_for_key(key), lookup::Shown::Key(key)),
        // Without fields a certificate is unusable and has been refused.
        (None, Presented::Certificate(_)) => return Outcome::refused(Step::KeyExchange, String::new()),
    };
    match cause {
        Some(cause) => Outcome::refused(Step::RevocationList, format!("revoked: {cause}")),
        None => lookup::search(client, target, subject, at),
    }
}

/// Why the key exchange itself fails, before any question of trust.
fn unusable(client: &Client<'_>, presented: Presented<'_>) -> Option<String> {
    match presented {
        Presented::Certificate(certificate) => {
            let Some(fields) = certificate.fields() else {
                return Some(format!("certificates of type {} are not known", certificate.name()));
            };
            unusable_key(fields.public_key())
                .or_else(|| unusable_key(fields.authority_key()))
                .or_else(|| unusable_signature(client, certificate))
        }
        Presented::Key(key) => unusable_key(key),
    }
}

/// A signature with SHA-1 is not verified here: clients that do not allow it refuse it at a later step, of the others
/// nothing can be said.
fn unusable_signature(client: &Client<'_>, certificate: &SshCertificate) -> Option<String> {
    match certificate.verify_signature() {
        Ok(_) => None,
        Err(SshSignatureFault::AlgorithmRefused { name }) => {
            let is_allowed = client.allowed_signature_algorithms().contains(&name.as_str());
            is_allowed
                .then(|| format!("the authority's signature is one of {name}, which is not verified here"))
        }
        Err(SshSignatureFault::AlgorithmUnsupported { name }) => {
            Some(format!("the authority's signature is one of {name}, which is not known"))
        }
        Err(_) => Some("the authority's signature does not match the certificate".to_owned()),
    }
}

fn unusable_key(key: &SshPublicKey) -> Option<String> {
    match key.kind() {
        SshKeyKind::Other => Some(format!("keys of type {} are not known", key.name())),
        SshKeyKind::Dss { .. } => Some("DSA keys are not accepted".to_owned()),
        SshKeyKind::Rsa { bits } if *bits < RSA_BITS_MIN => {
            Some(format!("the RSA key has {bits} bits, fewer than {RSA_BITS_MIN}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
