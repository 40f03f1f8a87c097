#![doc = include_str!("rsa_exponent_unusual.md")]

use crate::case::TlsUpload;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::member::Member;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(305),
    name: "rsa-exponent-unusual",
    summary: "the public exponent of an RSA key is one that clients refuse, or less than 65537",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "CA/Browser Forum Baseline Requirements §6.1.6; RFC 8017 §3.1",
    explanation: include_str!("rsa_exponent_unusual.md"),
    judge: Judge::Tls(judge),
};

/// From here on the Baseline Requirements recommend it.
const EXPONENT_MIN: u32 = 65_537;
/// The most bits that every client takes: Go's limit.
const BITS_MAX: usize = 31;

fn judge(upload: &TlsUpload, _: &Policy) -> Vec<Finding> {
    let finding = |member: Member<'_>| {
        let (fault, is_refused) = fault(member.certificate.public_key().rsa_exponent()?)?;
        let message = format!("the public exponent of the RSA key of {member} {fault}");
        let help = match member.is_leaf {
            true => {
                "have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`"
            }
            false => "take a certificate of an authority whose key has the exponent 65537",
        };
        Some(member.finding(&RULE, message).with_help(help).with_clients_refuse(is_refused))
    };
    Member::all_of(upload).filter(|member| !member.is_root()).filter_map(finding).collect()
}

/// What is unusual about a big-endian exponent, and whether clients refuse it.
fn fault(exponent: &[u8]) -> Option<(String, bool)> {
    let digits = exponent.iter().skip_while(|digit| **digit == 0);
    let value = digits
        .clone()
        .try_fold(0_u32, |value, digit| (value < 1 << 24).then(|| value << 8 | u32::from(*digit)));
    match value {
        None => Some((
            format!("has {} bytes, and clients take no more than {BITS_MAX} bits", digits.count()),
            true,
        )),
        Some(value) if value >> BITS_MAX != 0 => {
            Some((format!("is {value}, and clients take no more than {BITS_MAX} bits"), true))
        }
        Some(value) if value < 3 || value % 2 == 0 => {
            Some((format!("is {value}: it has to be odd and 3 or more, or nothing is secret"), true))
        }
        Some(value) if value < EXPONENT_MIN => Some((format!("is {value}, less than {EXPONENT_MIN}"), false)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-17.pem:3:1 the public exponent of the RSA key of the leaf is 17, less than 65537
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-3.pem:3:1 the public exponent of the RSA key of the leaf is 3, less than 65537
            have a new key certified: `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072`
        bad-issuer.pem:25:1 the public exponent of the RSA key of `Test intermediate rsa-2048-exponent-3` is 3, less than 65537
            take a certificate of an authority whose key has the exponent 65537
        ");
    }

    #[test]
    fn clients_refuse_what_is_even_below_3_or_over_31_bits() {
        let is_refused = |exponent: u64| fault(&exponent.to_be_bytes()).map(|(_, is_refused)| is_refused);
        for sound in [65_537, 65_539, (1 << 31) - 1] {
            assert_eq!(is_refused(sound), None, "{sound}");
        }
        for small in [3, 17, 65_535] {
            assert_eq!(is_refused(small), Some(false), "{small}");
        }
        for refused in [0, 1, 2, 65_536, (1 << 31) + 1, (1 << 32) + 1, u64::MAX] {
            assert_eq!(is_refused(refused), Some(true), "{refused}");
        }
    }
}
