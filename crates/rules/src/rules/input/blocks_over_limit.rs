#![doc = include_str!("blocks_over_limit.md")]

use certgate_facts::DefectKind;

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(10),
    name: "blocks-over-limit",
    summary: "a file holds more PEM blocks than are read",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "the limit is certgate's own",
    explanation: include_str!("blocks_over_limit.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for slot in [upload.certificate(), upload.private_key()] {
        let over = slot
            .reading()
            .defects()
            .iter()
            .filter(|defect| matches!(defect.kind, DefectKind::BlocksOverLimit { .. }));
        findings.extend(over.map(|defect| {
            let place = Label::new(slot.reading(), defect.span, "the first block that is not read");
            Finding::new(&RULE, defect.kind.to_string(), place)
                .with_help("split the file: an upload is one chain and one key")
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-notes.pem:1557:1 more than 512 blocks in one input; the rest is not read
            split the file: an upload is one chain and one key
        ");
    }
}
