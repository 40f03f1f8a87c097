//! `certgate ssh issue` and `renew`: from what is asked for to certificates in the ledger and in files.

mod order;
mod plan;
mod obstacles;
mod renewal;
mod row;
mod signing;
mod threads;

use std::io::Write;
use std::num::NonZeroUsize;

use certgate_report::ssh::issuing;
use certgate_rules::{Fraction, Level, Policy, TrustAnchors};
use certgate_store::OpenLedger;

use self::order::{Order, Times};
use self::row::{Row, Stage};
use crate::cli::{ColorChoice, Format, IssueArguments, RenewArguments, SigningArguments, ValidityArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::inventory;
use crate::state::State;
use crate::{clock, output, policy};

/// What is asked for, and by what it is judged and signed.
struct Job<'a> {
    state: State,
    ledger: OpenLedger,
    policy: Policy,
    times: Times,
    signing: &'a SigningArguments,
    color: ColorChoice,
    /// Hosts keep a good certificate that has more than this part of its lifetime left; without it, each gets a new one.
    due: Option<Fraction>,
    threads: NonZeroUsize,
}

/// Issues for one host, or for all of an inventory that need it.
pub(super) fn issue(arguments: &IssueArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let job = Job::new(&arguments.validity, &arguments.signing, color)?;
    let job = Job { due: arguments.inventory.is_some().then_some(arguments.due), ..job };
    let orders = match (&arguments.inventory, &arguments.public_key) {
        (Some(path), _) => {
            let hosts = inventory::read(path)?;
            order::of_hosts(hosts, &job.ledger, arguments.ca.as_ref(), &job.times, job.threads)?
        }
        (None, Some(path)) => vec![order::of_arguments(arguments, path, &job.ledger, &job.times)?],
        (None, None) => return Err(Failure::input("no public key and no inventory was named")),
    };
    job.run(orders)
}

/// Issues anew for the hosts of certificates.
pub(super) fn renew(arguments: &RenewArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let job = Job::new(&arguments.validity, &arguments.signing, color)?;
    let orders = renewal::orders(arguments, &job.ledger, &job.times)?;
    let job = Job { due: arguments.due, ..job };
    job.run(orders)
}

impl<'a> Job<'a> {
    fn new(
        validity: &ValidityArguments,
        signing: &'a SigningArguments,
        color: ColorChoice,
    ) -> Result<Self, Failure> {
        let now = clock::now();
        let state = signing.state.state()?;
        let ledger = state.ledger()?;
        let mut policy = Policy::new(now, TrustAnchors::Mozilla);
        if let Some(length) = validity.max_lifetime {
            policy = policy.with_lifetime_secs_max(length.secs());
        }
        let spelled = [
            (signing.allow_wildcard, "principal-is-wildcard"),
            (signing.allow_no_principals, "principals-empty"),
        ];
        for (is_spelled, rule) in spelled {
            if is_spelled {
                policy = policy.with_level(policy::find_rule(rule)?, Level::Warning);
            }
        }
        let processors = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let threads = signing.threads.and_then(|count| NonZeroUsize::new(usize::from(count)));
        Ok(Self {
            state,
            ledger,
            policy,
            times: Times::of(validity, now)?,
            signing,
            color,
            due: None,
            threads: threads.unwrap_or(processors),
        })
    }

    /// Plans, judges, signs, writes, and says what became of each.
    fn run(mut self, orders: Vec<Result<Order, Row>>) -> Result<Exit, Failure> {
        let mut rows = plan::rows(&mut self, orders)?;
        let mut failed = None;
        if !self.signing.dry_run {
            failed = signing::sign(&mut self, &mut rows)?.err();
            // An authority that failed keeps those after it from their turn.
            let left = rows.iter_mut().filter(|row| matches!(row.stage, Stage::ToBeSigned(..)));
            left.for_each(|row| row.fail("it was not tried: run the same command again"));
        }
        self.report(&rows)?;
        if let Some(failure) = failed {
            return Err(failure);
        }
        Ok(if rows.iter().any(Row::has_failed) {
            Exit::Failed
        } else if rows.iter().any(Row::is_refused) {
            Exit::Findings
        } else {
            Exit::Clean
        })
    }

    fn report(&self, rows: &[Row]) -> Result<(), Failure> {
        // With a certificate on standard output, what is said of it is talk.
        let is_data = rows.iter().all(Row::goes_to_a_file);
        let mut stdout = output::stdout(self.color);
        let mut stderr = output::stderr(self.color);
        let out: &mut dyn Write = if is_data { &mut stdout } else { &mut stderr };
        let shown: Vec<issuing::Host<'_>> = rows.iter().map(Row::shown).collect();
        match self.signing.format {
            Format::Json => out.write_all(issuing::json(&shown, self.signing.dry_run)?.as_bytes())?,
            Format::Text => {
                issuing::write_text(out, &shown, self.signing.dry_run, output::has_color(self.color))?
            }
        }
        stdout.flush()?;
        Ok(())
    }
}
