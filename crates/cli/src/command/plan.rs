//! `certgate plan`: what is to be done so that the API holds what a manifest declares.

mod comparison;
mod judgement;

use std::io::Write;

use certgate_report::plan::Plan;

use crate::cli::{ColorChoice, Format, PlanArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{network, output};

pub(super) use comparison::{Comparison, compare, leftover_items, step_items};
pub(super) use judgement::{
    AllCleared, Judgement, Passed, declared_by, judge_all, tell_refused, tell_warnings,
};

/// Judges, asks what is held, and writes what is to be done.
pub(crate) fn run(arguments: &PlanArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let (manifest, policy) = declared_by(&arguments.declared, arguments.at)?;
    let judgement = match judge_all(manifest, &policy) {
        Ok(judgement) => judgement,
        Err(refused) => return tell_refused(&refused, &policy, arguments.format, color),
    };
    let client = network::client(&arguments.api)?;
    let client = client.with_pauses_told(move |pause| network::tell_pause(pause, color));
    let comparison = network::run(compare(&client, &judgement, policy.at()))??;
    let mut items = step_items(&judgement, &comparison);
    items.extend(leftover_items(&comparison, arguments.prune));
    let plan = Plan {
        project: &judgement.project,
        at: judgement.at,
        is_push: false,
        items: &items,
        foreign: comparison.foreign(),
        served: &[],
    };
    let mut stdout = output::stdout(color);
    match arguments.format {
        Format::Text => {
            tell_warnings(&judgement, color)?;
            plan.write_text(&mut stdout, output::has_color(color))?;
        }
        Format::Json => stdout.write_all(plan.json()?.as_bytes())?,
    }
    stdout.flush()?;
    let is_change = items.iter().any(certgate_report::plan::Item::is_change);
    Ok(if arguments.detailed_exit_code && is_change { Exit::Findings } else { Exit::Clean })
}
