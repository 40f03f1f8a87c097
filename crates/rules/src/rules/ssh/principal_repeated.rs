#![doc = include_str!("principal_repeated.md")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use certgate_facts::SshRole;

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::finding::Finding;
use crate::misnomer::{FINDINGS_MAX, shown};
use crate::policy::Policy;
use crate::principal::{NormalForm, PrincipalFault};
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(425),
    name: "principal-repeated",
    summary: "a principal is there twice",
    level: Level::Warning,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: false,
    citation: "sshkey.c, sshkey_cert_check_host",
    explanation: include_str!("principal_repeated.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let (principals, role) = (subject.principals().unwrap_or_default(), subject.role());
    let (mut seen, mut repeated) = (BTreeMap::new(), Vec::new());
    for (index, principal) in principals.iter().enumerate().filter(|_| principals.len() > 1) {
        match seen.entry(meant(&principal.text, role)) {
            Entry::Vacant(place) => _ = place.insert(index),
            // What is empty is told of as such.
            Entry::Occupied(first) if !first.key().is_empty() => repeated.push((index, *first.get())),
            Entry::Occupied(_) => {}
        }
    }
    let more = repeated.len().saturating_sub(FINDINGS_MAX);
    let told = repeated.into_iter().take(FINDINGS_MAX).enumerate();
    told.filter_map(|(index, (again, first))| {
        let (again, first, number) = (principals.get(again)?, principals.get(first)?, first + 1);
        let twin = if again.text == first.text { String::new() } else { format!(", {}", shown(&first.text)) };
        let message = format!("{} repeats principal {number}{twin}", shown(&again.text));
        let more = if index + 1 == FINDINGS_MAX && more > 0 {
            format!("; {more} more principals are repeated")
        } else {
            String::new()
        };
        let finding = Finding::new(&RULE, message, again.label(""));
        Some(finding.with_help(format!("leave it out{more}")).with_related([first.label("here first")]))
    })
    .collect()
}

/// What a principal is compared by: its normal form, if that is one.
fn meant(text: &str, role: SshRole) -> Cow<'_, str> {
    if PrincipalFault::of_name(text, role).is_none() {
        return text.into();
    }
    let form = NormalForm::of_name(text, role);
    match (form.fault(), form.texts()) {
        (Some(PrincipalFault::Empty), _) => "".into(),
        (_, [only]) => only.clone().into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @"
        bad-address.json --principal:1:1 `2001:DB8:0::1` repeats principal 1, `2001:db8::1`
            leave it out
        bad-same.json --principal:1:1 `web-1.example.com` repeats principal 1
            leave it out
        bad-user.json --principal:1:1 `alice` repeats principal 1
            leave it out
        ");
    }
}
