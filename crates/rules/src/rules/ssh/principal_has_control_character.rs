#![doc = include_str!("principal_has_control_character.md")]

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer;
use crate::policy::Policy;
use crate::principal::{PrincipalFault, first_unseen};
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(418),
    name: "principal-has-control-character",
    summary: "a principal has a character that is not seen",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "Unicode Technical Report 36 §2; draft-ietf-sshm-cert-01 §2, valid principals",
    explanation: include_str!("principal_has_control_character.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    misnomer::findings(subject, PrincipalFault::ControlCharacter, |name| {
        let (before, unseen) = first_unseen(name.text()).unwrap_or_default();
        let kind = if unseen.is_control() { "a control character" } else { "which is not seen" };
        let noun = name.party.noun;
        let (shown, code) = (name.shown(), u32::from(unseen));
        let message = format!(
            "{shown} has U+{code:04X}, {kind}, as character {}: no {noun} has such a name",
            before + 1
        );
        name.never_found(&RULE, message, "find out where the text comes from, and type the name again")
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @r"
        bad-at-the-end.json --principal:1:1 `web-1.example.com\0` has U+0000, a control character, as character 18: no host has such a name
            write `web-1.example.com`
        bad-byte-order-mark.json --principal:1:1 `\u{feff}web-1.example.com` has U+FEFF, which is not seen, as character 1: no host has such a name
            write `web-1.example.com`
        bad-c1.json --principal:1:1 `web-1\u{85}.example.com` has U+0085, a control character, as character 6: no host has such a name
            find out where the text comes from, and type the name again
        bad-delete.json --principal:1:1 `web-1\u{7f}.example.com` has U+007F, a control character, as character 6: no host has such a name
            find out where the text comes from, and type the name again
        bad-direction.json --principal:1:1 `\u{202e}web-1.example.com` has U+202E, which is not seen, as character 1: no host has such a name
            write `web-1.example.com`
        bad-inside.json --principal:1:1 `web-1.example.com\0.example.net` has U+0000, a control character, as character 18: no host has such a name
            find out where the text comes from, and type the name again
        bad-user.json --principal:1:1 `alice\u{200b}` has U+200B, which is not seen, as character 6: no user has such a name
            write `alice`
        ");
    }
}
