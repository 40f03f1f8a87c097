#![doc = include_str!("trust_line_for_every_host.md")]

use certgate_facts::known_hosts::{Entry, Marker, NamePattern};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(451),
    name: "trust-line-for-every-host",
    summary: "an authority is trusted for every host there is",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "sshd(8), SSH_KNOWN_HOSTS FILE FORMAT; draft-ietf-sshm-cert-01, security considerations",
    explanation: include_str!("trust_line_for_every_host.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let entry = subject.document().and_then(|document| document.known_hosts()?.ok());
    let Some(pattern) = entry.and_then(pattern_for_every_host) else { return Vec::new() };
    let pattern = String::from_utf8_lossy(pattern);
    let pattern = Excerpt(&pattern);
    let message = format!(
        "`@cert-authority {pattern}` trusts the authority for every host: whoever holds its key can pose as any, those \
         outside your domain too"
    );
    let help = "name the hosts that the authority is for: `@cert-authority *.example.com,192.0.2.* …`";
    vec![Finding::new(&RULE, message, subject.label("every host")).with_help(help)]
}

/// The pattern of an authority's line that leaves nothing but dots to be matched.
fn pattern_for_every_host(entry: &Entry) -> Option<&[u8]> {
    let is_any = |byte: &u8| matches!(byte, b'*' | b'?' | b'.');
    let mut patterns =
        entry.names().patterns().filter(|pattern| !pattern.is_negated()).map(NamePattern::pattern);
    let every = patterns.find(|pattern| without_port(pattern).iter().all(is_any) && pattern.contains(&b'*'));
    every.filter(|_| entry.marker() == Some(Marker::CertAuthority))
}

/// What stands in brackets in front of a port.
fn without_port(pattern: &[u8]) -> &[u8] {
    let inside = pattern.strip_prefix(b"[").and_then(|rest| rest.split(|byte| *byte == b']').next());
    inside.unwrap_or(pattern)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-any-dotted.known_hosts:2:1 `@cert-authority *.*` trusts the authority for every host: whoever holds its key can pose as any, those outside your domain too
            name the hosts that the authority is for: `@cert-authority *.example.com,192.0.2.* …`
        bad-port.known_hosts:2:1 `@cert-authority [*]:2222` trusts the authority for every host: whoever holds its key can pose as any, those outside your domain too
            name the hosts that the authority is for: `@cert-authority *.example.com,192.0.2.* …`
        bad-star-but-one.known_hosts:2:1 `@cert-authority *` trusts the authority for every host: whoever holds its key can pose as any, those outside your domain too
            name the hosts that the authority is for: `@cert-authority *.example.com,192.0.2.* …`
        bad-star.known_hosts:2:1 `@cert-authority *` trusts the authority for every host: whoever holds its key can pose as any, those outside your domain too
            name the hosts that the authority is for: `@cert-authority *.example.com,192.0.2.* …`
        ");
    }
}
