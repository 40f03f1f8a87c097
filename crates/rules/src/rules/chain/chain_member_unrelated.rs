#![doc = include_str!("chain_member_unrelated.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(212),
    name: "chain-member-unrelated",
    summary: "a certificate stands in the chain that the leaf does not lead to",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8446 §4.4.2",
    explanation: include_str!("chain_member_unrelated.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    // Where the order is broken, `chain-out-of-order` says what to leave out; where the key is that of another certificate,
    // `key-does-not-match-leaf` says so.
    if upload.chain().first_broken_link().is_some() || upload.chain().leaf() != Some(0) {
        return Vec::new();
    }
    let certificates: Vec<_> = upload.certificates().collect();
    let finding = |index: usize| {
        let (entry, certificate) = certificates.get(index)?;
        let subject = certificate.subject().title();
        let message = format!(
            "certificate {}, `{}`, signed nothing on the way from the leaf",
            index + 1,
            Excerpt(&subject)
        );
        let place = upload.certificate().label(entry, "");
        Some(
            Finding::new(&RULE, message, place)
                .with_help("leave it out: it is sent with every handshake for nothing"),
        )
    };
    upload.chain().unrelated().filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-crossed-root.pem:66:1 certificate 4, `Test root rsa-2048-c`, signed nothing on the way from the leaf
            leave it out: it is sent with every handshake for nothing
        bad-renewed.pem:20:1 certificate 2, `gate.example.com`, signed nothing on the way from the leaf
            leave it out: it is sent with every handshake for nothing
        ");
    }
}
