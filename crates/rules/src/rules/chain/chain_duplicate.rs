#![doc = include_str!("chain_duplicate.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(203),
    name: "chain-duplicate",
    summary: "a certificate stands in the chain twice",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8446 §4.4.2",
    explanation: include_str!("chain_duplicate.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let certificates: Vec<_> = upload.certificates().collect();
    let finding = |duplicate: &certgate_facts::Duplicate| {
        let ((first, _), (again, certificate)) =
            (certificates.get(duplicate.first)?, certificates.get(duplicate.again)?);
        let message = format!(
            "certificate {} repeats certificate {}, `{}`",
            duplicate.again + 1,
            duplicate.first + 1,
            certificate.subject().title()
        );
        let related = upload.certificate().label(first, "the same certificate, byte by byte");
        Some(
            Finding::new(&RULE, message, upload.certificate().label(again, ""))
                .with_related([related])
                .with_help("leave it out"),
        )
    };
    upload.chain().duplicates().iter().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-root-thrice.pem:25:1 certificate 3 repeats certificate 2, `Test root ed25519-c`
            leave it out
        bad-root-thrice.pem:35:1 certificate 4 repeats certificate 2, `Test root ed25519-c`
            leave it out
        bad-root-twice.pem:42:1 certificate 4 repeats certificate 3, `Test root p256-c`
            leave it out
        ");
    }
}
