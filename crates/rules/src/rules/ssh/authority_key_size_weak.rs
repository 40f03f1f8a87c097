#![doc = include_str!("authority_key_size_weak.md")]

use super::authority_key_weak::RSA_BITS_MIN;
use crate::case::SshAuthorityRequest;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(466),
    name: "authority-key-size-weak",
    summary: "the RSA key of an authority is to have fewer than 3072 bits",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 8332 §5.1; NIST SP 800-57 part 1 §5.6",
    explanation: include_str!("authority_key_size_weak.md"),
    judge: Judge::SshAuthority(judge),
};

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let is_rsa = request.private_key_type().is_some_and(|key_type| key_type.text() == "rsa");
    // Other sizes have a rule of their own.
    let Some((bits, written)) = request.key_size().filter(|(bits, _)| is_rsa && *bits == 2048) else {
        return Vec::new();
    };
    let message =
        format!("the rsa key is to have {bits} bits, and an authority should have {RSA_BITS_MIN} at least");
    let help = "write 4096, or take an ed25519 key";
    vec![Finding::new(&RULE, message, written.label("too few to last")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-short.json --key-size:1:1 the rsa key is to have 2048 bits, and an authority should have 3072 at least
            write 4096, or take an ed25519 key
        ");
    }
}
