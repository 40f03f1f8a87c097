#![doc = include_str!("authority_key_weak.md")]

use certgate_facts::known_hosts::Marker;
use certgate_facts::{SshContent, SshKeyKind, SshPublicKey};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(446),
    name: "authority-key-weak",
    summary: "the authority's key is RSA of less than 3072 bits",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8332 §5.1; NIST SP 800-57 part 1 §5.6",
    explanation: include_str!("authority_key_weak.md"),
    judge: Judge::Ssh(judge),
};

/// How many bits an authority should have, as its key outlives those it certifies.
pub const RSA_BITS_MIN: u32 = 3072;
/// What OpenSSH reads at all.
const OPENSSH_RSA_BITS_MIN: u32 = 1024;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(key) = authority_key(subject) else { return Vec::new() };
    let SshKeyKind::Rsa { bits } = *key.kind() else { return Vec::new() };
    if bits >= RSA_BITS_MIN {
        return Vec::new();
    }
    let help = "make another authority: `ssh-keygen -t ed25519`, or `-t rsa -b 4096`; let clients trust both until every \
                host has a new certificate";
    let finding = |message: String| {
        Finding::new(&RULE, message, subject.label(format!("authority {}", key.fingerprint())))
            .with_help(help)
    };
    if bits < OPENSSH_RSA_BITS_MIN {
        let message = format!(
            "the authority's rsa key has {bits} bits: OpenSSH reads none below {OPENSSH_RSA_BITS_MIN}"
        );
        return vec![finding(message).at_level(Level::Error).with_clients_refuse(true)];
    }
    vec![finding(format!("the authority's rsa key has {bits} bits, fewer than {RSA_BITS_MIN}"))]
}

/// The key of the authority that signed, or that is trusted.
fn authority_key<'a>(subject: &SshSubject<'a>) -> Option<&'a SshPublicKey> {
    match subject.content()? {
        SshContent::Certificate(_) => Some(subject.certificate()?.fields()?.authority_key()),
        SshContent::KnownHosts(Ok(entry)) if entry.marker() == Some(Marker::CertAuthority) => {
            Some(entry.key())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-1016-bits.known_hosts:2:1 the authority's rsa key has 1016 bits: OpenSSH reads none below 1024
            make another authority: `ssh-keygen -t ed25519`, or `-t rsa -b 4096`; let clients trust both until every host has a new certificate
        bad-2048-bits-cert.pub:2:1 the authority's rsa key has 2048 bits, fewer than 3072
            make another authority: `ssh-keygen -t ed25519`, or `-t rsa -b 4096`; let clients trust both until every host has a new certificate
        bad-2048-bits.known_hosts:2:1 the authority's rsa key has 2048 bits, fewer than 3072
            make another authority: `ssh-keygen -t ed25519`, or `-t rsa -b 4096`; let clients trust both until every host has a new certificate
        bad-768-bits-cert.pub:2:1 the authority's rsa key has 768 bits: OpenSSH reads none below 1024
            make another authority: `ssh-keygen -t ed25519`, or `-t rsa -b 4096`; let clients trust both until every host has a new certificate
        ");
    }
}
