#![doc = include_str!("text_around_blocks.md")]

use std::sync::Arc;

use certgate_facts::{DefectKind, Reading, Span};

use crate::case::{Slot, TlsUpload};
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// What OpenSSL writes above blocks that it takes out of PKCS#12.
const NOTES: [&str; 2] = ["Bag Attributes", "Key Attributes"];

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(14),
    name: "text-around-blocks",
    summary: "text stands around the blocks: comments, or what OpenSSL noted of a PKCS#12 file",
    level: Level::Allow,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 7468 §2",
    explanation: include_str!("text_around_blocks.md"),
    judge: Judge::Tls(judge),
};

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let (certificate, key) = (upload.certificate(), upload.private_key());
    let is_another = !Arc::ptr_eq(certificate.reading(), key.reading());
    let slots = [Some(certificate), is_another.then_some(key)];
    slots.into_iter().flatten().filter_map(finding).collect()
}

fn finding(slot: &Slot) -> Option<Finding> {
    let reading = slot.reading();
    let is_string = |kind: &DefectKind| matches!(kind, DefectKind::LineEndsEscaped { .. });
    let is_text = reading.source().origin().is_none()
        && !reading.defects().iter().any(|defect| is_string(&defect.kind));
    let lines = || text_lines(reading).filter(|_| is_text && !reading.entries().is_empty());
    let first = lines().next()?;
    let text = reading.source().text();
    let is_note = |line: &Span| NOTES.iter().any(|note| line.of(text).starts_with(note.as_bytes()));
    let help = "leave it out, as `certgate fix --warn text-around-blocks FILE` does";
    Some(match lines().find(is_note) {
        Some(note) => {
            let message = "what OpenSSL noted of a PKCS#12 file stands around the blocks";
            Finding::new(&RULE, message, Label::new(reading, note, ""))
                .with_help("leave it out, as `certgate fix FILE` does")
                .at_level(Level::Warning)
        }
        None => Finding::new(&RULE, "text stands around the blocks", Label::new(reading, first, ""))
            .with_help(help),
    })
}

/// The lines outside the blocks that are not blank, without blanks around them.
fn text_lines(reading: &Reading) -> impl Iterator<Item = Span> {
    let text = reading.source().text();
    let blocks = reading.entries().iter().map(|entry| entry.block().span());
    let starts = std::iter::once(0).chain(blocks.clone().map(Span::end));
    let ends = blocks.map(Span::start).chain([text.len()]);
    let gaps = starts.zip(ends).filter(|(start, end)| start < end);
    gaps.flat_map(|(start, end)| {
        let mut at = start;
        text[start..end].split(|byte| matches!(byte, b'\r' | b'\n')).filter_map(move |line| {
            let begin = at + (line.len() - line.trim_ascii_start().len());
            at += line.len() + 1;
            let line = line.trim_ascii();
            (!line.is_empty()).then(|| Span::new(begin, begin + line.len()))
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-bag-attributes.pem:1:1 what OpenSSL noted of a PKCS#12 file stands around the blocks
            leave it out, as `certgate fix FILE` does
        bad-behind.pem:12:3 text stands around the blocks
            leave it out, as `certgate fix --warn text-around-blocks FILE` does
        bad-comment.pem:1:1 text stands around the blocks
            leave it out, as `certgate fix --warn text-around-blocks FILE` does
        ");
    }
}
