//! Dates as HTTP writes them.

use certgate_api::Timestamp;

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Reads an IMF-fixdate (RFC 9110 §5.6.7), such as `Sun, 06 Nov 1994 08:49:37 GMT`: all that anyone writes today. The
/// name of the day is passed over.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let (day, month, year, time) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let is_all = words.next() == Some("GMT") && words.next().is_none();
    is_all.then(|| format!("{year}-{month:02}-{day}T{time}Z").parse().ok())?
}
