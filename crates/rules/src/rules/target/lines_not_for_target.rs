#![doc = include_str!("lines_not_for_target.md")]

use certgate_facts::Span;

use crate::case::{Slot, TargetUpload};
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::target::{Lines, Target};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(527),
    name: "lines-not-for-target",
    summary: "the upload target does not read PEM with such line ends",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("lines_not_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let slots = [upload.certificate(), upload.private_key()];
    slots.into_iter().filter_map(|slot| fault(slot, target)).collect()
}

/// The first line of a slot's blocks that is at fault.
fn fault(slot: &Slot, target: &Target) -> Option<Finding> {
    let (is_wrong, what, help): (fn(&[u8]) -> bool, _, _) = match target.takes.lines {
        Lines::Any => return None,
        Lines::WithoutBlanks => (
            |line| matches!(line, [.., b' ' | b'\t'] | [.., b' ' | b'\t', b'\r']),
            "without blanks before their ends",
            "take the blanks away",
        ),
        Lines::EndInFeeds => {
            (|line| line.ends_with(b"\r"), "that end in line feeds alone", "take the carriage returns away")
        }
    };
    let reading = slot.reading();
    if reading.source().origin().is_some() {
        return None;
    }
    let text = reading.source().text();
    let (start, line) = slot.entries().find_map(|entry| first_line(text, entry.block().span(), is_wrong))?;
    let message = format!("`{}` takes lines {what}", target.name());
    let place = Label::new(reading, Span::new(start, start + line), "");
    let help = format!("{help}, as `certgate fix --for {} FILE` does", target.name());
    Some(Finding::new(&RULE, message, place).with_help(help))
}

/// Where the first line of a block that is wrong begins, and how long it is.
fn first_line(text: &[u8], block: Span, is_wrong: fn(&[u8]) -> bool) -> Option<(usize, usize)> {
    // The end of the last line stands behind the block.
    let rest = text.get(block.start()..)?;
    let mut start = 0;
    while block.start() + start < block.end() {
        let len = rest[start..].iter().position(|byte| *byte == b'\n').unwrap_or(rest.len() - start);
        if is_wrong(&rest[start..start + len]) {
            return Some((block.start() + start, len));
        }
        start += len + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-blanks.pem:2:1 `aws-acm` takes lines without blanks before their ends
            take the blanks away, as `certgate fix --for aws-acm FILE` does
        bad-carriage-returns.pem:1:1 `azure-key-vault` takes lines that end in line feeds alone
            take the carriage returns away, as `certgate fix --for azure-key-vault FILE` does
        bad-carriage-returns.pem:35:1 `azure-key-vault` takes lines that end in line feeds alone
            take the carriage returns away, as `certgate fix --for azure-key-vault FILE` does
        bad-tabs-in-key.key:1:1 `aws-acm` takes lines without blanks before their ends
            take the blanks away, as `certgate fix --for aws-acm FILE` does
        ");
    }
}
