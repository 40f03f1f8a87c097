#![doc = include_str!("option_value_missing.md")]

use crate::case::{Field, UserCertificateRequest};
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::ssh_option::{CRITICAL_OPTIONS, Value};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(473),
    name: "option-value-missing",
    summary: "an option that needs a value has none",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2.3; ssh-keygen(1), -O",
    explanation: include_str!("option_value_missing.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    let needs_value = |name: &str| {
        CRITICAL_OPTIONS
            .iter()
            .find(|known| known.name == name)
            .is_some_and(|known| known.value == Value::Needed)
    };
    let finding = |(name, value): (&String, &Field)| {
        let message = format!("`{name}` has no value, and `sshd` refuses the certificate for it");
        let help = match name.as_str() {
            "source-address" => "say which addresses, such as source-address=192.0.2.0/24,2001:db8::/32",
            _ => "say which command, such as force-command=/usr/bin/true",
        };
        Finding::new(&RULE, message, value.label("no value")).with_help(help)
    };
    let options = request.critical_options().iter();
    options.filter(|(name, value)| needs_value(name) && value.text().is_empty()).map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --critical-options:1:1 `source-address` has no value, and `sshd` refuses the certificate for it
            say which addresses, such as source-address=192.0.2.0/24,2001:db8::/32
        bad-command.json --critical-options:1:1 `force-command` has no value, and `sshd` refuses the certificate for it
            say which command, such as force-command=/usr/bin/true
        ");
    }
}
