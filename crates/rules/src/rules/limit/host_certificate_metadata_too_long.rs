#![doc = include_str!("host_certificate_metadata_too_long.md")]

use super::metadata_too_long::METADATA_BYTES_MAX;
use crate::case::HostCertificateRequest;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::too_long;

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(504),
    name: "host-certificate-metadata-too-long",
    summary: "the metadata of a host certificate is longer than 4096 bytes",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: Some(ApiCode::HOST_METADATA_TOO_LONG),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1946; API reference, create SSH host certificate, metadata",
    explanation: include_str!("host_certificate_metadata_too_long.md"),
    judge: Judge::HostCertificate(judge),
};

fn judge(request: &HostCertificateRequest, _: &Policy) -> Vec<Finding> {
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
