#![doc = include_str!("metadata_too_long.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::too_long;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(502),
    name: "metadata-too-long",
    summary: "the metadata is longer than 4096 bytes",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::METADATA_TOO_LONG),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1917; API reference, create TLS certificate, metadata",
    explanation: include_str!("metadata_too_long.md"),
    judge: Judge::Tls(judge),
};

/// The longest metadata the API takes, in bytes of UTF-8.
pub const METADATA_BYTES_MAX: usize = 4096;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    too_long::of_text(&RULE, "metadata", upload.metadata(), METADATA_BYTES_MAX, || {
        upload.certificate().start("the upload it goes with")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-ascii.pem:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-json.pem:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        bad-two-bytes.pem:1:1 the metadata has 4097 bytes, 1 more than the 4096 the API takes
            shorten it; the API counts bytes of UTF-8, of which characters beyond ASCII take two to four
        ");
    }
}
