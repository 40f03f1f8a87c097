//! `certgate fix`.

mod at_hand;
mod difference;
mod transaction;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certgate_facts::{Reading, SourceError};
use certgate_rules::{Fix, Repair, Scope, Slot, TlsUpload, fixes_of, uploads_of};

use crate::cli::{ColorChoice, FixArguments};
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{input, output};
use at_hand::AtHand;

/// Shows what can be repaired in what the arguments name, or repairs it.
pub(crate) fn run(arguments: &FixArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let policy = Config::in_force(&arguments.config)?.policy(&arguments.levels, None, arguments.at)?;
    let mut paths: Vec<&PathBuf> = Vec::new();
    for path in arguments.files.iter().chain(&arguments.certificate).chain(&arguments.private_key) {
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
    let at_hand = AtHand::of(arguments, &readings)?;
    let uploads_of = |readings| uploads(arguments, readings);
    let fixes_of = |scope| fixes(fixes_of(&readings, &policy, at_hand.means(scope), uploads_of));
    let fixes = fixes_of(scope)?;
    let mut stdout = output::stdout(color);
    if arguments.write {
        let path_of = |fix: &Fix| {
            let place = readings.iter().position(|reading| Arc::ptr_eq(reading, fix.before()));
            place.and_then(|place| paths.get(place)).map(|path| path.as_path())
        };
        let paths: Vec<&Path> = fixes.iter().filter_map(path_of).collect();
        transaction::write(&fixes, &paths)?;
    }
    for fix in &fixes {
        let (name, repairs) = (name(fix.before()), listed(fix.repairs()));
        if arguments.write {
            writeln!(stdout, "{name}: repaired: {repairs}")?;
        } else {
            writeln!(stdout, "{name}: can be repaired: {repairs}")?;
            difference::write(&mut stdout, fix)?;
        }
        if fix.taken_out().is_some() {
            let key = transaction::key_path(Path::new(fix.before().source().name()))?;
            let goes = if arguments.write { "is now" } else { "would go" };
            writeln!(
                stdout,
                "{name}: its private key {goes} in {}",
                key.display().to_string().escape_debug()
            )?;
        }
    }
    stdout.flush()?;
    if scope == Scope::Safe {
        tell_of_unsafe(&fixes_of(Scope::Unsafe)?, &fixes, color)?;
    }
    Ok(if fixes.is_empty() || arguments.write { Exit::Clean } else { Exit::Findings })
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
