#![doc = include_str!("public_key_missing.md")]

use crate::case::CertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::{Finding, Label};
use crate::party::Party;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(401),
    name: "public-key-missing",
    summary: "there is no public key to certify",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::PUBLIC_KEY_MISSING),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1952",
    explanation: include_str!("public_key_missing.md"),
    judge: Judge::Request(judge),
};

fn judge(request: &CertificateRequest, _: &Policy) -> Vec<Finding> {
    let reading = request.public_key_reading();
    if !reading.source().text().trim_ascii().is_empty() {
        return Vec::new();
    }
    let place = Label::new(reading, certgate_facts::Span::new(0, 0), "empty");
    let Party { noun, key_file, .. } = Party::of(request.role());
    let help = format!("give the {noun}'s public key, which is kept in a file such as {key_file}");
    vec![Finding::new(&RULE, "no public key was given", place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-absent.json --public-key:1:1 no public key was given
            give the host's public key, which is kept in a file such as /etc/ssh/ssh_host_ed25519_key.pub
        bad-empty.json --public-key:1:1 no public key was given
            give the host's public key, which is kept in a file such as /etc/ssh/ssh_host_ed25519_key.pub
        bad-user.json --public-key:1:1 no public key was given
            give the user's public key, which is kept in a file such as ~/.ssh/id_ed25519.pub
        bad-white-space.json --public-key:1:1 no public key was given
            give the host's public key, which is kept in a file such as /etc/ssh/ssh_host_ed25519_key.pub
        ");
    }
}
