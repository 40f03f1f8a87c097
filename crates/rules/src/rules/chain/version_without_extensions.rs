#![doc = include_str!("version_without_extensions.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(215),
    name: "version-without-extensions",
    summary: "a certificate has extensions, and a version that has none",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.1.2.1",
    explanation: include_str!("version_without_extensions.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let version = member.certificate.version();
        let message = format!("{member} has extensions and is of version {version}: only version 3 has them");
        let help = "have it issued again: `openssl x509 -req -extfile` writes version 3";
        let is_found = version != 3 && !member.certificate.extensions().is_empty();
        is_found.then(|| member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-first.pem:3:1 the leaf has extensions and is of version 1: only version 3 has them
            have it issued again: `openssl x509 -req -extfile` writes version 3
        bad-second.pem:3:1 the leaf has extensions and is of version 2: only version 3 has them
            have it issued again: `openssl x509 -req -extfile` writes version 3
        ");
    }
}
