#![doc = include_str!("host_key_shared.md")]

use crate::case::HostCertificateRequest;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(406),
    name: "host-key-shared",
    summary: "another host uses the same key",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 4251 §4.1; RFC 4251 §9.3.4",
    explanation: include_str!("host_key_shared.md"),
    judge: Judge::HostCertificate(judge),
};

/// The most hosts that a finding names.
const NAMED_MAX: usize = 8;

fn judge(request: &HostCertificateRequest, _: &Policy) -> Vec<Finding> {
    let (holders, Some(line)) = (request.key_holders(), request.public_key_line()) else { return Vec::new() };
    if holders.is_empty() {
        return Vec::new();
    }
    let mut names: Vec<String> =
        holders.iter().take(NAMED_MAX).map(|name| format!("`{}`", Excerpt(name))).collect();
    if holders.len() > NAMED_MAX {
        names.push(format!("and {} more", holders.len() - NAMED_MAX));
    }
    let message = format!("the key is also that of {}", names.join(", "));
    let fingerprint = request.public_key().map(|key| key.fingerprint()).unwrap_or_default();
    let help = "make a key of its own on each host: delete /etc/ssh/ssh_host_*_key of a copied machine and run \
                `ssh-keygen -A`; names of one and the same host belong into one certificate";
    let place = Label::new(request.public_key_reading(), line.span, fingerprint);
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-with-a-fleet.json --public-key:1:1 the key is also that of `web-2.example.com`, `web-3.example.com`, `web-4.example.com`, `web-5.example.com`, `web-6.example.com`, `web-7.example.com`, `web-8.example.com`, `web-9.example.com`, and 3 more
            make a key of its own on each host: delete /etc/ssh/ssh_host_*_key of a copied machine and run `ssh-keygen -A`; names of one and the same host belong into one certificate
        bad-with-one.json --public-key:1:1 the key is also that of `web-2.example.com`
            make a key of its own on each host: delete /etc/ssh/ssh_host_*_key of a copied machine and run `ssh-keygen -A`; names of one and the same host belong into one certificate
        ");
    }
}
