#![doc = include_str!("critical_extension_unknown.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(213),
    name: "critical-extension-unknown",
    summary: "a certificate has a critical extension that no client knows",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.2",
    explanation: include_str!("critical_extension_unknown.md"),
    judge: Judge::Tls(judge),
};

/// Extensions shown in a message; the rest is counted.
const SHOWN_MAX: usize = 5;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let unknown = member.certificate.extensions().unknown_critical();
        let shown: Vec<&str> = unknown.iter().take(SHOWN_MAX).map(String::as_str).collect();
        let more = match unknown.len().saturating_sub(SHOWN_MAX) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message =
            format!("{member} has a critical extension that no client knows: {}{more}", shown.join(", "));
        let help = "have it issued again with the extension not critical, or without it";
        (!unknown.is_empty()).then(|| member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-issuer.pem:17:1 `Test intermediate p256-b` has a critical extension that no client knows: 1.3.6.1.4.1.32473.1
            have it issued again with the extension not critical, or without it
        bad-leaf.pem:3:1 the leaf has a critical extension that no client knows: 1.3.6.1.4.1.32473.1
            have it issued again with the extension not critical, or without it
        ");
    }
}
