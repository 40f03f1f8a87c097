//! The header `Date`.

use certgate_facts::Timestamp;

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment as HTTP writes it (RFC 9110 §5.6.7).
pub(super) fn of(unix_secs: i64) -> String {
    // 1970-01-01 was a Thursday.
    let day = DAYS[usize::try_from(unix_secs.div_euclid(86_400).rem_euclid(7)).unwrap()];
    let written = Timestamp::from_unix_secs(unix_secs).to_string();
    let (date, time) = written.trim_end_matches('Z').split_once('T').unwrap();
    let parts: Vec<&str> = date.split('-').collect();
    let month = MONTHS[parts[1].parse::<usize>().unwrap() - 1];
    format!("{day}, {} {month} {} {time} GMT", parts[2], parts[0])
}

#[test]
fn moments_are_written_as_http_does() {
    assert_eq!(of(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(of(certgate_fixtures::JUDGED_AT_UNIX_SECS), "Sun, 01 Nov 2026 00:00:00 GMT");
}
