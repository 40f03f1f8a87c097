//! How rules weigh by the arguments, and which rule is meant.

use certgate_rules::{Level, RULES, Rule};

use crate::cli::LevelArguments;
use crate::failure::Failure;
use crate::nearest::nearest;

/// The levels that the arguments ask for: of `--allow`, `--warn` and `--deny` for one rule the gravest is the last.
pub(crate) fn levels(arguments: &LevelArguments) -> Result<Vec<(&'static Rule, Level)>, Failure> {
    let levels = [
        (&arguments.allow, Level::Allow),
        (&arguments.warn, Level::Warning),
        (&arguments.deny, Level::Error),
    ];
    let words = levels.into_iter().flat_map(|(words, level)| words.iter().map(move |word| (word, level)));
    words.map(|(word, level)| Ok((find_rule(word)?, level))).collect()
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
