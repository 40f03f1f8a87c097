//! Logs of Certificate Transparency (RFC 6962), and what browsers ask of a leaf's timestamps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use certgate_facts::{Certificate, Timestamp};

/// Id in hex, operator and name of each, with a tab between: those that Chromium has built in. `tests/ct_logs.rs` makes it anew of
/// Chrome's `log_list.json`.
const LOGS: &str = include_str!("ct_log/logs.txt");
/// The day of that program, or of the list.
pub(crate) const DATE: &str = include_str!("ct_log/date.txt").trim_ascii();

/// The longest validity for which [`SCTS_MIN`] are enough.
const LIFETIME_DAYS_MAX: i64 = 180;
/// How many timestamps browsers ask for, and how many where the validity is longer.
const SCTS_MIN: (usize, usize) = (2, 3);
/// How many operators the logs must be of.
const OPERATORS_MIN: usize = 2;

/// A log that browsers know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CtLog {
    /// What it is called.
    pub name: &'static str,
    /// Who runs it.
    pub operator: &'static str,
}

/// Read once, when somebody asks.
static BY_ID: LazyLock<BTreeMap<[u8; 32], CtLog>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut fields = line.split('\t');
        let (id, operator, name) = (fields.next()?, fields.next()?, fields.next()?);
        Some((unhexed(id)?, CtLog { name, operator }))
    };
    LOGS.lines().filter_map(line).collect()
});

fn unhexed(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    (text.len() == 64).then_some(bytes)
}

impl CtLog {
    /// The log with this id (RFC 6962 §3.2: SHA-256 of its key).
    #[must_use]
    pub fn of_id(id: &[u8; 32]) -> Option<Self> {
        BY_ID.get(id).copied()
    }
}

/// What the embedded timestamps of a leaf lack that browsers ask for; nothing where they are enough, and where the leaf is over:
/// logs leave the list when all that they hold has expired.
pub(crate) fn lack(leaf: &Certificate, at: Timestamp) -> Option<String> {
    if leaf.not_after() < at {
        return None;
    }
    let days = leaf.not_after().days_since(leaf.not_before());
    let is_short = leaf.not_after().unix_secs() - leaf.not_before().unix_secs() <= LIFETIME_DAYS_MAX * 86_400;
    let due = if is_short { SCTS_MIN.0 } else { SCTS_MIN.1 };
    let asked = format!("browsers ask for {due} of a certificate that is valid for {days} days");
    let scts = leaf.extensions().scts();
    let known: BTreeMap<&[u8; 32], CtLog> =
        scts.iter().filter_map(|sct| Some((&sct.log_id, CtLog::of_id(&sct.log_id)?))).collect();
    let operators: BTreeSet<&str> = known.values().map(|log| log.operator).collect();
    if scts.is_empty() {
        Some(format!("it has no embedded SCT; {asked}"))
    } else if known.len() < due {
        let unknown = scts.iter().filter(|sct| !known.contains_key(&sct.log_id)).count();
        let of_unknown =
            if unknown > 0 { format!(", {unknown} of them from unknown logs") } else { String::new() };
        Some(format!("its embedded SCTs number {}{of_unknown}; {asked}, from as many logs", scts.len()))
    } else if operators.len() < OPERATORS_MIN {
        let operator = operators.first().copied().unwrap_or_default();
        Some(format!(
            "its embedded SCTs are all from logs of {operator}; browsers ask for {OPERATORS_MIN} operators"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_log_and_there_are_several_operators() {
        assert_eq!(BY_ID.len(), LOGS.lines().count());
        let operators: BTreeSet<&str> = BY_ID.values().map(|log| log.operator).collect();
        assert!(operators.len() > OPERATORS_MIN && BY_ID.len() > 20, "{operators:?}");
        assert!(BY_ID.values().all(|log| !log.name.is_empty() && !log.operator.is_empty()));
    }

    #[test]
    fn an_id_is_64_digits() {
        assert_eq!(unhexed(&"0a".repeat(32)), Some([10; 32]));
        for bad in ["0a".repeat(31), "0a".repeat(33), "xy".repeat(32), "é".repeat(32)] {
            assert_eq!(unhexed(&bad), None);
        }
    }
}
