//! Where uploads go that do not go to the API: what the documents of each say it takes.

mod aws_acm;
mod azure_key_vault;
mod cloudflare;
mod fastly;
mod gcp;

use std::fmt;

use certgate_facts::{Curve, KeyFormat, KeyType};

use crate::rule::Rule;
use crate::rules::{input, key};

/// Every target, by name. The API itself is none: what goes there is judged as a [`TlsUpload`](crate::TlsUpload).
pub static TARGETS: [&Target; 5] =
    [&aws_acm::TARGET, &azure_key_vault::TARGET, &cloudflare::TARGET, &fastly::TARGET, &gcp::TARGET];

/// The target called `name`, whatever the case.
#[must_use]
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.into_iter().find(|target| target.name.eq_ignore_ascii_case(name))
}

/// What no target takes, wherever its documents say that it wants a certificate in PEM and the key of it.
static TAKEN_BY_NONE: [&Rule; 11] = [
    &input::certificate_missing::RULE,
    &input::private_key_missing::RULE,
    &input::certificate_slot_holds_key::RULE,
    &input::key_slot_holds_certificate::RULE,
    &input::certificate_unreadable::RULE,
    &input::pem_block_damaged::RULE,
    &input::text_encoding_unsupported::RULE,
    &input::blocks_over_limit::RULE,
    &input::container_unreadable::RULE,
    &key::key_does_not_match_leaf::RULE,
    &key::key_unsupported::RULE,
];

/// A service that takes certificates.
pub struct Target {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// Where it says what a certificate and a key have to be.
    pub(crate) document: Document,
    pub(crate) takes: Takes,
    /// The rules that it refuses by, beside those that all do; each with where it says so.
    pub(crate) refuses: &'static [(&'static Rule, &'static Document)],
}

/// What a target takes; the rules of the family `target` ask for it.
pub(crate) struct Takes {
    pub(crate) keys: &'static [KeyKind],
    /// The formats of private keys; nothing where any will do.
    pub(crate) key_formats: &'static [KeyFormat],
    pub(crate) key_bytes_max: Option<usize>,
    pub(crate) certificates_min: usize,
    pub(crate) certificates_max: Option<usize>,
    pub(crate) files: Files,
    /// For how many days from the upload on the leaf has to be valid.
    pub(crate) days_left_min: i64,
    /// Whether the chain has to lead to a root that clients trust.
    pub(crate) asks_for_trust: bool,
    pub(crate) lines: Lines,
}

impl Takes {
    /// Whatever the API takes.
    const ANYTHING: Self = Self {
        keys: &[],
        key_formats: &[],
        key_bytes_max: None,
        certificates_min: 1,
        certificates_max: None,
        files: Files::Any,
        days_left_min: 0,
        asks_for_trust: false,
        lines: Lines::Any,
    };
}

/// A kind of key that a target takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa(u32),
    /// Of so many bits or more.
    RsaFrom(u32),
    Ecdsa(Curve),
}

impl KeyKind {
    pub(crate) fn is_of(self, key: &KeyType) -> bool {
        match (self, key) {
            (Self::Rsa(due), KeyType::Rsa { bits }) => due == *bits,
            (Self::RsaFrom(due), KeyType::Rsa { bits }) => due <= *bits,
            (Self::Ecdsa(due), KeyType::Ecdsa { curve }) => due == *curve,
            _ => false,
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(bits) => write!(formatter, "rsa {bits}"),
            Self::RsaFrom(bits) => write!(formatter, "rsa {bits} and more"),
            Self::Ecdsa(curve) => write!(formatter, "ecdsa {curve}"),
        }
    }
}

/// How a target wants an upload spread over files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    Any,
    /// Leaf, chain and key have a field each.
    Apart,
    /// Certificate and key lie in one file.
    Together,
}

/// What a target says of the lines of PEM.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lines {
    Any,
    /// No blanks stand before their ends.
    WithoutBlanks,
    /// They end in line feeds alone.
    EndInFeeds,
}

/// A page of a target's documentation.
#[derive(Debug, PartialEq, Eq)]
pub struct Document {
    pub(crate) title: &'static str,
    pub(crate) url: &'static str,
}

impl Document {
    /// What the page is called.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &'static str {
        self.url
    }
}

impl Target {
    /// What it is called on the command line, such as `aws-acm`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it calls itself, such as `AWS Certificate Manager`.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Where it says that it takes nothing of what a rule finds; `None` where it does not say so.
    #[must_use]
    pub fn refuses_by(&'static self, rule: &Rule) -> Option<&'static Document> {
        let is_meant = |other: &Rule| other.code == rule.code;
        let own = self.refuses.iter().find(|(other, _)| is_meant(other)).map(|(_, document)| *document);
        own.or_else(|| TAKEN_BY_NONE.iter().any(|other| is_meant(other)).then_some(&self.document))
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name)
    }
}

/// That a target takes nothing of what was found, and where it says so.
#[derive(Clone, Copy, Debug)]
pub struct TargetRefusal {
    pub(crate) target: &'static Target,
    pub(crate) document: &'static Document,
}

impl TargetRefusal {
    /// Who refuses.
    #[must_use]
    pub fn target(&self) -> &'static Target {
        self.target
    }

    /// Where that is written.
    #[must_use]
    pub fn document(&self) -> &'static Document {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::target;

    #[test]
    fn targets_have_names_of_their_own_in_order() {
        let names = TARGETS.map(Target::name);
        assert!(names.is_sorted_by(|one, next| one < next), "{names:?}");
    }

    #[test]
    fn what_a_target_asks_for_is_written_somewhere_and_nothing_else_is() {
        for target in TARGETS {
            let takes = &target.takes;
            let asks = [
                (!takes.keys.is_empty(), &target::key_type_not_for_target::RULE),
                (!takes.key_formats.is_empty(), &target::key_format_not_for_target::RULE),
                (takes.key_bytes_max.is_some(), &target::key_too_long_for_target::RULE),
                (
                    takes.certificates_min > 1 || takes.certificates_max.is_some(),
                    &target::chain_length_not_for_target::RULE,
                ),
                (takes.files != Files::Any, &target::files_not_for_target::RULE),
                (takes.days_left_min > 0, &target::expiry_too_near_for_target::RULE),
                (takes.asks_for_trust, &target::root_not_for_target::RULE),
                (takes.lines != Lines::Any, &target::lines_not_for_target::RULE),
            ];
            for (is_asked, rule) in asks {
                assert_eq!(target.refuses_by(rule).is_some(), is_asked, "{target:?} {rule:?}");
            }
        }
    }

    #[test]
    fn the_page_of_a_rule_cites_who_refuses_by_it() {
        for target in TARGETS {
            for (rule, document) in target.refuses.iter().filter(|(rule, _)| rule.is_about_targets()) {
                let page = rule.explanation();
                let cited = page.contains(document.url) && page.contains(document.title);
                assert!(cited, "{rule:?}: {} of {target:?}", document.title);
                assert!(page.contains(&format!("`{}`", target.name)), "{rule:?}: {target:?}");
            }
        }
    }
}
