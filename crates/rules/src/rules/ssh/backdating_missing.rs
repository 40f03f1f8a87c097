#![doc = include_str!("backdating_missing.md")]

use crate::case::CertificateRequest;
use crate::code::RuleCode;
use crate::finding::{Finding, Label};
use crate::party::Party;
use crate::policy::{Policy, SSH_BACKDATING_SECS_DEFAULT};
use crate::rule::{Confidence, Judge, Level, Rule};
use crate::seconds::{At, For, judged_at};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(437),
    name: "backdating-missing",
    summary: "the validity begins too late for clocks that are slow",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "ssh-keygen(1), -V; draft-ietf-sshm-cert-01 §2, valid after",
    explanation: include_str!("backdating_missing.md"),
    judge: Judge::Request(judge),
};

fn judge(request: &CertificateRequest, policy: &Policy) -> Vec<Finding> {
    let at = judged_at(policy);
    let latest = at.saturating_sub(SSH_BACKDATING_SECS_DEFAULT);
    let Some(after) = request.valid_after().secs().filter(|after| (latest + 1..=at).contains(after)) else {
        return Vec::new();
    };
    let judge = Party::of(request.role()).judges.trim_end_matches('s');
    let begins = format!("the certificate would begin on {}", At(after));
    let message = match at - after {
        0 => format!("{begins}, which is now: a {judge} whose clock is behind refuses it"),
        secs => format!("{begins}, {} ago: a {judge} whose clock is further behind refuses it", For(secs)),
    };
    let help = format!("let it begin earlier: `--valid-after {}`", At(latest));
    let place = match (request.valid_after().field(), request.public_key_line()) {
        (Some(field), _) => field.label("the beginning"),
        (None, Some(line)) => Label::new(request.public_key_reading(), line.span, "of this key"),
        (None, None) => request.key_id().label("of this certificate"),
    };
    vec![Finding::new(&RULE, message, place).with_help(help)]
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-a-second-short.json --valid-after:1:1 the certificate would begin on 2026-10-31T23:59:01Z, 59 seconds ago: a client whose clock is further behind refuses it
            let it begin earlier: `--valid-after 2026-10-31T23:59:00Z`
        bad-now.json --valid-after:1:1 the certificate would begin on 2026-11-01T00:00:00Z, which is now: a client whose clock is behind refuses it
            let it begin earlier: `--valid-after 2026-10-31T23:59:00Z`
        bad-user.json --valid-after:1:1 the certificate would begin on 2026-11-01T00:00:00Z, which is now: a server whose clock is behind refuses it
            let it begin earlier: `--valid-after 2026-10-31T23:59:00Z`
        ");
    }
}
