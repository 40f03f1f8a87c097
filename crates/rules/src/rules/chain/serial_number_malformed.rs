#![doc = include_str!("serial_number_malformed.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(214),
    name: "serial-number-malformed",
    summary: "a serial number is zero or longer than 20 bytes",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 5280 §4.1.2.2",
    explanation: include_str!("serial_number_malformed.md"),
    judge: Judge::Tls(judge),
};

/// Bytes of a serial number as DER writes it, the one for the sign included.
const BYTES_MAX: usize = 20;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let magnitude = member.certificate.serial().magnitude();
        let sign = usize::from(magnitude.first().is_some_and(|first| *first >= 0x80));
        let fault = match magnitude.len() + sign {
            0 => "is zero".to_owned(),
            1..=BYTES_MAX => return None,
            bytes => format!("has {bytes} bytes, more than {BYTES_MAX}"),
        };
        let message = format!("the serial number of {member} {fault}");
        let help = "have it issued again under a random number of 16 bytes: `openssl x509 -req` makes one where none is given";
        Some(member.finding(&RULE, message).with_help(help))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-21-bytes.pem:3:1 the serial number of the leaf has 21 bytes, more than 20
            have it issued again under a random number of 16 bytes: `openssl x509 -req` makes one where none is given
        bad-issuer.pem:17:1 the serial number of `Test intermediate p256-b` has 30 bytes, more than 20
            have it issued again under a random number of 16 bytes: `openssl x509 -req` makes one where none is given
        bad-sign.pem:3:1 the serial number of the leaf has 21 bytes, more than 20
            have it issued again under a random number of 16 bytes: `openssl x509 -req` makes one where none is given
        bad-zero.pem:3:1 the serial number of the leaf is zero
            have it issued again under a random number of 16 bytes: `openssl x509 -req` makes one where none is given
        ");
    }
}
