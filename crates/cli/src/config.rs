//! `certgate.toml`: what a project declares, and how it is judged.
//!
//! ```toml
//! fail_on = "warning"               # what fails `check`; else "error"
//! max_lifetime = "90d"              # of host certificates; else 30d
//! expires_soon = 0.25               # of a TLS certificate, what is left of its lifetime then; else a third
//! for = "aws-acm"                   # where `check` and `fix` take uploads to go; else "ngrok"
//! hostnames = ["www.example.com"]   # that every leaf must cover, as `check --hostname` has it
//! trust = ["mozilla", "ca.pem"]     # whom clients trust, as `check --trust` has it; files from the folder of this one
//!
//! [levels]                          # of rules, by name or code: "allow", "warning" or "error"
//! chain-includes-root = "allow"
//!
//! [[override]]                      # the same for some files; of several that match, the last counts
//! path = "staging/**"               # from the folder of this file
//! levels.leaf-expired = "warning"
//! for = "ngrok"
//! trust = ["staging/ca.pem"]        # and hostnames, too
//!
//! [[ignore]]                        # findings that are accepted as they are
//! rule = "leaf-expired"
//! path = "legacy"                   # or fingerprint = "…", or both
//! reason = "kept to reproduce a report"
//! until = 2027-01-31                # the last day; else for ever
//! ```

mod clients;
mod exceptions;
mod ignore;
mod level;
mod listing;
mod location;
mod pattern;
mod schema;
mod settings;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, Timestamp};
use certgate_report::Judged;
use certgate_rules::{
    Field, Fraction, Ignore, IgnoreList, Level, Policy, Rule, SSH_LIFETIME_SECS_DEFAULT, Suppression, Target,
    TlsUpload, TrustAnchors, judge,
};

use crate::cli::{ConfigArguments, FailOn, LevelArguments};
use crate::failure::Failure;
use crate::handwritten::{self, Fault, Table, parsed_toml, span_of};
use crate::lifetime::Lifetime;
use crate::place::Folder;
use crate::upload_target::{self, UploadTarget};
use crate::{clock, manifest, policy};

use exceptions::{Said, Seen};

pub(crate) use clients::Clients;
pub(crate) use listing::Listing;
pub(crate) use schema::SCHEMA;
pub(crate) use settings::{KEYS, Settings};

/// What a project has decided, if it has, and where that is written.
pub(crate) struct Config {
    file: Option<File>,
    origin: Origin,
}

/// A file that was read.
struct File {
    path: PathBuf,
    settings: Settings,
}

/// Why it is this file, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It was named.
    Named,
    /// It is the nearest.
    Nearest,
    /// There is none.
    Nowhere,
    /// None was to be looked for.
    Isolated,
}

impl Config {
    /// What is in force here: the file that is named, else the nearest, unless there is to be none.
    pub(crate) fn in_force(arguments: &ConfigArguments) -> Result<Self, Failure> {
        match (&arguments.config, arguments.isolated) {
            (_, true) => Ok(Self { file: None, origin: Origin::Isolated }),
            (Some(path), false) => Self::at(path.clone(), Origin::Named),
            (None, false) => match location::nearest()? {
                Some(path) => Self::at(path, Origin::Nearest),
                None => Ok(Self { file: None, origin: Origin::Nowhere }),
            },
        }
    }

    /// What the file of a manifest says besides.
    pub(crate) fn of_manifest(path: &Path, settings: Settings) -> Self {
        Self { file: Some(File { path: path.to_owned(), settings }), origin: Origin::Named }
    }

    fn at(path: PathBuf, origin: Origin) -> Result<Self, Failure> {
        let reading = handwritten::read(&path).map_err(|failure| {
            failure.with_hint("`certgate config schema` says what a configuration may hold")
        })?;
        let text = handwritten::text(&reading)?;
        let settings = settings_of(&reading, text).map_err(|faults| {
            Failure::several(faults.into_iter().map(|fault| fault.in_file(&reading)).collect())
        })?;
        Ok(Self { file: Some(File { path, settings }), origin })
    }

    fn settings(&self) -> Option<&Settings> {
        self.file.as_ref().map(|file| &file.settings)
    }

    /// What makes the exit code 1: as the command line says, else as the file does.
    pub(crate) fn fail_on(&self, given: Option<FailOn>) -> FailOn {
        let set = || self.settings()?.fail_on.as_ref().map(|set| set.value);
        given.or_else(set).unwrap_or(FailOn::Error)
    }

