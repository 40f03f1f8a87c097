#![doc = include_str!("key_too_long_for_target.md")]

use crate::case::TargetUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(522),
    name: "key-too-long-for-target",
    summary: "the upload target takes no private keys of so many bytes",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "documents of the upload target, named with the finding",
    explanation: include_str!("key_too_long_for_target.md"),
    judge: Judge::Target(judge),
};

fn judge(case: &TargetUpload, _: &Policy) -> Vec<Finding> {
    let (upload, target) = (case.upload(), case.target());
    let slot = upload.private_key();
    let (Some(entry), Some(bytes_max)) = (upload.private_key_seen(), target.takes.key_bytes_max) else {
        return Vec::new();
    };
    let block = entry.block().span();
    let bytes = match slot.is_whole() {
        true => slot.reading().source().bytes().len(),
        false => block.end() - block.start(),
    };
    if bytes <= bytes_max {
        return Vec::new();
    }
    let message = format!(
        "`{}` takes private keys of {bytes_max} bytes at most, and this one has {bytes}",
        target.name()
    );
    let help = if block.end() - block.start() <= bytes_max {
        "leave out what stands around the block, as `certgate convert FILE --to pkcs8 --output NEW.key` does"
    } else {
        "have the certificate issued for a smaller key"
    };
    vec![Finding::new(&RULE, message, slot.label(entry, "")).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-blank-lines.key:3:1 `aws-acm` takes private keys of 5120 bytes at most, and this one has 5499
            leave out what stands around the block, as `certgate convert FILE --to pkcs8 --output NEW.key` does
        bad-comment.key:73:1 `aws-acm` takes private keys of 5120 bytes at most, and this one has 9385
            leave out what stands around the block, as `certgate convert FILE --to pkcs8 --output NEW.key` does
        ");
    }
}
