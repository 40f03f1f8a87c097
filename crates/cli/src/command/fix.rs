//! `certgate fix`.

mod difference;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Entry, Reading};
use certgate_rules::{Fix, Policy, Repair, Scope, fixes_of, uploads_of};

use crate::cli::{ColorChoice, FixArguments};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, output, replacement};

/// Shows what can be repaired in what the arguments name, or repairs it.
pub(crate) fn run(arguments: &FixArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let policy = Config::in_force(&arguments.config)?.policy(&arguments.levels, None, arguments.at)?;
    let mut paths: Vec<&PathBuf> = Vec::new();
    for path in &arguments.files {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    if arguments.write && paths.iter().any(|path| path.as_os_str() == "-") {
        return Err(Failure::input("standard input cannot be written to")
            .with_hint("save it to a file, or leave out --write to see what would change"));
    }
    let readings: Vec<Arc<Reading>> =
        paths.iter().map(|path| input::read(path)).collect::<Result<_, Failure>>()?;
    let scope = if arguments.is_unsafe { Scope::Unsafe } else { Scope::Safe };
    let fixes = fixes(&readings, &policy, scope)?;
    let mut stdout = output::stdout(color);
    for fix in &fixes {
        let (name, repairs) = (name(fix.before()), listed(fix.repairs()));
        if arguments.write {
            let place = readings.iter().position(|reading| Arc::ptr_eq(reading, fix.before()));
            if let Some(path) = place.and_then(|place| paths.get(place)) {
                write(path, fix)?;
            }
            writeln!(stdout, "{name}: repaired: {repairs}")?;
        } else {
            writeln!(stdout, "{name}: can be repaired: {repairs}")?;
            difference::write(&mut stdout, fix)?;
        }
    }
    stdout.flush()?;
    if scope == Scope::Safe {
        tell_of_unsafe(&readings, &fixes, &policy, color)?;
    }
    Ok(if fixes.is_empty() || arguments.write { Exit::Clean } else { Exit::Findings })
}

fn fixes(readings: &[Arc<Reading>], policy: &Policy, scope: Scope) -> Result<Vec<Fix>, Failure> {
    fixes_of(readings, policy, scope, uploads_of)
        .map_err(|error| Failure::input(format!("the repaired file would be {error}")))
}

/// Replaces a file by what it should be.
fn write(path: &Path, fix: &Fix) -> Result<(), Failure> {
    // A repair is of what was read, and not of what somebody has written meanwhile.
    if input::source(path)?.bytes() != fix.before().source().bytes() {
        return Err(Failure::input(format!("`{}` has changed since it was read", name(fix.before())))
            .with_hint("it is left as it is now: try again"));
    }
    let bytes = fix.after().source().bytes();
    let has_secret = fix.after().entries().iter().any(Entry::is_private_key);
    if has_secret { replacement::write_secret(path, bytes) } else { replacement::write(path, bytes) }
}

/// What could be repaired besides, if it may be dropped.
fn tell_of_unsafe(
    readings: &[Arc<Reading>],
    done: &[Fix],
    policy: &Policy,
    color: ColorChoice,
) -> Result<(), Failure> {
    let mut stderr = output::stderr(color);
    for fix in fixes(readings, policy, Scope::Unsafe)? {
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