    /// Where an upload goes: as the command line says, else as the file does of one of its paths.
    pub(crate) fn target(
        &self,
        given: Option<UploadTarget>,
        upload: &TlsUpload,
    ) -> Result<Option<&'static Target>, Failure> {
        let Some(File { path, settings }) = self.file.as_ref().filter(|_| given.is_none()) else {
            return Ok(given.unwrap_or(UploadTarget::API).elsewhere());
        };
        let mut target = settings.target.as_ref().map_or(UploadTarget::API, |set| set.value);
        if settings.overrides.iter().any(|one| one.target.is_some()) {
            let folder = Folder::of_file(path)?;
            let seen: Vec<Seen> = upload_target::paths(upload).map(|path| Seen::of(path, &folder)).collect();
            let here =
                settings.overrides.iter().rev().filter(|one| seen.iter().any(|seen| seen.is_at(&one.path)));
            target = here.filter_map(|one| one.target.as_ref()).next().map_or(target, |set| set.value);
        }
        Ok(target.elsewhere())
    }

    /// How long host certificates may be valid: as the command line says, else as the file does.
    fn max_lifetime(&self, given: Option<Lifetime>) -> Lifetime {
        let set = || self.settings()?.max_lifetime.as_ref().map(|set| set.value);
        given.or_else(set).unwrap_or_else(|| Lifetime::of_secs(SSH_LIFETIME_SECS_DEFAULT))
    }

    /// What part of its lifetime is left of a TLS certificate that expires soon.
    fn expires_soon(&self) -> Fraction {
        let set = || self.settings()?.expires_soon.as_ref().map(|set| set.value);
        set().unwrap_or(Fraction::THIRD)
    }

    /// The policy that the arguments and the file ask for. What the arguments say of a rule counts before all that the file does.
    pub(crate) fn policy(
        &self,
        arguments: &LevelArguments,
        max_lifetime: Option<Lifetime>,
        at: Option<Timestamp>,
    ) -> Result<Policy, Failure> {
        let given = policy::levels(arguments)?;
        let policy = Policy::new(clock::at(at), TrustAnchors::Mozilla)
            .with_lifetime_secs_max(self.max_lifetime(max_lifetime).secs())
            .with_expires_soon(self.expires_soon());
        let Some(File { path, settings }) = &self.file else {
            return Ok(with_levels(policy, given.into_iter()));
        };
        let set = settings.levels.iter().map(|set| (set.rule, set.level.value));
        let policy = with_levels(policy, set.chain(given.iter().copied()));
        if settings.overrides.is_empty() && settings.ignores.is_empty() {
            return Ok(policy);
        }
        let folder = Folder::of_file(path)?;
        let said = Said::of(settings, folder, &given, policy.at());
        Ok(policy.with_exceptions(Arc::new(said)))
    }

    /// Whether something may be to be said after a run, of all verdicts.
    pub(crate) fn has_ignores(&self) -> bool {
        self.file.as_ref().is_some_and(|file| !file.settings.ignores.is_empty())
    }

    /// What is to be said of the ignores after a run, if anything is.
    pub(crate) fn judged(&self, verdicts: &[Judged], policy: &Policy) -> Option<Judged> {
        let File { path, settings } = self.file.as_ref()?;
        let suppressed = verdicts.iter().flat_map(Judged::suppressed);
        let matched: BTreeSet<usize> = suppressed
            .filter_map(|suppressed| match suppressed.by {
                Suppression::Ignored { entry, .. } => Some(entry),
                _ => None,
            })
            .collect();
        let field = |value: &handwritten::Value| {
            Field::within(Arc::clone(&settings.reading), value.span, value.text.clone())
        };
        let ignores = settings.ignores.iter().enumerate().map(|(number, entry)| {
            let ignore = Ignore::new(entry.rule, field(&entry.what)).with_matches(matched.contains(&number));
            match &entry.until {
                Some(until) => ignore.until(field(&until.last), until.end),
                None => ignore,
            }
        });
        let list = IgnoreList::new(path.display().to_string(), ignores.collect());
        let judged = Judged::from(judge(list, policy));
        (!judged.findings().is_empty() || !judged.suppressed().is_empty()).then_some(judged)
    }
}

fn with_levels(policy: Policy, levels: impl Iterator<Item = (&'static Rule, Level)>) -> Policy {
    levels.fold(policy, |policy, (rule, level)| policy.with_level(rule, level))
}

/// The file that is asked for by nobody: the nearest, for who wants what it declares.
pub(crate) fn nearest() -> Result<Option<PathBuf>, Failure> {
    location::nearest()
}

fn settings_of(reading: &Arc<Reading>, text: &str) -> Result<Settings, Vec<Fault>> {
    let one = |fault| vec![fault];
    let document = parsed_toml(text).map_err(one)?;
    let top = Table::of(document.get_ref(), span_of(document.span()), &manifest::KEYS).map_err(one)?;
    manifest::look_at_keys(&top).map_err(one)?;
    Settings::of(&top, reading)
}

#[cfg(test)]
mod tests;
