#![doc = include_str!("user_certificate_description_too_long.md")]

use super::description_too_long::DESCRIPTION_BYTES_MAX;
use crate::case::UserCertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::too_long;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(508),
    name: "user-certificate-description-too-long",
    summary: "the description of a user certificate is longer than 255 bytes",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::USER_DESCRIPTION_TOO_LONG),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1947; API reference, create SSH user certificate, description",
    explanation: include_str!("user_certificate_description_too_long.md"),
    judge: Judge::UserCertificate(judge),
};

fn judge(request: &UserCertificateRequest, _: &Policy) -> Vec<Finding> {
    too_long::of_field(&RULE, "description", request.description(), DESCRIPTION_BYTES_MAX)
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ascii.json --description:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-four-bytes.json --description:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-two-bytes.json --description:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        ");
    }
}
