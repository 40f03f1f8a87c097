//! `certgate push`: brings the API in line with what a manifest declares.
//!
//! Everything is judged before anything is sent, created before anything is deleted, and deleted only where asked to and where
//! nothing failed. Nothing is kept here: whoever stops it runs it again.

mod carrying_out;
mod progress;
mod served;

use std::io::Write;

use certgate_report::plan::{Item, Outcome, Plan, Served};

use self::progress::Progress;
use super::plan::{
    Comparison, Judgement, compare, declared_by, judge_all, leftover_items, step_items, tell_refused,
    tell_warnings,
};
use crate::cli::{ColorChoice, Format, PushArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{confirmation, network, output};

/// Judges, compares, does it, and says what became of it.
pub(crate) fn run(arguments: &PushArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let (manifest, policy) = declared_by(&arguments.declared, None)?;
    let mut judgement = match judge_all(manifest, &policy) {
        Ok(judgement) => judgement,
        Err(refused) => return tell_refused(&refused, &policy, arguments.format, color),
    };
    let expected = served::expected(&arguments.verify_served, &judgement.tls)?;
    if arguments.format == Format::Text {
        tell_warnings(&judgement, color)?;
    }
    let progress = Progress::new();
    let client = network::client(&arguments.api)?.with_pauses_told(progress.pauses(color));
    network::run(async {
        let cleared = judgement.take_cleared();
        let comparison = compare(&client, &judgement, policy.at()).await?;
        confirm(arguments, &comparison)?;
        let mut items = step_items(&judgement, &comparison);
        let leftovers = leftover_items(&comparison, arguments.prune);
        progress.begin(items.iter().chain(&leftovers).filter(|item| item.is_change()).count());
        let count = usize::from(arguments.concurrency);
        let jobs = carrying_out::steps(&client, &comparison, cleared);
        carrying_out::carry_out(jobs, count, &mut items, &progress).await;
        let is_done = items.iter().all(|item| !item.is_change() || item.outcome == Outcome::Done);
        items.extend(leftovers);
        if arguments.prune {
            let first = judgement.len();
            let jobs =
                if is_done { carrying_out::deletions(&client, &comparison, first) } else { Vec::new() };
            carrying_out::carry_out(jobs, count, &mut items, &progress).await;
        }
        progress.end();
        let served = served::all(&expected, &policy).await;
        tell(arguments, &judgement, &comparison, &items, &served, color)
    })?
}

/// Deletions ask for a yes.
fn confirm(arguments: &PushArguments, comparison: &Comparison) -> Result<(), Failure> {
    let count = comparison.leftovers();
    if !arguments.prune || arguments.yes || count == 0 {
        return Ok(());
    }
    let resources =
        if count == 1 { "1 resource that is".to_owned() } else { format!("{count} resources that are") };
    match confirmation::is_given(&format!("Delete {resources} not declared or superseded?"))? {
        true => Ok(()),
        false => Err(Failure::input("nothing was done")
            .with_hint("`certgate plan --prune` shows what would be deleted")),
    }
}

fn tell(
    arguments: &PushArguments,
    judgement: &Judgement,
    comparison: &Comparison,
    items: &[Item<'_>],
    served: &[Served],
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let plan = Plan {
        project: &judgement.project,
        at: judgement.at,
        is_push: true,
        items,
        foreign: comparison.foreign(),
        served,
    };
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => plan.write_text(&mut stdout, output::has_color(color))?,
        Format::Json => stdout.write_all(plan.json()?.as_bytes())?,
    }
    stdout.flush()?;
    let has_failed = |item: &Item<'_>| matches!(item.outcome, Outcome::Failed(_));
    Ok(match () {
        () if items.iter().any(has_failed) || served.iter().any(Served::is_unknown) => Exit::Failed,
        () if served.iter().all(Served::is_good) => Exit::Clean,
        () => Exit::Findings,
    })
}
