#![doc = include_str!("text_encoding_unsupported.md")]

use certgate_facts::DefectKind;

use crate::case::TlsUpload;
use crate::code::{ApiCode, RuleCode};
use crate::finding::{Finding, Label};
use crate::hidden;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(9),
    name: "text-encoding-unsupported",
    summary: "the text is encoded so that readers pass over its blocks",
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
    citation: "RFC 7468 §2: textual encodings are ASCII",
    explanation: include_str!("text_encoding_unsupported.md"),
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
        let hides_some = slot.entries().any(|entry| !entry.block().is_found_by_go());
        let encodings = slot.reading().defects().iter().filter(|defect| hidden::is_of_encoding(&defect.kind));
        findings.extend(encodings.map(|defect| {
            let place = Label::new(slot.reading(), defect.span, "");
            let message = format!("{}: {}", defect.kind, consequence(&defect.kind, hides_some));
            let finding = Finding::new(&RULE, message, place).with_help(help(&defect.kind));
            match hides_some {
                true => {
                    finding.with_api_code(api_code).with_clients_refuse(api_code.is_some() || clients_refuse)
                }
                // A mark in front of other text hides no block; it is still nothing that belongs there.
                false => finding.at_level(Level::Warning).with_clients_refuse(false),
            }
        }));
    }
    findings
}

fn consequence(defect: &DefectKind, hides_some: bool) -> &'static str {
    match defect {
        _ if !hides_some => "no block is lost by it here",
        DefectKind::ByteOrderMark => "OpenSSL reads it, readers in Go lose the first block",
        DefectKind::CarriageReturns => "GnuTLS reads it, readers in Go and OpenSSL find no block in it",
        _ => "no reader of PEM finds a block in it",
    }
}

fn help(defect: &DefectKind) -> &'static str {
    match defect {
        DefectKind::LineEndsEscaped { is_embedded: true } => {
            "give the text itself, with line feeds: of a field of JSON, `jq -r .FIELD FILE > CLEAN` writes it"
        }
        DefectKind::LineEndsEscaped { .. } => "end lines with a line feed: `certgate fix --write FILE` does",
        DefectKind::CarriageReturns => {
            "end lines with a line feed: `certgate fix --write FILE`, or `tr '\\r' '\\n' < FILE > CLEAN`"
        }
        DefectKind::ByteOrderMark => {
            "save it as UTF-8 without a byte order mark: `certgate fix --write FILE`, or `tail -c +4 FILE > CLEAN`"
        }
        _ => "save it as UTF-8: `certgate fix --write FILE` does, and leaves out the mark at its start",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @r"
        bad-byte-order-mark.pem:1:1 the text begins with a UTF-8 byte order mark: OpenSSL reads it, readers in Go lose the first block
            save it as UTF-8 without a byte order mark: `certgate fix --write FILE`, or `tail -c +4 FILE > CLEAN`
        bad-carriage-returns.pem:1:1 lines end in a carriage return alone: GnuTLS reads it, readers in Go and OpenSSL find no block in it
            end lines with a line feed: `certgate fix --write FILE`, or `tr '\r' '\n' < FILE > CLEAN`
        bad-escaped-field.pem:1:49 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
            give the text itself, with line feeds: of a field of JSON, `jq -r .FIELD FILE > CLEAN` writes it
        bad-escaped.pem:1:29 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
            end lines with a line feed: `certgate fix --write FILE` does
        bad-key-escaped.key:2:28 lines end in a backslash and an `n` instead of a line feed: no reader of PEM finds a block in it
            end lines with a line feed: `certgate fix --write FILE` does
        bad-key-utf16-le.key:1:1 the text is encoded as UTF-16: no reader of PEM finds a block in it
            save it as UTF-8: `certgate fix --write FILE` does, and leaves out the mark at its start
        bad-utf16-be.pem:1:1 the text is encoded as UTF-16: no reader of PEM finds a block in it
            save it as UTF-8: `certgate fix --write FILE` does, and leaves out the mark at its start
        bad-utf16-le.pem:1:1 the text is encoded as UTF-16: no reader of PEM finds a block in it
            save it as UTF-8: `certgate fix --write FILE` does, and leaves out the mark at its start
        ");
    }
}
