//! Counts over a plan.

use super::{Action, Outcome, Plan};

/// How many of each, in one line.
pub(super) fn of(plan: &Plan<'_>) -> String {
    let count = |action: Action, is_done: bool| {
        let is_counted = |outcome: &Outcome| (*outcome == Outcome::Done) == is_done;
        plan.items.iter().filter(|item| item.action == action && is_counted(&item.outcome)).count()
    };
    let words = match plan.is_push {
        false => ["to create", "to update", "to replace", "to delete"],
        true => ["created", "updated", "replaced", "deleted"],
    };
    let changes = [Action::Create, Action::Update, Action::Replace, Action::Delete].into_iter().zip(words);
    let mut parts: Vec<String> = changes
        .map(|(action, word)| (count(action, plan.is_push), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if parts.is_empty() {
        parts.push(if plan.is_push { "nothing done" } else { "nothing to do" }.to_owned());
    }
    let outcomes =
        |wanted: fn(&Outcome) -> bool| plan.items.iter().filter(|item| wanted(&item.outcome)).count();
    let more = [
        (outcomes(|outcome| matches!(outcome, Outcome::Failed(_))), "failed"),
        (outcomes(|outcome| *outcome == Outcome::NotTried), "not tried"),
        (count(Action::Keep, false), "unchanged"),
        (count(Action::Leave, false), "left over (--prune deletes)"),
        (plan.foreign, "foreign, left alone"),
    ];
    parts.extend(
        more.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")),
    );
    parts.join(", ")
}
