//! What is to be done, done.

use certgate_api::Resource;
use certgate_client::plan::{Action, Plan};
use certgate_client::{Client, Error, Request, Transport};
use certgate_report::plan::{Item, Outcome};
use certgate_rules::Cleared;

use super::progress::Progress;
use crate::at_once::{self, Job};
use crate::command::api;
use crate::command::plan::{AllCleared, Comparison};

/// What is done about one item: the id of the resource, once it is.
type Work<'a> = Job<'a, Result<String, Error>>;

/// What is to be done for the declarations, each with the place of its item.
pub(super) fn steps<'a, T: Transport>(
    client: &'a Client<T>,
    comparison: &'a Comparison,
    cleared: AllCleared,
) -> Vec<(usize, Work<'a>)> {
    let hosts_from = comparison.tls.steps.len();
    let mut jobs = of_kind(client, &comparison.tls, cleared.tls, 0);
    jobs.extend(of_kind(client, &comparison.hosts, cleared.hosts, hosts_from));
    jobs
}

/// What is to be deleted; the items begin at `first`.
pub(super) fn deletions<'a, T: Transport>(
    client: &'a Client<T>,
    comparison: &'a Comparison,
    first: usize,
) -> Vec<(usize, Work<'a>)> {
    let hosts_from = first + comparison.tls.leftovers.len();
    let mut jobs = of_leftovers(client, &comparison.tls, first);
    jobs.extend(of_leftovers(client, &comparison.hosts, hosts_from));
    jobs
}

fn of_kind<'a, C: Request + 'a, T: Transport>(
    client: &'a Client<T>,
    plan: &'a Plan<C::Resource>,
    cleared: Vec<Cleared<C>>,
    first: usize,
) -> Vec<(usize, Work<'a>)> {
    let jobs = plan.steps.iter().zip(cleared).zip(first..).filter_map(|((step, cleared), place)| {
        let work: Work<'a> = match &step.action {
            Action::Keep { .. } => return None,
            Action::Create | Action::Replace { .. } => Box::pin(async move {
                let received = client.push_besides(cleared, &plan.known).await?;
                Ok(received.resource.id().to_string())
            }),
            Action::Update { held, update } => Box::pin(async move {
                client.update(held, update).await?;
                Ok(held.to_string())
            }),
        };
        Some((place, work))
    });
    jobs.collect()
}

fn of_leftovers<'a, R: Resource, T: Transport>(
    client: &'a Client<T>,
    plan: &'a Plan<R>,
    first: usize,
) -> Vec<(usize, Work<'a>)> {
    let jobs = plan.leftovers.iter().zip(first..).map(|(leftover, place)| {
        let work: Work<'a> = Box::pin(async move {
            match client.delete(&leftover.id).await {
                // Somebody else was faster: it is gone, which is what was wanted.
                Err(error) if !error.is_not_found() => Err(error),
                _ => Ok(leftover.id.to_string()),
            }
        });
        (place, work)
    });
    jobs.collect()
}

/// Does it, and writes into the items what became of each. Once the API is out of reach, nothing else begins.
pub(super) async fn carry_out(
    jobs: Vec<(usize, Work<'_>)>,
    count: usize,
    items: &mut [Item<'_>],
    progress: &Progress,
) {
    let outcomes = at_once::run(jobs, count, |outcome| {
        progress.one_done();
        !outcome.as_ref().is_err_and(Error::is_retryable)
    });
    for (place, outcome) in outcomes.await {
        let Some(item) = items.get_mut(place) else { continue };
        item.outcome = match outcome {
            Ok(id) => {
                item.id = Some(id);
                Outcome::Done
            }
            Err(error) => Outcome::Failed(api::failure(&error).in_one_line()),
        };
    }
    for item in items.iter_mut().filter(|item| item.is_change() && item.outcome == Outcome::Planned) {
        item.outcome = Outcome::NotTried;
    }
}
