#![doc = include_str!("authority_key_size_unsupported.md")]

use crate::case::SshAuthorityRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(462),
    name: "authority-key-size-unsupported",
    summary: "the RSA key of an authority is to have a size that the API does not make",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::AUTHORITY_KEY_SIZE),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1939; API reference, create SSH certificate authority, key_size",
    explanation: include_str!("authority_key_size_unsupported.md"),
    judge: Judge::SshAuthority(judge),
};

/// The sizes of an RSA key that the API makes, in bits.
const KEY_SIZES: [i64; 2] = [2048, 4096];

fn judge(request: &SshAuthorityRequest, _: &Policy) -> Vec<Finding> {
    let is_rsa = request.private_key_type().is_some_and(|key_type| key_type.text() == "rsa");
    let Some((bits, written)) = request.key_size().filter(|(bits, _)| is_rsa && !KEY_SIZES.contains(bits))
    else {
        return Vec::new();
    };
    let message = format!("the rsa key is to have {bits} bits, and the API makes 2048 and 4096");
    vec![
        Finding::new(&RULE, message, written.label(""))
            .with_help("write 4096; 2048 bits are weak for an authority"),
    ]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-between.json --key-size:1:1 the rsa key is to have 3072 bits, and the API makes 2048 and 4096
            write 4096; 2048 bits are weak for an authority
        bad-bytes.json --key-size:1:1 the rsa key is to have 256 bits, and the API makes 2048 and 4096
            write 4096; 2048 bits are weak for an authority
        bad-long.json --key-size:1:1 the rsa key is to have 8192 bits, and the API makes 2048 and 4096
            write 4096; 2048 bits are weak for an authority
        bad-negative.json --key-size:1:1 the rsa key is to have -2048 bits, and the API makes 2048 and 4096
            write 4096; 2048 bits are weak for an authority
        bad-short.json --key-size:1:1 the rsa key is to have 1024 bits, and the API makes 2048 and 4096
            write 4096; 2048 bits are weak for an authority
        ");
    }
}
