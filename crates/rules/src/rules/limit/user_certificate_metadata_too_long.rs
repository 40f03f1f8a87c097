#![doc = include_str!("user_certificate_metadata_too_long.md")]

use super::metadata_too_long::METADATA_BYTES_MAX;
use crate::case::UserCertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::too_long;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(509),
    name: "user-certificate-metadata-too-long",
    summary: "the metadata of a user certificate is longer than 4096 bytes",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::USER_METADATA_TOO_LONG),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1948; API reference, create SSH user certificate, metadata",
    explanation: include_str!("user_certificate_metadata_too_long.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    too_long::of_field(&RULE, "metadata", request.metadata(), METADATA_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ascii.json --metadata:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-four-bytes.json --metadata:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-two-bytes.json --metadata:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        ");
    }
}
