#![doc = include_str!("principal_too_long.md")]

use crate::case::{GivenPrincipal, SshSubject};
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer::{FINDINGS_MAX, shown};
use crate::policy::Policy;
use crate::principal::PrincipalFault;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(426),
    name: "principal-too-long",
    summary: "a principal is longer than any name",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 1035 §2.3.4; useradd(8)",
    explanation: include_str!("principal_too_long.md"),
    judge: Judge::Ssh(judge),
};

/// Most bytes of a principal: a name in DNS has 253, and the name of a user fewer.
pub const PRINCIPAL_BYTES_MAX: usize = 255;

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let principals = subject.principals().unwrap_or_default();
    // One with another fault is told of already.
    let is_name = |text: &str| PrincipalFault::of_name(text, subject.role()).is_none();
    let too_long = principals
        .iter()
        .filter(|principal| principal.text.len() > PRINCIPAL_BYTES_MAX && is_name(&principal.text));
    let finding = |principal: &GivenPrincipal<'_>| {
        let (shown, bytes) = (shown(&principal.text), principal.text.len());
        let message = format!("{shown} has {bytes} bytes, and no name has more than {PRINCIPAL_BYTES_MAX}");
        let help = "give each name as a principal of its own";
        let finding = Finding::new(&RULE, message, principal.label("")).with_help(help);
        match subject.certificate() {
            Some(_) => finding.at_level(Level::Warning),
            None => finding,
        }
    };
    too_long.take(FINDINGS_MAX).map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-host.json --principal:1:1 `web-web-web-web-web-web-web-web-web-web-web-web-web-web-web-web-…` has 256 bytes, and no name has more than 255
            give each name as a principal of its own
        bad-user.json --principal:1:1 `web-web-web-web-web-web-web-web-web-web-web-web-web-web-web-web-…` has 256 bytes, and no name has more than 255
            give each name as a principal of its own
        ");
    }
}
