//! Lists that others keep and that are compiled in: each is of a day, and grows old.

use certgate_facts::Timestamp;

use crate::anchor::TrustAnchors;
use crate::ct_log;
use crate::finding::Finding;
use crate::policy::Policy;

/// Days after which a list is old.
pub const DATED_LIST_DAYS_MAX: i64 = 365;

/// A list that is compiled in.
#[derive(Debug)]
pub struct DatedList {
    name: &'static str,
    date: &'static str,
    update: &'static str,
}

/// Mozilla's roots: the crate `webpki-roots` 1.0.10, taken on that day.
static ROOTS: DatedList =
    DatedList { name: "Mozilla's roots", date: "2026-11-23", update: "cargo update -p webpki-roots" };
/// The Public Suffix List: the crate `psl` 2.1.247, taken on that day.
static SUFFIXES: DatedList =
    DatedList { name: "the Public Suffix List", date: "2026-11-23", update: "cargo update -p psl" };
/// The logs of Certificate Transparency that Chromium 156.0.8078.79 has built in, on the day of that program.
static LOGS: DatedList = DatedList {
    name: "Chrome's list of CT logs",
    date: ct_log::DATE,
    update: "CERTGATE_CT_LOG_LIST=log_list.json UPDATE=1 cargo test -p certgate-rules --test ct_logs",
};

/// All of them.
pub static DATED_LISTS: [&DatedList; 3] = [&ROOTS, &SUFFIXES, &LOGS];

/// Rules whose findings rest on a list.
const RESTING: [(&str, &DatedList); 6] = [
    ("chain-incomplete", &ROOTS),
    ("chain-not-trusted", &ROOTS),
    ("hostname-not-covered", &SUFFIXES),
    ("internal-name", &SUFFIXES),
    ("scts-too-few", &LOGS),
    ("wildcard-on-public-suffix", &SUFFIXES),
];

impl DatedList {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The day it is of, as `2026-11-23`.
    #[must_use]
    pub fn date(&self) -> &'static str {
        self.date
    }

    /// How it is renewed in the sources of this program: a command.
    #[must_use]
    pub fn update(&self) -> &'static str {
        self.update
    }

    /// Mozilla's roots.
    pub(crate) fn roots() -> &'static Self {
        &ROOTS
    }

    /// Whether it is more than [`DATED_LIST_DAYS_MAX`] days old.
    #[must_use]
    pub fn is_old(&self, at: Timestamp) -> bool {
        self.date
            .parse()
            .is_ok_and(|date: Timestamp| at.unix_secs() - date.unix_secs() > DATED_LIST_DAYS_MAX * 86_400)
    }
}

/// The finding, with a word on the list that it rests on where that is old.
pub(crate) fn with_age(finding: Finding, policy: &Policy) -> Finding {
    let rests = RESTING.iter().find(|(rule, _)| *rule == finding.rule().name());
    let Some((_, list)) = rests.filter(|(_, list)| list.is_old(policy.at())) else { return finding };
    if std::ptr::eq(*list, &ROOTS) && !matches!(policy.anchors(), TrustAnchors::Mozilla) {
        return finding;
    }
    let age =
        format!("{} in this program is of {}, more than a year old: renew the program", list.name, list.date);
    let help = finding.help().map_or_else(|| age.clone(), |help| format!("{help}; {age}"));
    finding.with_help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_old_after_a_year_and_not_before() {
        let at = |text: &str| ROOTS.is_old(text.parse().unwrap());
        assert!(!at("2027-11-23T00:00:00Z"));
        assert!(at("2027-11-23T00:00:01Z"));
        assert!(DATED_LISTS.iter().all(|list| list.date().parse::<Timestamp>().is_ok()));
    }

    #[test]
    fn rules_that_rest_on_a_list_exist() {
        for (rule, _) in RESTING {
            assert!(crate::rule(rule).is_some(), "{rule}");
        }
    }

    #[test]
    fn the_days_are_those_of_the_versions_in_the_lock_file() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock")).unwrap();
        for (name, version) in [("webpki-roots", "1.0.10"), ("psl", "2.1.247")] {
            let package = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(
                lock.contains(&package),
                "{name} is another one: set its date above, and its version here"
            );
        }
    }

    #[test]
    fn findings_that_rest_on_an_old_list_say_so() {
        let stem =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/rules/chain-incomplete/bad-leaf-only");
        let said = |at: &str, anchors: TrustAnchors| {
            let policy = Policy::new(at.parse().unwrap(), anchors);
            let verdict = crate::judge(crate::fixture::upload(stem.as_ref()), &policy);
            let found = verdict.findings().iter().find(|finding| finding.rule().name() == "chain-incomplete");
            found.unwrap().help().unwrap().contains("is of 2026-11-23, more than a year old")
        };
        assert!(!said("2027-11-23T00:00:00Z", TrustAnchors::Mozilla));
        assert!(said("2027-11-23T00:00:01Z", TrustAnchors::Mozilla));
        assert!(!said("2027-11-23T00:00:01Z", TrustAnchors::None));
    }
}
