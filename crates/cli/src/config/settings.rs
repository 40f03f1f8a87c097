//! What a configuration sets.

use std::sync::Arc;

use certgate_facts::{Reading, Span};
use certgate_rules::Fraction;

use super::ignore::{self, IgnoreEntry};
use super::level::{self, LevelSetting};
use super::pattern::Pattern;
use crate::cli::FailOn;
use crate::handwritten::{Fault, Table, Value};
use crate::lifetime::Lifetime;
use crate::nearest::nearest;
use crate::upload_target::UploadTarget;

/// The most overrides of one configuration.
pub(super) const OVERRIDES_MAX: usize = 100;

/// What may be set, beside what a manifest declares.
pub(crate) const KEYS: [&str; 7] =
    ["fail_on", "max_lifetime", "expires_soon", TARGET, LEVELS, OVERRIDE, IGNORE];
const TARGET: &str = "for";
const LEVELS: &str = "levels";
const OVERRIDE: &str = "override";
const IGNORE: &str = "ignore";

/// What may stand in an override.
pub(super) const KEYS_OF_OVERRIDE: [&str; 3] = ["path", TARGET, LEVELS];

/// The words for what fails a run.
pub(super) const FAIL_ON: [(&str, FailOn); 3] =
    [("error", FailOn::Error), ("warning", FailOn::Warning), ("never", FailOn::Never)];

/// What is set, in the order in which it stands there.
pub(crate) struct Settings {
    pub(super) reading: Arc<Reading>,
    pub(super) expires_soon: Option<Set<Fraction>>,
    pub(super) fail_on: Option<Set<FailOn>>,
    pub(super) max_lifetime: Option<Set<Lifetime>>,
    pub(super) target: Option<Set<UploadTarget>>,
    pub(super) levels: Vec<LevelSetting>,
    pub(super) overrides: Vec<Override>,
    pub(super) ignores: Vec<IgnoreEntry>,
}

/// A value, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Set<T> {
    pub(super) value: T,
    pub(super) span: Span,
}

/// Levels of rules for some files, and where they go.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub(super) path: Pattern,
    pub(super) target: Option<Set<UploadTarget>>,
    pub(super) levels: Vec<LevelSetting>,
}

impl Settings {
    /// Reads what is set; all faults are told at once.
    pub(crate) fn of(top: &Table<'_, '_>, reading: &Arc<Reading>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let expires_soon = kept(expires_soon(top), &mut faults).flatten();
        let fail_on = kept(fail_on(top), &mut faults).flatten();
        let max_lifetime = kept(max_lifetime(top), &mut faults).flatten();
        let target = kept(upload_target(top), &mut faults).flatten();
        let levels = level::all(top, LEVELS, reading, &mut faults);
        let tables = kept(top.tables(OVERRIDE, &KEYS_OF_OVERRIDE), &mut faults).unwrap_or_default();
        if tables.len() > OVERRIDES_MAX {
            let what = format!("more than {OVERRIDES_MAX} overrides");
            faults.push(
                Fault::new(top.span(), what).with_hint("put files that are judged alike into one folder"),
            );
        }
        let mut overrides = Vec::new();
        for table in tables.iter().take(OVERRIDES_MAX) {
            let path = table.required_text("path", "an override").and_then(|value| Pattern::of(&value));
            let target = kept(upload_target(table), &mut faults).flatten();
            let levels = level::all(table, LEVELS, reading, &mut faults);
            overrides.extend(kept(path, &mut faults).map(|path| Override { path, target, levels }));
        }
        let ignores = ignore::all(top, IGNORE, &mut faults);
        if !faults.is_empty() {
            faults.sort_by_key(Fault::span);
            return Err(faults);
        }
        Ok(Self {
            reading: Arc::clone(reading),
            expires_soon,
            fail_on,
            max_lifetime,
            target,
            levels,
            overrides,
            ignores,
        })
    }
}

/// What was read; the fault goes to the others.
pub(super) fn kept<T>(read: Result<T, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    read.map_err(|fault| faults.push(fault)).ok()
}

fn expires_soon(top: &Table<'_, '_>) -> Result<Option<Set<Fraction>>, Fault> {
    let Some(text) = top.fraction("expires_soon")? else { return Ok(None) };
    Ok(Some(Set { value: text.parsed()?, span: text.span }))
}

fn fail_on(top: &Table<'_, '_>) -> Result<Option<Set<FailOn>>, Fault> {
    let Some(text) = top.text("fail_on")? else { return Ok(None) };
    Ok(Some(Set { value: word(&text, &FAIL_ON)?, span: text.span }))
}

fn max_lifetime(top: &Table<'_, '_>) -> Result<Option<Set<Lifetime>>, Fault> {
    let Some(text) = top.text("max_lifetime")? else { return Ok(None) };
    Ok(Some(Set { value: text.parsed()?, span: text.span }))
}

fn upload_target(table: &Table<'_, '_>) -> Result<Option<Set<UploadTarget>>, Fault> {
    let Some(text) = table.text(TARGET)? else { return Ok(None) };
    let target = UploadTarget::named(&text.text).map_err(|(what, hint)| match hint {
        Some(hint) => Fault::new(text.span, what).with_hint(hint),
        None => Fault::new(text.span, what),
    })?;
    Ok(Some(Set { value: target, span: text.span }))
}

/// One of some words.
pub(super) fn word<T: Copy>(text: &Value, words: &[(&str, T)]) -> Result<T, Fault> {
    let found = words.iter().find(|(word, _)| *word == text.text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let known = || words.iter().map(|(word, _)| *word);
        let quoted: Vec<String> = known().map(|word| format!("\"{word}\"")).collect();
        let fault = Fault::new(text.span, format!("`{}` is none of {}", text.text, quoted.join(", ")));
        match nearest(&text.text, known()) {
            Some(near) => fault.with_hint(format!("did you mean \"{near}\"?")),
            None => fault,
        }
    })
}
