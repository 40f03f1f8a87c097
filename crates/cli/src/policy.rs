//! From arguments to the policy a case is judged by.

use certgate_rules::{Level, Policy, RULES, Rule, TrustAnchors};

use crate::cli::CheckArguments;
use crate::clock;
use crate::failure::Failure;

/// The policy that the arguments ask for. Of `--allow`, `--warn` and `--deny` the gravest wins.
pub(crate) fn of(arguments: &CheckArguments) -> Result<Policy, Failure> {
    let at = clock::at(arguments.at);
    let mut policy = Policy::new(at, TrustAnchors::Mozilla);
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

/// The rule of a name or a code.
pub(crate) fn find_rule(word: &str) -> Result<&'static Rule, Failure> {
    certgate_rules::rule(word).ok_or_else(|| unknown_rule(word))
}

/// No such rule: says which one was probably meant.
pub(crate) fn unknown_rule(word: &str) -> Failure {
    let nearest = RULES.iter().map(|rule| (edits(word, rule.name()), rule.name())).min();
    let failure = Failure::input(format!("there is no rule `{}`", word.escape_debug()));
    match nearest {
        Some((distance, name)) if distance <= word.len().min(name.len()) / 2 => {
            failure.with_hint(format!("did you mean `{name}`?"))
        }
        _ => failure.with_hint("`certgate rules` lists them all"),
    }
}

/// How many characters must be put in, taken out or exchanged to make one word of the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, from) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, to) in other.iter().enumerate() {
            let exchanged = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted() {
        assert_eq!(edits("leaf-expird", "leaf-expired"), 1);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abc", "cab"), 2);
    }
}
