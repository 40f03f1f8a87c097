//! Repairs, as SARIF's fixes (§3.55): lines that go, and lines that come in their place.

use certgate_facts::{Encoding, Entry, Reading, Span};
use serde::Serialize;

use super::result::{ArtifactLocation, Files, Region};
use super::rule::Text;
use crate::identity::Found;
use crate::place::Place;

/// A repair.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SarifFix {
    /// What is done.
    pub description: Text,
    /// The file it is done to.
    pub artifact_changes: [ArtifactChange; 1],
}

/// What changes in a file.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArtifactChange {
    /// The file.
    pub artifact_location: ArtifactLocation,
    /// What changes: one run of lines.
    pub replacements: [Replacement; 1],
}

/// Lines that go, and those in their place.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replacement {
    /// What goes.
    pub deleted_region: Region,
    /// What comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inserted_content: Option<Content>,
}

/// Text.
#[derive(Clone, Debug, Serialize)]
pub struct Content {
    /// In UTF-8.
    pub text: String,
}

impl SarifFix {
    /// Nothing of what a private key stands in is written here; what changes in the encoding alone cannot be said in lines.
    pub(super) fn of(found: &Found<'_>, files: &Files) -> Option<Self> {
        let fix = found.judged.fix_of(found.finding)?;
        let is_told = |reading: &Reading| {
            reading.source().encoding() == Encoding::Plain
                && !reading.entries().iter().any(Entry::is_private_key)
        };
        if !is_told(fix.before()) || !is_told(fix.after()) {
            return None;
        }
        let repairs: Vec<&str> = fix.repairs().map(certgate_rules::Repair::name).collect();
        let change = ArtifactChange {
            artifact_location: files.artifact(&Place::of(found.finding.primary(), found.judged)),
            replacements: [Replacement::between(fix.before(), fix.after())?],
        };
        Some(Self {
            description: Text::plain(&format!("certgate fix: {}", repairs.join(", "))),
            artifact_changes: [change],
        })
    }
}

impl Replacement {
    fn between(before: &Reading, after: &Reading) -> Option<Self> {
        let [old, new] = [before, after].map(|reading| std::str::from_utf8(reading.source().text()).ok());
        let (old, new) = (old?, new?);
        let head = common(old.split_inclusive('\n'), new.split_inclusive('\n'));
        let (old_rest, new_rest) = (old.get(head..)?, new.get(head..)?);
        let tail = common(old_rest.split_inclusive('\n').rev(), new_rest.split_inclusive('\n').rev());
        let gone = Span::new(head, old.len() - tail);
        let text = new_rest.get(..new_rest.len() - tail)?;
        if gone.is_empty() && text.is_empty() {
            return None;
        }
        let place = before.source().location(gone);
        let deleted_region = Region {
            start_line: place.line,
            start_column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
        };
        let inserted_content = (!text.is_empty()).then(|| Content { text: text.to_owned() });
        Some(Self { deleted_region, inserted_content })
    }
}

/// How many bytes the lines take that both begin with.
fn common<'a>(one: impl Iterator<Item = &'a str>, other: impl Iterator<Item = &'a str>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(line, _)| line.len()).sum()
}

#[cfg(test)]
mod tests {
    use certgate_facts::Source;

    use super::*;
    use crate::judged::Judged;
    use crate::{fixture, identity};

    fn replaced(old: &str, new: &str) -> Option<String> {
        let read = |text: &str| Reading::of(Source::from_bytes("test", text.as_bytes().to_vec()).unwrap());
        let replacement = Replacement::between(&read(old), &read(new))?;
        let Region { start_line, start_column, end_line, end_column } = replacement.deleted_region;
        let text = replacement.inserted_content.map_or(String::new(), |content| content.text);
        Some(format!("{start_line}:{start_column}-{end_line}:{end_column} {text:?}"))
    }

    /// The text with a replacement done, by its lines and columns.
    fn applied(text: &str, replacement: &Replacement) -> String {
        let offset = |line: usize, column: usize| {
            let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
            start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
        };
        let Region { start_line, start_column, end_line, end_column } = replacement.deleted_region;
        let content = replacement.inserted_content.as_ref().map_or("", |content| &content.text);
        [&text[..offset(start_line, start_column)], content, &text[offset(end_line, end_column)..]].concat()
    }

    #[test]
    fn what_is_said_of_every_fixture_makes_of_it_what_fix_makes_of_it() {
        let mut told = 0;
        for (name, verdict) in fixture::all() {
            let judged = [Judged::from(verdict)];
            for found in identity::found(&judged).into_iter().flatten() {
                let Judged::TlsUpload(verdict) = &judged[0] else { continue };
                let Some(fix) = SarifFix::of(&found, &Files::of(&[])) else { continue };
                let repaired = verdict.fix_of(found.finding).unwrap();
                let [before, after] = [repaired.before(), repaired.after()]
                    .map(|reading| std::str::from_utf8(reading.source().text()).unwrap());
                let [replacement] = &fix.artifact_changes[0].replacements;
                assert_eq!(applied(before, replacement), after, "{name}");
                assert!(!before.contains("PRIVATE KEY") && !after.contains("PRIVATE KEY"), "{name}");
                told += 1;
            }
        }
        assert!(told > 20, "{told}");
    }

    #[test]
    fn only_the_lines_between_those_that_stay_are_replaced() {
        insta::assert_snapshot!(replaced("a\nb\nc\n", "a\nx\ny\nc\n").unwrap(), @r#"2:1-3:1 "x\ny\n""#);
        insta::assert_snapshot!(replaced("a\nb\nc\n", "a\nc\n").unwrap(), @r#"2:1-3:1 """#);
        insta::assert_snapshot!(replaced("a\na\n", "a\n").unwrap(), @r#"2:1-3:1 """#);
        insta::assert_snapshot!(replaced("a\nb", "a\nb\n").unwrap(), @r#"2:1-2:2 "b\n""#);
        assert_eq!(replaced("a\n", "a\n"), None);
    }
}
