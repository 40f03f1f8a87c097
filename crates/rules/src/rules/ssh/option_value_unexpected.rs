#![doc = include_str!("option_value_unexpected.md")]

use std::collections::BTreeMap;

use crate::case::{Field, UserCertificateRequest};
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::ssh_option::{CRITICAL_OPTIONS, EXTENSIONS, Known, Value};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(474),
    name: "option-value-unexpected",
    summary: "an option that takes no value has one",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2.3 and §2.4; ssh-keygen(1), -O",
    explanation: include_str!("option_value_unexpected.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    let is_flag = |known: &[Known], name: &str| {
        known.iter().any(|known| known.name == name && known.value == Value::None)
    };
    let of = |given: &BTreeMap<String, Field>, known: &'static [Known]| -> Vec<Finding> {
        let at_fault = given.iter().filter(|(name, value)| is_flag(known, name) && !value.text().is_empty());
        at_fault.map(|(name, value)| finding(name, value)).collect()
    };
    let critical = of(request.critical_options(), &CRITICAL_OPTIONS);
    critical.into_iter().chain(of(request.extensions(), &EXTENSIONS)).collect()
}

fn finding(name: &str, value: &Field) -> Finding {
    let shown = Excerpt(value.text());
    let message = format!("`{name}` has the value `{shown}`, and `sshd` refuses the certificate for it");
    let help = "leave the value empty: to have it, it is named; not to have it, it is left out";
    Finding::new(&RULE, message, value.label("a value")).with_help(help)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-critical.json --critical-options:1:1 `verify-required` has the value `yes`, and `sshd` refuses the certificate for it
            leave the value empty: to have it, it is named; not to have it, it is left out
        bad-extension.json --extensions:1:1 `permit-pty` has the value `true`, and `sshd` refuses the certificate for it
            leave the value empty: to have it, it is named; not to have it, it is left out
        ");
    }
}
