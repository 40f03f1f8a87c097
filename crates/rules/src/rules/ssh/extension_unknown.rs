#![doc = include_str!("extension_unknown.md")]

use crate::case::{Field, UserCertificateRequest};
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::ssh_option::{CRITICAL_OPTIONS, EXTENSIONS, names};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(472),
    name: "extension-unknown",
    summary: "an extension is one that no server knows",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "draft-ietf-sshm-cert-01 §2.4; sshd(8)",
    explanation: include_str!("extension_unknown.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    // With a domain behind it, a name is for the servers of that domain.
    let unknown = |(name, _): &(&String, _)| {
        !name.contains('@') && !EXTENSIONS.iter().any(|known| known.name == name.as_str())
    };
    let finding = |(name, value): (&String, &Field)| {
        let shown = Excerpt(name);
        if CRITICAL_OPTIONS.iter().any(|known| known.name == name.as_str()) {
            let message = format!("`{shown}` is a critical option, and as an extension it restricts nothing");
            let finding = Finding::new(&RULE, message, value.label("its value"));
            return finding.with_help("give it among the critical options").at_level(Level::Error);
        }
        let message = format!("`sshd` knows no extension `{shown}`, and passes over it");
        let help = format!("leave it out; those it knows are {}", names(&EXTENSIONS));
        Finding::new(&RULE, message, value.label("its value")).with_help(help)
    };
    request.extensions().iter().filter(unknown).map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-critical-option.json --extensions:1:1 `force-command` is a critical option, and as an extension it restricts nothing
            give it among the critical options
        bad-misspelled.json --extensions:1:1 `sshd` knows no extension `permit-tty`, and passes over it
            leave it out; those it knows are no-touch-required, permit-X11-forwarding, permit-agent-forwarding, permit-port-forwarding, permit-pty, permit-user-rc
        bad-without-domain.json --extensions:1:1 `sshd` knows no extension `login`, and passes over it
            leave it out; those it knows are no-touch-required, permit-X11-forwarding, permit-agent-forwarding, permit-port-forwarding, permit-pty, permit-user-rc
        ");
    }
}
