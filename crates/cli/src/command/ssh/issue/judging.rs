//! The gate before the signature.

use std::panic;

use certgate_rules::judge;

use super::Job;
use super::plan::{Planned, Wanted};
use super::row::{Row, Stage};

/// Judges every request, in as many threads as there are to be.
pub(super) fn rows(job: &Job<'_>, planned: Vec<Planned>) -> Vec<Row> {
    let chunk = planned.len().div_ceil(job.threads.get()).max(1);
    let policy = &job.policy;
    let mut rest = planned.into_iter().peekable();
    std::thread::scope(|scope| {
        let mut judges = Vec::new();
        while rest.peek().is_some() {
            let part: Vec<Planned> = rest.by_ref().take(chunk).collect();
            judges.push(scope.spawn(move || -> Vec<Row> {
                part.into_iter().map(|planned| row(planned, policy)).collect()
            }));
        }
        // Hosts that were left out would look like hosts that were never asked for.
        let parts = judges
            .into_iter()
            .flat_map(|judge| judge.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        parts.collect()
    })
}

fn row(planned: Planned, policy: &certgate_rules::Policy) -> Row {
    let Planned { mut row, wanted } = planned;
    let Some(Wanted { authority, request }) = wanted else { return row };
    let verdict = judge(request, policy);
    row.findings = verdict.findings().to_vec();
    row.stage = match verdict.clear() {
        Ok(cleared) => Stage::ToBeSigned(authority, Box::new(cleared)),
        Err(_) => Stage::Refused,
    };
    row
}
