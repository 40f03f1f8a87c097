#![doc = include_str!("pem_block_has_headers.md")]

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::Finding;
use crate::finding::Label;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(6),
    name: "pem-block-has-headers",
    summary: "a certificate block carries PEM headers",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::PEM_HEADERS),
    may_cause: &[],
    clients_refuse: false,
    citation: "API error catalogue, ERR_NGROK_1910",
    explanation: include_str!("pem_block_has_headers.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let slot = upload.certificate();
    let with_headers = slot.entries_found_by_api().filter(|entry| entry.is_certificate());
    let finding = |entry: &certgate_facts::Entry| {
        let header = entry.block().headers().first()?;
        let message = format!("a PEM header stands inside the block: `{}`", header.name.escape_debug());
        let place = Label::new(slot.reading(), header.span, "");
        Some(
            Finding::new(&RULE, message, place)
                .with_help("remove the lines with a colon between BEGIN and the base64 data"),
        )
    };
    with_headers.filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-friendly-name.pem:4:1 a PEM header stands inside the block: `friendlyName`
            remove the lines with a colon between BEGIN and the base64 data
        bad-last-block.pem:26:1 a PEM header stands inside the block: `Comment`
            remove the lines with a colon between BEGIN and the base64 data
        bad-two-headers.pem:4:1 a PEM header stands inside the block: `Key-Id`
            remove the lines with a colon between BEGIN and the base64 data
        ");
    }
}
