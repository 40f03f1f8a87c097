//! How rules weigh.

use std::collections::BTreeMap;

use certgate_facts::{Reading, Span};
use certgate_rules::{Level, Rule};

use super::settings::{Set, kept, word};
use crate::handwritten::{Fault, Table, Value};
use crate::policy;

/// The words for levels, as `certgate rules` lists them.
pub(super) const LEVELS: [(&str, Level); 3] =
    [("allow", Level::Allow), ("warning", Level::Warning), ("error", Level::Error)];

/// How a rule weighs.
#[derive(Clone, Copy, Debug)]
pub(super) struct LevelSetting {
    pub(super) rule: &'static Rule,
    pub(super) level: Set<Level>,
}

/// The levels under a key; no rule has two.
pub(super) fn all(
    table: &Table<'_, '_>,
    key: &str,
    reading: &Reading,
    faults: &mut Vec<Fault>,
) -> Vec<LevelSetting> {
    let entries = kept(table.entries(key), faults).unwrap_or_default();
    let mut places: BTreeMap<&str, Span> = BTreeMap::new();
    let mut settings = Vec::new();
    for (name, value) in &entries {
        let Some(setting) = kept(setting(name, value), faults) else { continue };
        match places.insert(setting.rule.name(), name.span) {
            None => settings.push(setting),
            Some(first) => {
                let (rule, line) = (setting.rule.name(), reading.source().location(first).line);
                let what = format!("`{rule}` has a level in line {line}, too");
                faults
                    .push(Fault::new(name.span, what).with_hint("a rule is one by its name and by its code"));
            }
        }
    }
    settings
}

fn setting(name: &Value, value: &Value) -> Result<LevelSetting, Fault> {
    Ok(LevelSetting { rule: rule(name)?, level: Set { value: word(value, &LEVELS)?, span: name.span } })
}

/// The rule of a name or a code.
pub(super) fn rule(name: &Value) -> Result<&'static Rule, Fault> {
    policy::find_rule(&name.text).map_err(|failure| failure.into_fault(name.span))
}

/// The word for a level.
pub(super) fn word_of(level: Level) -> &'static str {
    LEVELS.iter().find(|(_, known)| *known == level).map_or("", |(word, _)| word)
}
