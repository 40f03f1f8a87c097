#![doc = include_str!("key_ids_contradict.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(211),
    name: "key-ids-contradict",
    summary: "a certificate names another key of its issuer than the issuer says it has",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "RFC 5280 §4.2.1.1; RFC 5280 §4.2.1.2",
    explanation: include_str!("key_ids_contradict.md"),
    judge: Judge::Tls(judge),
};

/// Digits of a key identifier that a message shows.
const DIGITS_MAX: usize = 16;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let below = Member::all_of(upload);
    below.zip(Member::all_of(upload).skip(1)).filter_map(|(below, above)| finding(below, above)).collect()
}

fn finding(below: Member<'_>, above: Member<'_>) -> Option<Finding> {
    let asked_for = below.certificate.extensions().authority_key_id()?;
    let has = above.certificate.extensions().subject_key_id()?;
    if asked_for == has {
        return None;
    }
    let message = format!(
        "{below} names the key {} of its issuer, and {above} says that its key is {}",
        digits(asked_for),
        digits(has)
    );
    let help = "take the issuer's certificate of the time when it signed this, or have this issued again";
    let related = above.label("its subjectKeyIdentifier is another");
    Some(below.finding(&RULE, message).with_related([related]).with_help(help))
}

fn digits(key_id: &[u8]) -> String {
    let shown: String = key_id.iter().take(DIGITS_MAX / 2).map(|byte| format!("{byte:02x}")).collect();
    if key_id.len() > DIGITS_MAX / 2 { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-intermediate.pem:3:1 the leaf names the key abababababababab… of its issuer, and `Test intermediate rsa-2048-b` says that its key is 82daa1df4efe3bd9…
            take the issuer's certificate of the time when it signed this, or have this issued again
        bad-issuer.pem:18:1 `Test intermediate p384-b` names the key 01 of its issuer, and `Test root p256-c` says that its key is d7d4731a74129d50…
            take the issuer's certificate of the time when it signed this, or have this issued again
        bad-root.pem:3:1 the leaf names the key abababababababab… of its issuer, and `Test root p256-c` says that its key is d7d4731a74129d50…
            take the issuer's certificate of the time when it signed this, or have this issued again
        ");
    }
}
