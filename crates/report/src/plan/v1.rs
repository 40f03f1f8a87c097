//! Version 1 of the JSON of a plan.

use std::io;

use serde::Serialize;

use super::{Action, Item, Kind, Outcome, Plan, Served, served};
use crate::json::{pretty, v1};

#[derive(Serialize)]
struct Json<'a> {
    version: u8,
    project: &'a str,
    at: String,
    items: Vec<OfItem<'a>>,
    foreign: usize,
    served: Vec<served::Json<'a>>,
    /// Whether nothing is left to be done.
    is_settled: bool,
}

#[derive(Serialize)]
struct OfItem<'a> {
    kind: Kind,
    name: &'a str,
    action: Action,
    id: &'a Option<String>,
    replaces: &'a Option<String>,
    reasons: &'a [String],
    outcome: &'static str,
    error: Option<&'a str>,
    findings: Vec<v1::Finding>,
}

pub(super) fn json(plan: &Plan<'_>) -> io::Result<String> {
    let is_settled = |item: &Item<'_>| !item.is_change() || item.outcome == Outcome::Done;
    let items = plan.items.iter().map(|item| OfItem {
        kind: item.kind,
        name: item.name,
        action: item.action,
        id: &item.id,
        replaces: &item.replaces,
        reasons: &item.reasons,
        outcome: match item.outcome {
            Outcome::Planned => "planned",
            Outcome::Done => "done",
            Outcome::Failed(_) => "failed",
            Outcome::NotTried => "not_tried",
        },
        error: match &item.outcome {
            Outcome::Failed(why) => Some(why),
            _ => None,
        },
        findings: item.findings.iter().map(v1::Finding::of).collect(),
    });
    pretty(&Json {
        version: 1,
        project: plan.project,
        at: plan.at.to_string(),
        items: items.collect(),
        foreign: plan.foreign,
        served: plan.served.iter().map(Served::json).collect(),
        is_settled: plan.items.iter().all(is_settled),
    })
}
