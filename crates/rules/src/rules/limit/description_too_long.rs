#![doc = include_str!("description_too_long.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::too_long;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(501),
    name: "description-too-long",
    summary: "the description is longer than 255 bytes",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::DESCRIPTION_TOO_LONG),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1916; API reference, create TLS certificate, description",
    explanation: include_str!("description_too_long.md"),
    judge: Judge::Tls(judge),
};

/// The longest description the API takes, in bytes of UTF-8.
pub const DESCRIPTION_BYTES_MAX: usize = 255;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    too_long::of_text(&RULE, "description", upload.description(), DESCRIPTION_BYTES_MAX, || {
        upload.certificate().start("the upload it goes with")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ascii.pem:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-four-bytes.pem:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-two-bytes.pem:1:1 the description has 256 bytes, 1 more than the 255 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        ");
    }
}
