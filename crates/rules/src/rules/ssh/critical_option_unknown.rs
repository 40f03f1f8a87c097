#![doc = include_str!("critical_option_unknown.md")]

use crate::case::{Field, UserCertificateRequest};
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::ssh_option::{CRITICAL_OPTIONS, EXTENSIONS, names};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(471),
    name: "critical-option-unknown",
    summary: "a critical option is one that no server knows",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2.3; sshd(8)",
    explanation: include_str!("critical_option_unknown.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    let unknown =
        |(name, _): &(&String, _)| !CRITICAL_OPTIONS.iter().any(|known| known.name == name.as_str());
    let finding = |(name, value): (&String, &Field)| {
        let shown = Excerpt(name);
        let is_extension = EXTENSIONS.iter().any(|known| known.name == name.as_str());
        let (message, help) = match is_extension {
            true => (
                format!(
                    "`{shown}` is an extension, and as a critical option `sshd` refuses the certificate for it"
                ),
                "give it among the extensions".to_owned(),
            ),
            false => (
                format!("`sshd` knows no critical option `{shown}`, and refuses the certificate for it"),
                format!("leave it out; those it knows are {}", names(&CRITICAL_OPTIONS)),
            ),
        };
        Finding::new(&RULE, message, value.label("its value")).with_help(help)
    };
    request.critical_options().iter().filter(unknown).map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-case.json --critical-options:1:1 `sshd` knows no critical option `Force-Command`, and refuses the certificate for it
            leave it out; those it knows are force-command, source-address, verify-required
        bad-extension.json --critical-options:1:1 `permit-pty` is an extension, and as a critical option `sshd` refuses the certificate for it
            give it among the extensions
        bad-other.json --critical-options:1:1 `sshd` knows no critical option `expires@example.com`, and refuses the certificate for it
            leave it out; those it knows are force-command, source-address, verify-required
        ");
    }
}
