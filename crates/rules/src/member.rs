//! A certificate of a chain, as findings name it.

use std::fmt;

use certgate_facts::{Certificate, Entry};

use crate::case::TlsUpload;
use crate::excerpt::Excerpt;
use crate::finding::{Finding, Label};
use crate::rule::Rule;

/// The leaf, or one of those that lead from it to an anchor.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    upload: &'a TlsUpload,
    entry: &'a Entry,
    pub(crate) certificate: &'a Certificate,
    pub(crate) is_leaf: bool,
    /// Whether it signed itself, so that nobody needs its signature.
    pub(crate) is_self_signed: bool,
}

impl<'a> Member<'a> {
    /// The leaf and its issuers, as far as they are there, in the order in which they would pass.
    pub(crate) fn all_of(upload: &'a TlsUpload) -> impl Iterator<Item = Self> {
        let certificates: Vec<(&Entry, &Certificate)> = upload.certificates().collect();
        let chain = upload.chain();
        let member = move |(place, index): (usize, &usize)| {
            let (entry, certificate) = *certificates.get(*index)?;
            let is_self_signed = chain.self_signed().contains(index);
            Some(Self { upload, entry, certificate, is_leaf: place == 0, is_self_signed })
        };
        chain.order().iter().enumerate().filter_map(member)
    }

    /// Whether it is a root that stands in the file: clients have their own, and ask nothing of this one.
    pub(crate) fn is_root(self) -> bool {
        self.is_self_signed && !self.is_leaf
    }

    /// A label on its block.
    pub(crate) fn label(self, text: impl Into<String>) -> Label {
        self.upload.certificate().label(self.entry, text)
    }

    /// What to do about a key that others can compute.
    pub(crate) fn help_for_broken_key(&self) -> &'static str {
        match self.is_leaf {
            true => "make a new key with another tool, and have the old certificate revoked",
            false => "tell the authority, and take a certificate of another one",
        }
    }

    /// A finding about it.
    pub(crate) fn finding(self, rule: &'static Rule, message: String) -> Finding {
        Finding::new(rule, message, self.label(""))
    }
}

/// As in "the key of …".
impl fmt::Display for Member<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_leaf {
            return formatter.write_str("the leaf");
        }
        write!(formatter, "`{}`", Excerpt(&self.certificate.subject().title()))
    }
}
