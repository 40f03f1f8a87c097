#![doc = include_str!("authority_key_is_certificate.md")]

use certgate_facts::known_hosts::Marker;
use certgate_facts::{SshContent, SshDefect};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(442),
    name: "authority-key-is-certificate",
    summary: "a certificate stands where an authority's key is due",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2, signature key; sshd(8), SSH_KNOWN_HOSTS FILE FORMAT",
    explanation: include_str!("authority_key_is_certificate.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let Some(line) = subject.document().and_then(|document| document.line()) else { return Vec::new() };
    match &line.content {
        SshContent::Unreadable(SshDefect::AuthorityKeyIsCertificate { .. }) => {
            let message = "the authority's key is itself a certificate: OpenSSH does not read it, as there are no chains";
            let help = "have it signed again by the authority's own key; clients are to know that key, not another above it";
            vec![Finding::new(&RULE, message, subject.label("signed by a certificate")).with_help(help)]
        }
        SshContent::KnownHosts(Ok(entry))
            if entry.is_certificate() && entry.marker() == Some(Marker::CertAuthority) =>
        {
            let message = "a certificate stands in place of the authority's key: clients take the key it certifies as an \
                           authority's, and never ask who signed it";
            let help = format!(
                "put the authority's public key there, out of its `.pub` file; as it stands, the authority is {}",
                entry.key().fingerprint()
            );
            let finding = Finding::new(&RULE, message, subject.label("a certificate")).with_help(help);
            vec![finding.at_level(Level::Warning).with_clients_refuse(false)]
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-signed-cert.pub:2:1 the authority's key is itself a certificate: OpenSSH does not read it, as there are no chains
            have it signed again by the authority's own key; clients are to know that key, not another above it
        bad-trusted.known_hosts:2:1 a certificate stands in place of the authority's key: clients take the key it certifies as an authority's, and never ask who signed it
            put the authority's public key there, out of its `.pub` file; as it stands, the authority is SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
        ");
    }
}
