//! What is in force, and what says so.

use std::io::{self, Write};

use certgate_facts::{Span, Timestamp};
use certgate_rules::Rule;
use serde_json::{Value as Json, json};

use super::exceptions::Seen;
use super::level::word_of;
use super::settings::FAIL_ON;
use super::{Config, File, Origin};
use crate::cli::{ConfigShowArguments, FailOn};
use crate::failure::Failure;
use crate::place::Folder;
use crate::upload_target::UploadTarget;
use crate::{clock, policy};

/// Every setting that is in force.
pub(crate) struct Listing {
    path: Option<String>,
    origin: Origin,
    rows: Vec<Row>,
}

/// A setting.
struct Row {
    /// What it is called in the file.
    key: String,
    /// What it is about, where one key has many: a pattern of files.
    path: Option<String>,
    value: String,
    from: From,
}

/// What says so.
#[derive(Clone, Copy)]
enum From {
    /// A line of the file.
    Line(usize),
    CommandLine,
    Nothing,
}

impl Listing {
    pub(crate) fn of(config: &Config, arguments: &ConfigShowArguments) -> Result<Self, Failure> {
        let file = config.file.as_ref();
        let line = |span: Span| file.map_or(From::Nothing, |file| From::Line(line(file, span)));
        let settings = config.settings();
        let fail_on = config.fail_on(arguments.fail_on);
        let set = settings.and_then(|settings| settings.fail_on.as_ref());
        let from = match (arguments.fail_on, set) {
            (Some(_), _) => From::CommandLine,
            (None, Some(set)) => line(set.span),
            (None, None) => From::Nothing,
        };
        let mut rows = vec![Row::new("fail_on", fail_on_word(fail_on), from)];
        let set = settings.and_then(|settings| settings.max_lifetime.as_ref());
        let from = set.map_or(From::Nothing, |set| line(set.span));
        rows.push(Row::new("max_lifetime", config.max_lifetime(None).to_string(), from));
        let set = settings.and_then(|settings| settings.target.as_ref());
        let target = set.map_or(UploadTarget::API, |set| set.value);
        rows.push(Row::new("for", target.to_string(), set.map_or(From::Nothing, |set| line(set.span))));
        let given = policy::levels(&arguments.levels)?;
        let is_given = |rule: &Rule| given.iter().any(|(other, _)| other.code() == rule.code());
        let set = settings.and_then(|settings| settings.expires_soon.as_ref());
        let from = set.map_or(From::Nothing, |set| line(set.span));
        rows.push(Row::new("expires_soon", config.expires_soon().to_string(), from));
        let mut levels = Vec::new();
        for set in settings.into_iter().flat_map(|settings| &settings.levels) {
            if !is_given(set.rule) {
                levels.push((set.rule, set.level.value, line(set.level.span)));
            }
        }
        for (index, (rule, level)) in given.iter().enumerate() {
            if !given[index + 1..].iter().any(|(later, _)| later.code() == rule.code()) {
                levels.push((rule, *level, From::CommandLine));
            }
        }
        rows.extend(levels.into_iter().map(|(rule, level, from)| {
            Row::new(&format!("levels.{}", rule.name()), word_of(level).to_owned(), from)
        }));
        if let Some(file) = file {
            exceptions(file, arguments, is_given, &mut rows)?;
        }
        Ok(Self { path: file.map(|file| file.path.display().to_string()), origin: config.origin, rows })
    }

