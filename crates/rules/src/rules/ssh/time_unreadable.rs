#![doc = include_str!("time_unreadable.md")]

use certgate_facts::Timestamp;

use crate::case::{CertificateRequest, Field, Moment};
use crate::code::{ApiCode, RuleCode};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(431),
    name: "time-unreadable",
    summary: "an end of the validity is not written as RFC 3339",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: Some(ApiCode::TIME_FORMAT),
    may_cause: &[],
    clients_refuse: false,
    citation: "RFC 3339 §5.6; API error catalogue, ERR_NGROK_241",
    explanation: include_str!("time_unreadable.md"),
    judge: Judge::Request(judge),
};

fn judge(request: &CertificateRequest, _: &Policy) -> Vec<Finding> {
    let is_for_api = request.authority_id().is_some();
    let ends = [("valid_after", request.valid_after()), ("valid_until", request.valid_before())];
    ends.into_iter().filter_map(|(name, end)| finding(name, end, is_for_api)).collect()
}

fn finding(name: &str, end: &Moment, is_for_api: bool) -> Option<Finding> {
    let field = end.field()?;
    let text = field.text();
    if end.secs().is_some() && (!is_for_api || is_as_the_api_reads(text)) {
        return None;
    }
    let (message, help) = match text.parse::<Timestamp>() {
        _ if text.is_empty() => {
            return Some(without_code(field, format!("{name} is empty"), "leave it out, or say when"));
        }
        Ok(at) if end.secs().is_none() => {
            let message = format!("{name} is {at}, and a certificate counts time from 1970 on");
            return Some(without_code(field, message, "say a later time"));
        }
        Ok(at) => {
            (format!("{name} is `{}`, which the API does not read", Excerpt(text)), format!("write {at}"))
        }
        Err(_) => (format!("{name} is `{}`, which is no time of RFC 3339", Excerpt(text)), repair(text)),
    };
    Some(Finding::new(&RULE, message, field.label("")).with_help(help))
}

/// The API has no code for it.
fn without_code(field: &Field, message: String, help: &str) -> Finding {
    Finding::new(&RULE, message, field.label("")).with_help(help).with_api_code(None)
}

/// What was meant, where that can be told.
fn repair(text: &str) -> String {
    if let Ok(at) = format!("{}Z", Excerpt(text)).parse::<Timestamp>() {
        return format!("write {at}, if that is meant in UTC");
    }
    if let Some(at) = text.parse().ok().filter(|_| text.len() == 10).map(Timestamp::from_unix_secs) {
        return format!("write {at}, if seconds since 1970 are meant");
    }
    let count = text.strip_prefix('+').unwrap_or(text);
    let number = count.strip_suffix(['s', 'm', 'h', 'd', 'w']).unwrap_or_default();
    match number.parse::<u16>() {
        Ok(_) => format!("write a moment such as 2026-11-30T23:59:00Z, or `--valid-for {count}`"),
        Err(_) => "write it like 2026-11-30T23:59:00Z".to_owned(),
    }
}

/// Whether a text that reads as a moment is date, `T`, time of day and offset, with `Z` in upper case and no leap
/// second: the form that is surely taken. Ours is wider: a date alone is its midnight in UTC.
fn is_as_the_api_reads(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.get(10) == Some(&b'T') && bytes.get(17..19) != Some(b"60") && !text.ends_with('z')
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-before-1970.json --valid-after:1:1 valid_after is 1969-12-31T23:59:59Z, and a certificate counts time from 1970 on
            say a later time
        bad-both.json --valid-after:1:1 valid_after is `31.10.2026`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        bad-both.json --valid-until:1:1 valid_until is `30.11.2026`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        bad-date-for-the-api.json --valid-until:1:1 valid_until is `2026-11-30`, which the API does not read
            write 2026-11-30T00:00:00Z
        bad-date.json --valid-until:1:1 valid_until is `in 30 days`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        bad-duration.json --valid-until:1:1 valid_until is `+30d`, which is no time of RFC 3339
            write a moment such as 2026-11-30T23:59:00Z, or `--valid-for 30d`
        bad-empty.json --valid-until:1:1 valid_until is empty
            leave it out, or say when
        bad-lower-case-for-the-api.json --valid-until:1:1 valid_until is `2026-11-30T23:59:00z`, which the API does not read
            write 2026-11-30T23:59:00Z
        bad-month.json --valid-until:1:1 valid_until is `2026-13-01T00:00:00Z`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        bad-seconds.json --valid-after:1:1 valid_after is `1793491140`, which is no time of RFC 3339
            write 2026-10-31T23:59:00Z, if seconds since 1970 are meant
        bad-space-for-the-api.json --valid-after:1:1 valid_after is `2026-10-31 23:59:00Z`, which the API does not read
            write 2026-10-31T23:59:00Z
        bad-user.json --valid-until:1:1 valid_until is `tomorrow`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        bad-without-offset.json --valid-after:1:1 valid_after is `2026-10-31T23:59:00`, which is no time of RFC 3339
            write 2026-10-31T23:59:00Z, if that is meant in UTC
        bad-word.json --valid-until:1:1 valid_until is `next month`, which is no time of RFC 3339
            write it like 2026-11-30T23:59:00Z
        ");
    }
}
