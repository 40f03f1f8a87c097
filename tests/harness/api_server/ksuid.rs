//! Ids as the API makes them: a prefix, and a number of 20 bytes in base62 that begins with the time.

/// The second that is counted from.
const EPOCH_UNIX_SECS: i64 = 1_400_000_000;
const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many digits 20 bytes take.
pub(super) const LENGTH: usize = 27;

/// The part behind the prefix, for the `count`th id: of two ids of the same second, the later is the greater.
pub(super) fn ksuid(unix_secs: i64, count: u64) -> String {
    let since = u32::try_from(unix_secs - EPOCH_UNIX_SECS).expect("ids are made after 2014");
    let rest = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes: Vec<u8> = [&since.to_be_bytes()[..], &count.to_be_bytes(), &rest.to_be_bytes()].concat();
    let mut text = [b'0'; LENGTH];
    for digit in text.iter_mut().rev() {
        let mut remainder = 0_u32;
        for byte in &mut bytes {
            let dividend = remainder << 8 | u32::from(*byte);
            *byte = u8::try_from(dividend / 62).expect("a digit in base 256");
            remainder = dividend % 62;
        }
        *digit = DIGITS[usize::try_from(remainder).unwrap()];
    }
    String::from_utf8(text.to_vec()).unwrap()
}

/// Whether a text is `prefix`, an underscore and what might be such a number.
pub(super) fn is_id(text: &str, prefix: &str) -> bool {
    let rest = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    rest.is_some_and(|rest| rest.len() == LENGTH && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[test]
fn ids_are_ordered_by_time_and_then_by_count() {
    let ids = [ksuid(1_737_483_592, 1), ksuid(1_737_483_592, 2), ksuid(1_737_483_593, 1)];
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    // The ids in the published examples are of this second.
    assert!(ids[0].starts_with("2rww"), "{ids:?}");
}