    /// Writes a line for each, in columns.
    pub(crate) fn write_text(&self, out: &mut dyn Write) -> io::Result<()> {
        let name = self.path.as_deref().unwrap_or_default().escape_debug().to_string();
        match self.origin {
            Origin::Named => writeln!(out, "{name}: named by the command line\n")?,
            Origin::Nearest => writeln!(out, "{name}: the nearest one\n")?,
            Origin::Nowhere => writeln!(out, "no certgate.toml here or above\n")?,
            Origin::Isolated => writeln!(out, "no configuration: --isolated\n")?,
        }
        let settings: Vec<String> = self.rows.iter().map(Row::setting).collect();
        let width = settings.iter().map(|setting| setting.chars().count()).max().unwrap_or_default();
        for (row, setting) in self.rows.iter().zip(settings) {
            let from = match row.from {
                From::Line(line) => format!("{name}:{line}"),
                From::CommandLine => "command line".to_owned(),
                From::Nothing => "default".to_owned(),
            };
            writeln!(out, "{setting:width$}  {from}")?;
        }
        writeln!(out, "\nother rules weigh what `certgate rules` says")
    }

    /// Writes the same as an object, version 1.
    pub(crate) fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<Json> = self.rows.iter().map(Row::json).collect();
        let listing = json!({ "version": 1, "file": self.path, "settings": rows });
        serde_json::to_writer_pretty(&mut *out, &listing)?;
        writeln!(out)
    }
}

/// The overrides and the ignores, or those that are for one file.
fn exceptions(
    file: &File,
    arguments: &ConfigShowArguments,
    is_given: impl Fn(&Rule) -> bool,
    rows: &mut Vec<Row>,
) -> Result<(), Failure> {
    let folder = Folder::of_file(&file.path)?;
    let seen = arguments.file.as_ref().map(|name| Seen::of(&name.display().to_string(), &folder));
    for one in &file.settings.overrides {
        if seen.as_ref().is_some_and(|seen| !seen.is_at(&one.path)) {
            continue;
        }
        rows.extend(one.target.iter().map(|set| Row {
            path: Some(one.path.to_string()),
            ..Row::new("override.for", set.value.to_string(), From::Line(line(file, set.span)))
        }));
        rows.extend(one.levels.iter().filter(|set| !is_given(set.rule)).map(|set| Row {
            path: Some(one.path.to_string()),
            ..Row::new(
                &format!("override.levels.{}", set.rule.name()),
                word_of(set.level.value).to_owned(),
                From::Line(line(file, set.level.span)),
            )
        }));
    }
    let at = clock::at(arguments.at);
    for entry in &file.settings.ignores {
        let is_elsewhere = |path| seen.as_ref().is_some_and(|seen| !seen.is_at(path));
        if entry.path.as_ref().is_some_and(is_elsewhere) {
            continue;
        }
        let (what, until) = (&entry.what.text, until(entry, at));
        rows.push(Row {
            path: Some(what.clone()),
            ..Row::new(
                &format!("ignore.{}", entry.rule.name()),
                format!("{}{until}", entry.reason),
                From::Line(line(file, entry.span)),
            )
        });
    }
    Ok(())
}

fn until(entry: &super::ignore::IgnoreEntry, at: Timestamp) -> String {
    match &entry.until {
        None => String::new(),
        Some(until) if entry.is_in_force(at) => format!(" (until {})", until.last.text),
        Some(until) => format!(" (not in force: until {})", until.last.text),
    }
}

fn line(file: &File, span: Span) -> usize {
    file.settings.reading.source().location(span).line
}

fn fail_on_word(fail_on: FailOn) -> String {
    FAIL_ON.iter().find(|(_, known)| *known == fail_on).map_or("", |(word, _)| word).to_owned()
}

impl Row {
    fn new(key: &str, value: String, from: From) -> Self {
        Self { key: key.to_owned(), path: None, value, from }
    }

    fn setting(&self) -> String {
        let at = self.path.as_ref().map(|path| format!(" at \"{}\"", path.escape_debug()));
        format!("{}{} = \"{}\"", self.key, at.unwrap_or_default(), self.value.escape_debug())
    }

    fn json(&self) -> Json {
        let (from, line) = match self.from {
            From::Line(line) => ("file", Some(line)),
            From::CommandLine => ("command line", None),
            From::Nothing => ("default", None),
        };
        json!({ "key": self.key, "path": self.path, "value": self.value, "from": from, "line": line })
    }
}
