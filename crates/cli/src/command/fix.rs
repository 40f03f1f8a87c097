//! `certgate fix`.

mod at_hand;
mod difference;
mod transaction;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, SourceError};
use certgate_rules::{Fix, Policy, Repair, Scope, Slot, TlsUpload, fixes_of, uploads_of};

use crate::cli::{ColorChoice, FixArguments};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::survey::Survey;
use crate::{input, output, threads};
use at_hand::AtHand;

/// Shows what can be repaired in what the arguments name, or repairs it.
pub(crate) fn run(arguments: &FixArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let fields = [&arguments.certificate, &arguments.private_key].into_iter().flatten();
    if arguments.write && arguments.files.iter().chain(fields.clone()).any(|path| path.as_os_str() == "-") {
        return Err(Failure::input("standard input cannot be written to")
            .with_hint("save it to a file, or leave out --write to see what would change"));
    }
    let config = Config::in_force(&arguments.config)?;
    let policy = config.policy(&arguments.levels, None, arguments.at)?;
    let mut work = Work {
        arguments,
        color,
        config: &config,
        policy: &policy,
        at_hand: AtHand::of(arguments)?,
        repaired: 0,
    };
    let exit = |repaired| if repaired == 0 || arguments.write { Exit::Clean } else { Exit::Findings };
    if arguments.files.is_empty() {
        let mut paths: Vec<&Path> = fields.map(PathBuf::as_path).collect();
        paths.dedup();
        let readings: Vec<_> = paths.iter().map(|path| input::read(path)).collect::<Result<_, Failure>>()?;
        work.repair(&paths, &readings)?;
        return Ok(exit(work.repaired));
    }
    let survey = Survey::of(&arguments.files, &arguments.passphrases, threads::available())?;
    let groups = survey.groups();
    let mut failures = Vec::new();
    for group in &groups {
        let sources: Result<Vec<_>, Failure> = group.iter().map(|source| survey.source(*source)).collect();
        let done = sources.and_then(|sources| {
            let (paths, readings): (Vec<&Path>, Vec<Arc<Reading>>) = sources.into_iter().unzip();
            work.repair(&paths, &readings)
        });
        failures.extend(done.err());
    }
    if groups.len() > 1 && work.repaired + failures.len() > 0 {
        let done = if arguments.write { "repaired" } else { "can be repaired" };
        let files = |count: usize| format!("{count} file{}", if count == 1 { "" } else { "s" });
        let left = if failures.is_empty() { String::new() } else { format!(", {} failed", failures.len()) };
        let mut stdout = output::stdout(color);
        writeln!(stdout, "{} uploads: {} {done}{left}", groups.len(), files(work.repaired))?;
        stdout.flush()?;
    }
    Ok(survey.tell(color, failures)?.unwrap_or_else(|| exit(work.repaired)))
}

/// What is to be done to every case, and what came of it.
struct Work<'a> {
    arguments: &'a FixArguments,
    color: ColorChoice,
    config: &'a Config,
    policy: &'a Policy,
    at_hand: AtHand,
    /// Files that are repaired, or would be.
    repaired: usize,
}

impl Work<'_> {
    /// Shows what can be repaired in files that belong together, or repairs all of them; none if one cannot be written.
    fn repair(&mut self, paths: &[&Path], readings: &[Arc<Reading>]) -> Result<(), Failure> {
        let arguments = self.arguments;
        let scope = if arguments.is_unsafe { Scope::Unsafe } else { Scope::Safe };
        self.at_hand.ask(readings);
        let uploads_of = |readings| uploads(arguments, readings);
        // What keeps a target from being known is told before anything is repaired.
        for upload in uploads_of(readings.to_vec()) {
            self.config.target(arguments.target, &upload)?;
        }
        let target_of = |upload: &TlsUpload| self.config.target(arguments.target, upload).ok().flatten();
        let fixes_of =
            |scope| fixes(fixes_of(readings, self.policy, self.at_hand.means(scope), uploads_of, target_of));
        let fixes = fixes_of(scope)?;
        if arguments.write {
            let path_of = |fix: &Fix| {
                let place = readings.iter().position(|reading| Arc::ptr_eq(reading, fix.before()));
                place.and_then(|place| paths.get(place)).copied()
            };
            let paths: Vec<&Path> = fixes.iter().filter_map(path_of).collect();
            transaction::write(&fixes, &paths)?;
        }
        self.show(&fixes)?;
        if scope == Scope::Safe {
            tell_of_unsafe(&fixes_of(Scope::Unsafe)?, &fixes, self.color)?;
        }
        self.repaired += fixes.len();
        Ok(())
    }

    fn show(&self, fixes: &[Fix]) -> Result<(), Failure> {
        let mut stdout = output::stdout(self.color);
        for fix in fixes {
            let (name, repairs) = (name(fix.before()), listed(fix.repairs()));
            if self.arguments.write {
                writeln!(stdout, "{name}: repaired: {repairs}")?;
            } else {
                writeln!(stdout, "{name}: can be repaired: {repairs}")?;
                difference::write(&mut stdout, fix)?;
            }
            if fix.taken_out().is_some() {
                let key = transaction::key_path(Path::new(fix.before().source().name()))?;
                let goes = if self.arguments.write { "is now" } else { "would go" };
                let key = key.display().to_string();
                writeln!(stdout, "{name}: its private key {goes} in {}", key.escape_debug())?;
            }
        }
        stdout.flush()?;
        Ok(())
    }
}

fn fixes(fixes: Result<Vec<Fix>, SourceError>) -> Result<Vec<Fix>, Failure> {
    fixes.map_err(|error| Failure::input(format!("the repaired file would be {error}")))
}

/// The uploads that files make, or the one whose fields are named.
fn uploads(arguments: &FixArguments, readings: Vec<Arc<Reading>>) -> Vec<TlsUpload> {
    if arguments.certificate.is_none() && arguments.private_key.is_none() {
        return uploads_of(readings);
    }
    let mut readings = readings.into_iter();
    let mut slot = |path: &Option<PathBuf>| match path {
        Some(_) => readings.next().map_or_else(Slot::absent, Slot::whole),
        None => Slot::absent(),
    };
    let certificate = slot(&arguments.certificate);
    let private_key = match arguments.certificate == arguments.private_key {
        true => Slot::whole(Arc::clone(certificate.reading())),
        false => slot(&arguments.private_key),
    };
    vec![TlsUpload::new(certificate, private_key)]
}

/// What could be repaired besides, if it may be dropped.
fn tell_of_unsafe(all: &[Fix], done: &[Fix], color: ColorChoice) -> Result<(), Failure> {
    let mut stderr = output::stderr(color);
    for fix in all {
        let same = done.iter().find(|other| Arc::ptr_eq(other.before(), fix.before()));
        let is_done = |repair: &Repair| same.is_some_and(|same| same.repairs().any(|other| other == *repair));
        let more = listed(fix.repairs().filter(|repair| !is_done(repair)));
        if !more.is_empty() {
            writeln!(stderr, "hint: {}: --unsafe does more: {more}", name(fix.before()))?;
        }
    }
    Ok(())
}

fn listed(repairs: impl Iterator<Item = Repair>) -> String {
    let names: Vec<&str> = repairs.map(Repair::name).collect();
    names.join(", ")
}

fn name(reading: &Reading) -> String {
    reading.source().name().escape_debug().to_string()
}
