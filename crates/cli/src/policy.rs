//! From arguments to the policy a case is judged by.

use certgate_facts::Timestamp;
use certgate_rules::path::ReferenceName;
use certgate_rules::{Level, Policy, RULES, Rule, TrustAnchors};

use crate::cli::{ClientArguments, LevelArguments};
use crate::clock;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::trust;

/// The policy that the arguments ask for. Of `--allow`, `--warn` and `--deny` the gravest wins.
pub(crate) fn of(arguments: &LevelArguments, at: Option<Timestamp>) -> Result<Policy, Failure> {
    with_levels(Policy::new(clock::at(at), TrustAnchors::Mozilla), arguments)
}

fn with_levels(mut policy: Policy, arguments: &LevelArguments) -> Result<Policy, Failure> {
    let levels = [
        (&arguments.allow, Level::Allow),
        (&arguments.warn, Level::Warning),
        (&arguments.deny, Level::Error),
    ];
    for (words, level) in levels {
        for word in words {
            policy = policy.with_level(find_rule(word)?, level);
        }
    }
    Ok(policy)
}

/// The same, with what clients ask for and whom they know.
pub(crate) fn of_clients(
    clients: &ClientArguments,
    levels: &LevelArguments,
    at: Option<Timestamp>,
) -> Result<Policy, Failure> {
    let hosts = clients.hostname.iter().map(|host| {
        ReferenceName::host(host).ok_or_else(|| {
            Failure::input(format!("`{}` is neither a host name nor an address", host.escape_debug()))
                .with_hint(
                    "write it as clients ask for it, such as `www.example.com`, without scheme and port",
                )
        })
    });
    let hosts: Vec<ReferenceName> = hosts.collect::<Result<_, _>>()?;
    with_levels(Policy::new(clock::at(at), trust::of(&clients.trust)?).with_hosts(hosts), levels)
}

/// The rule of a name or a code.
pub(crate) fn find_rule(word: &str) -> Result<&'static Rule, Failure> {
    certgate_rules::rule(word).ok_or_else(|| unknown_rule(word))
}

/// No such rule: says which one was probably meant.
pub(crate) fn unknown_rule(word: &str) -> Failure {
    let failure = Failure::input(format!("there is no rule `{}`", word.escape_debug()));
    match nearest(word, RULES.iter().map(|rule| rule.name())) {
        Some(name) => failure.with_hint(format!("did you mean `{name}`?")),
        None => failure.with_hint("`certgate rules` lists them all"),
    }
}
