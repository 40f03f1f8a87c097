//! The table of all rules.

use std::io::{self, Write};

use certgate_rules::{Confidence, DATED_LISTS, DatedList, Level, RULES, Rule, TARGETS};
use serde::Serialize;

use crate::json::pretty;

/// The rules as JSON.
#[derive(Clone, Debug, Serialize)]
pub struct RuleList {
    /// The version of this format: 1.
    pub version: u8,
    /// Every rule, by code.
    pub rules: Vec<RuleCard>,
    /// The lists that others keep, and that findings rest on.
    pub lists: Vec<ListCard>,
}

/// A list that is compiled in.
#[derive(Clone, Debug, Serialize)]
pub struct ListCard {
    /// What it is called.
    pub name: String,
    /// The day it is of, such as `2026-11-23`; a year later the findings that rest on it say that it is old.
    pub date: String,
}

/// The card of a rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleCard {
    /// The stable code, such as `CG301`.
    pub code: String,
    /// The name, such as `key-does-not-match-leaf`.
    pub name: String,
    /// How it weighs where nothing else is said: `allow`, `warning` or `error`.
    pub level: String,
    /// How sure the prediction is: `documented` or `inferred`.
    pub confidence: String,
    /// What the API answers to what it finds; `null` where it does not mind, or where that depends.
    pub api_code: Option<String>,
    /// What else the API may answer, where that depends on what is there.
    pub may_cause: Vec<String>,
    /// The targets of `--for` that refuse what it finds, beside the API.
    pub targets: Vec<String>,
    /// Whether clients that connect will refuse what it finds.
    pub clients_refuse: bool,
    /// What it finds, in one line.
    pub summary: String,
    /// Where the requirement stands.
    pub citation: String,
}

/// Writes a table: code, name, level, code of the API, summary, and which other targets refuse what the rule finds.
///
/// # Errors
/// What `out` answers.
pub fn write_text(out: &mut dyn Write) -> io::Result<()> {
    let cards = cards();
    let widest = |cell: fn(&RuleCard) -> usize| cards.iter().map(cell).max().unwrap_or(0);
    let name_width = widest(|card| card.name.len());
    let level_width = widest(|card| card.level.len());
    let api_width = widest(|card| card.api_code.as_ref().map_or(1, String::len));
    for (card, rule) in cards.iter().zip(RULES) {
        let RuleCard { code, name, level, summary, .. } = card;
        let targets =
            if is_of_some(rule) { format!(" ({})", card.targets.join(", ")) } else { String::new() };
        let api_code = card.api_code.as_deref().unwrap_or("-");
        writeln!(
            out,
            "{code}  {name:name_width$}  {level:level_width$}  {api_code:api_width$}  {summary}{targets}"
        )?;
    }
    let lists: Vec<String> =
        DATED_LISTS.iter().map(|list| format!("{} ({})", list.name(), list.date())).collect();
    writeln!(out, "\nlists that these rest on: {}", lists.join(", "))
}

/// Whether it says something of a rule who refuses by it: not where none of the targets does, or all would.
fn is_of_some(rule: &Rule) -> bool {
    let count = rule.targets().count();
    rule.is_about_targets() || (1..TARGETS.len()).contains(&count)
}

/// Writes a [`RuleList`] as JSON.
///
/// # Errors
/// What `out` answers.
pub fn write_json(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(pretty(&RuleList { version: 1, rules: cards(), lists: lists() })?.as_bytes())
}

fn lists() -> Vec<ListCard> {
    let card = |list: &&DatedList| ListCard { name: list.name().to_owned(), date: list.date().to_owned() };
    DATED_LISTS.iter().map(card).collect()
}

fn cards() -> Vec<RuleCard> {
    RULES.iter().map(|rule| RuleCard::of(rule)).collect()
}

impl RuleCard {
    fn of(rule: &Rule) -> Self {
        Self {
            code: rule.code().to_string(),
            name: rule.name().to_owned(),
            level: match rule.level() {
                Level::Allow => "allow",
                Level::Warning => "warning",
                Level::Error => "error",
            }
            .to_owned(),
            confidence: match rule.confidence() {
                Confidence::Documented => "documented",
                Confidence::Inferred => "inferred",
            }
            .to_owned(),
            api_code: rule.api_code().map(|code| code.to_string()),
            may_cause: rule.may_cause().iter().map(ToString::to_string).collect(),
            targets: rule.targets().map(|target| target.name().to_owned()).collect(),
            clients_refuse: rule.clients_refuse(),
            summary: rule.summary().to_owned(),
            citation: rule.citation().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_rule_in_columns() {
        let mut out = Vec::new();
        write_text(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let (text, lists) = text.split_once("\n\n").unwrap();
        assert!(DATED_LISTS.iter().all(|list| lists.contains(list.name()) && lists.contains(list.date())));
        assert_eq!(text.lines().count(), RULES.len());
        let line = text.lines().find(|line| line.starts_with("CG301")).unwrap();
        let words: Vec<&str> = line.split_whitespace().take(4).collect();
        assert_eq!(words, ["CG301", "key-does-not-match-leaf", "error", "ERR_NGROK_1923"]);
        let columns: Vec<_> =
            text.lines().zip(RULES).map(|(line, rule)| line.find(rule.summary()).unwrap()).collect();
        assert!(columns.iter().all(|column| *column == columns[0]));
    }

    #[test]
    fn the_list_has_every_field_of_the_card() {
        let mut out = Vec::new();
        write_json(&mut out).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let rules = list["rules"].as_array().unwrap();
        assert_eq!((list["version"].as_u64(), rules.len()), (Some(1), RULES.len()));
        let expired = rules.iter().find(|rule| rule["name"] == "leaf-expired").unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(expired).unwrap(), @r#"
        {
          "api_code": null,
          "citation": "RFC 5280 §4.1.2.5",
          "clients_refuse": true,
          "code": "CG101",
          "confidence": "documented",
          "level": "warning",
          "may_cause": [],
          "name": "leaf-expired",
          "summary": "the leaf is past its last day",
          "targets": [
            "aws-acm",
            "azure-key-vault",
            "cloudflare"
          ]
        }
        "#);
    }
}
