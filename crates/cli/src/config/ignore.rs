//! Findings that are accepted as they are.

use std::sync::Arc;

use certgate_facts::{Span, Timestamp};
use certgate_rules::{Fingerprint, Rule};

use super::level;
use super::pattern::Pattern;
use super::settings::kept;
use crate::handwritten::{Fault, Table, Value};

/// The most ignores of one configuration.
pub(super) const IGNORES_MAX: usize = 1000;
/// The most characters of a reason: it is written into reports.
const REASON_CHARACTERS_MAX: usize = 500;

/// What may stand in an ignore.
pub(super) const KEYS_OF_IGNORE: [&str; 5] = ["rule", "path", "fingerprint", "reason", "until"];

/// Which findings, and why.
#[derive(Clone, Debug)]
pub(super) struct IgnoreEntry {
    /// Where it begins.
    pub(super) span: Span,
    pub(super) rule: &'static Rule,
    /// In which files; in all where it does not say.
    pub(super) path: Option<Pattern>,
    /// What they are recognised by; all where it does not say.
    pub(super) fingerprint: Option<String>,
    /// The path, else the fingerprint, as it is written.
    pub(super) what: Value,
    pub(super) reason: Arc<str>,
    pub(super) until: Option<Until>,
}

/// How long.
#[derive(Clone, Debug)]
pub(super) struct Until {
    /// The last day, as it is written.
    pub(super) last: Value,
    /// The first moment after it.
    pub(super) end: Timestamp,
}

/// The ignores under a key.
pub(super) fn all(top: &Table<'_, '_>, key: &str, faults: &mut Vec<Fault>) -> Vec<IgnoreEntry> {
    let tables = kept(top.tables(key, &KEYS_OF_IGNORE), faults).unwrap_or_default();
    if tables.len() > IGNORES_MAX {
        let what = format!("more than {IGNORES_MAX} ignores");
        faults.push(Fault::new(top.span(), what).with_hint("a baseline holds more: `certgate check --help`"));
    }
    let entries = tables.iter().take(IGNORES_MAX);
    entries.filter_map(|table| kept(IgnoreEntry::of(table), faults)).collect()
}

impl IgnoreEntry {
    fn of(table: &Table<'_, '_>) -> Result<Self, Fault> {
        let what = "an ignore";
        let name = table.required_text("rule", what)?;
        let rule = level::rule(&name)?;
        if rule.is_about_ignores() {
            let fault =
                Fault::new(name.span, format!("`{}` is about ignores, and is not ignored", rule.name()));
            return Err(fault.with_hint(format!("write {} = \"allow\" under [levels]", rule.name())));
        }
        let reason = reason(table)?;
        let (path, fingerprint) = (table.text("path")?, table.text("fingerprint")?);
        let Some(what) = path.clone().or_else(|| fingerprint.clone()) else {
            let fault = Fault::new(table.span(), format!("{what} without path and fingerprint"));
            let hint = format!("say where, or allow the rule: {} = \"allow\" under [levels]", rule.name());
            return Err(fault.with_hint(hint));
        };
        Ok(Self {
            span: table.span(),
            rule,
            path: path.as_ref().map(Pattern::of).transpose()?,
            fingerprint: fingerprint.as_ref().map(digits).transpose()?,
            what,
            reason,
            until: table.date("until")?.map(Until::of).transpose()?,
        })
    }

    /// Whether it is in force at a moment.
    pub(super) fn is_in_force(&self, at: Timestamp) -> bool {
        self.until.as_ref().is_none_or(|until| at < until.end)
    }
}

fn reason(table: &Table<'_, '_>) -> Result<Arc<str>, Fault> {
    let hint = "reason = \"…\" says why it is accepted, to whoever reads a report";
    let reason = table.required_text("reason", "an ignore").map_err(|fault| fault.with_hint(hint))?;
    let words = reason.text.trim();
    match words.chars().count() {
        0 => Err(Fault::new(reason.span, "the reason is empty").with_hint(hint)),
        1..=REASON_CHARACTERS_MAX => Ok(words.into()),
        count => {
            let what = format!("the reason has {count} characters, more than {REASON_CHARACTERS_MAX}");
            Err(Fault::new(reason.span, what)
                .with_hint("say it in a sentence, and where there is more to read"))
        }
    }
}

/// The digits of a fingerprint; SARIF numbers those that are the same.
fn digits(value: &Value) -> Result<String, Fault> {
    let (digits, number) = value.text.split_once(':').unwrap_or((&value.text, "1"));
    let are_digits =
        digits.len() == Fingerprint::DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match are_digits && number.parse::<u64>().is_ok() {
        true => Ok(digits.to_ascii_lowercase()),
        false => {
            let what = format!(
                "`{}` is no fingerprint, which has {} hexadecimal digits",
                value.text,
                Fingerprint::DIGITS
            );
            Err(Fault::new(value.span, what)
                .with_hint("`certgate check --format json` shows that of each finding"))
        }
    }
}

impl Until {
    fn of(last: Value) -> Result<Self, Fault> {
        const DAY_SECS: i64 = 86_400;
        let begin: Timestamp = last.parsed()?;
        Ok(Self { end: Timestamp::from_unix_secs(begin.unix_secs().saturating_add(DAY_SECS)), last })
    }
}
