#![doc = include_str!("pem_block_damaged.md")]

use certgate_facts::{Block, Defect, DefectKind, Entry};

use crate::case::{Slot, TlsUpload};
use crate::code::{ApiCode, RuleCode};
use crate::finding::{Finding, Label};
use crate::hidden;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(8),
    name: "pem-block-damaged",
    summary: "a PEM block is damaged, so that readers pass over it",
    level: Level::Error,
    confidence: Confidence::Inferred,
    api_code: None,
    may_cause: &[
        ApiCode::CERTIFICATE_MISSING,
        ApiCode::KEY_MISSING,
        ApiCode::KEY_MISMATCH,
        ApiCode::CHAIN_ORDER,
    ],
    clients_refuse: true,
    citation: "RFC 7468 §2, §3",
    explanation: include_str!("pem_block_damaged.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, policy: &Policy) -> Vec<Finding> {
    let fields = [
        (upload.certificate(), hidden::certificate_consequence(upload)),
        (upload.private_key(), hidden::key_consequence(upload)),
    ];
    let clients_refuse = hidden::clients_miss_it(upload, policy);
    let mut findings: Vec<Finding> = Vec::new();
    for (slot, api_code) in fields {
        let hidden = slot.entries().map(Entry::block).filter(|block| !block.is_found_by_go());
        let in_blocks = hidden.filter_map(|block| Some(finding(slot, Some(block), block.defects().first()?)));
        let of_text = slot.reading().defects().iter().filter(|_| slot.is_whole());
        let stray = of_text
            .filter(|defect| defect.kind == DefectKind::EndStray)
            .map(|defect| finding(slot, None, defect));
        let finds_none = slot.entries_found_by_api().next().is_none();
        // An END line too many hides nothing by itself.
        let stray = stray.map(|finding| if finds_none { finding } else { finding.at_level(Level::Warning) });
        let clients_refuse = api_code.is_some() || clients_refuse;
        findings.extend(
            in_blocks.map(|finding| finding.with_api_code(api_code).with_clients_refuse(clients_refuse)),
        );
        let api_code = api_code.filter(|_| finds_none);
        findings.extend(stray.map(|finding| finding.with_api_code(api_code).with_clients_refuse(finds_none)));
    }
    findings
}

fn finding(slot: &Slot, block: Option<&Block>, defect: &Defect) -> Finding {
    let place = Label::new(slot.reading(), defect.span, "");
    let related = block
        .filter(|block| block.begin() != defect.span)
        .map(|block| Label::new(slot.reading(), block.begin(), "in this block"));
    Finding::new(&RULE, defect.kind.to_string(), place).with_related(related).with_help(help(&defect.kind))
}

fn help(defect: &DefectKind) -> &'static str {
    match defect {
        DefectKind::BlockHidden => {
            "end every line with a line feed, and leave only spaces and tabs between symbols"
        }
        DefectKind::BoundaryDashes => "`certgate fix --write FILE` writes five ASCII hyphens on each side",
        DefectKind::BoundaryGlued => {
            "`certgate fix --write FILE` starts a new line: a file joined to it lacked its last line end"
        }
        DefectKind::BoundaryIndented => "`certgate fix --write FILE` removes the spaces before the hyphens",
        DefectKind::SpaceUnsupported { .. } => "`certgate fix --write FILE` takes it out",
        DefectKind::EndLabel { .. } | DefectKind::EndMissing | DefectKind::EndStray => {
            "copy the block again, from its BEGIN line to the END line with the same words"
        }
        _ => {
            "copy the block again from where it came: readers pass over a block they cannot decode, without a word"
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-base64.pem:6:20 `*` is not a base64 symbol
            copy the block again from where it came: readers pass over a block they cannot decode, without a word
        bad-em-dashes.pem:3:1 a BEGIN or END line takes exactly five hyphens on each side
            `certgate fix --write FILE` writes five ASCII hyphens on each side
        bad-end-missing.pem:25:1 the BEGIN line has no END line
            copy the block again, from its BEGIN line to the END line with the same words
        bad-four-dashes.pem:3:1 a BEGIN or END line takes exactly five hyphens on each side
            `certgate fix --write FILE` writes five ASCII hyphens on each side
        bad-glued.pem:14:26 a BEGIN or END line must start its own line
            `certgate fix --write FILE` starts a new line: a file joined to it lacked its last line end
        bad-indented.pem:3:3 a BEGIN or END line must not be indented
            `certgate fix --write FILE` removes the spaces before the hyphens
        bad-indented.pem:17:3 a BEGIN or END line must not be indented
            `certgate fix --write FILE` removes the spaces before the hyphens
        bad-indented.pem:29:3 a BEGIN or END line must not be indented
            `certgate fix --write FILE` removes the spaces before the hyphens
        bad-key.key:4:20 `*` is not a base64 symbol
            copy the block again from where it came: readers pass over a block they cannot decode, without a word
        bad-label.pem:23:1 BEGIN says `CERTIFICATE` but END says `X509 CERTIFICATE`
            copy the block again, from its BEGIN line to the END line with the same words
        bad-last-block.pem:18:2 `*` is not a base64 symbol
            copy the block again from where it came: readers pass over a block they cannot decode, without a word
        bad-length.pem:14:16 the base64 data ends early: 655 symbols, not a multiple of four
            copy the block again from where it came: readers pass over a block they cannot decode, without a word
        bad-no-break-space.pem:4:1 a non-breaking space (U+00A0) stands where only ASCII may
            `certgate fix --write FILE` takes it out
        ");
    }
}
