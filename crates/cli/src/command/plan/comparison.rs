//! What is declared against what the API holds.

use certgate_api::{Resource, SshHostCertificate, TlsCertificate, Update};
use certgate_client::plan::{Action, Declaration, Held, Plan, Reason, plan};
use certgate_client::{Client, ListQuery, Transport};
use certgate_facts::Timestamp;
use certgate_report::plan::{Action as Shown, Item, Kind, Outcome};
use certgate_rules::Finding;

use super::Judgement;
use crate::command::api;
use crate::failure::Failure;

/// What is to be done, kind by kind.
pub(crate) struct Comparison {
    pub(crate) tls: Plan<TlsCertificate>,
    pub(crate) hosts: Plan<SshHostCertificate>,
}

/// Lists what is held, and compares.
pub(crate) async fn compare<T: Transport>(
    client: &Client<T>,
    judgement: &Judgement,
    at: Timestamp,
) -> Result<Comparison, Failure> {
    let tls = held(client, &judgement.project).await?;
    let hosts = held(client, &judgement.project).await?;
    Ok(Comparison {
        tls: plan(&judgement.tls.declared, tls, at),
        hosts: plan(&judgement.hosts.declared, hosts, at),
    })
}

/// What the API holds of one kind; no more than a page of what belongs to others is kept at a time.
async fn held<R: Resource, T: Transport>(client: &Client<T>, project: &str) -> Result<Held<R>, Failure> {
    let mut held = Held::of(project);
    let mut pages = client.list::<R>(&ListQuery::default());
    while let Some(page) = pages.next_page().await.map_err(|error| api::failure(&error))? {
        page.items.into_iter().for_each(|received| held.insert(received.resource));
    }
    Ok(held)
}

impl Comparison {
    /// How many resources belong to others.
    pub(crate) fn foreign(&self) -> usize {
        self.tls.foreign + self.hosts.foreign
    }

    /// How many are left over.
    pub(crate) fn leftovers(&self) -> usize {
        self.tls.leftovers.len() + self.hosts.leftovers.len()
    }
}

/// An item for each declaration, in the order declared, kind by kind.
pub(crate) fn step_items<'a>(judgement: &'a Judgement, comparison: &'a Comparison) -> Vec<Item<'a>> {
    let (tls, hosts) = (&judgement.tls, &judgement.hosts);
    let mut items = of_steps(Kind::TlsCertificate, &tls.declared, &tls.findings, &comparison.tls);
    items.extend(of_steps(Kind::SshHostCertificate, &hosts.declared, &hosts.findings, &comparison.hosts));
    items
}

/// An item for each resource that is left over.
pub(crate) fn leftover_items(comparison: &Comparison, is_pruned: bool) -> Vec<Item<'_>> {
    let mut items = of_leftovers(Kind::TlsCertificate, &comparison.tls, is_pruned);
    items.extend(of_leftovers(Kind::SshHostCertificate, &comparison.hosts, is_pruned));
    items
}

fn of_steps<'a, D: Declaration>(
    kind: Kind,
    declared: &'a [D],
    findings: &'a [Vec<Finding>],
    plan: &'a Plan<D::Resource>,
) -> Vec<Item<'a>> {
    let each = declared.iter().zip(findings).zip(&plan.steps).map(|((declaration, findings), step)| {
        let (action, id, replaces, reasons) = match &step.action {
            Action::Create => (Shown::Create, None, None, vec![declaration.summary()]),
            Action::Replace { held, reasons } => {
                (Shown::Replace, None, Some(held.to_string()), reasons.clone())
            }
            Action::Update { held, update } => (Shown::Update, Some(held.to_string()), None, changed(update)),
            Action::Keep { held } => (Shown::Keep, Some(held.to_string()), None, Vec::new()),
        };
        Item { kind, name: &step.name, action, id, replaces, reasons, findings, outcome: Outcome::Planned }
    });
    each.collect()
}

fn changed(update: &Update) -> Vec<String> {
    let fields = [("description", &update.description), ("metadata", &update.metadata)];
    fields.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name.to_owned()).collect()
}

fn of_leftovers<R: Resource>(kind: Kind, plan: &Plan<R>, is_pruned: bool) -> Vec<Item<'_>> {
    let each = plan.leftovers.iter().map(|leftover| Item {
        kind,
        name: &leftover.name,
        action: if is_pruned { Shown::Delete } else { Shown::Leave },
        id: Some(leftover.id.to_string()),
        replaces: None,
        reasons: vec![
            match leftover.reason {
                Reason::Superseded => "superseded",
                Reason::Undeclared => "not declared",
            }
            .to_owned(),
        ],
        findings: &[],
        outcome: Outcome::Planned,
    });
    each.collect()
}
