//! Principals under which nobody finds the host or knows the user, or any host would be found, as findings.

use crate::case::{GivenPrincipal, SshSubject};
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::party::Party;
use crate::principal::{NormalForm, PrincipalFault};
use crate::rule::{Level, Rule};

/// The most principals that one rule tells apart in one case.
pub(crate) const FINDINGS_MAX: usize = 8;

/// A principal with a fault.
pub(crate) struct Misnomer<'a> {
    principal: &'a GivenPrincipal<'a>,
    /// Whom the certificate is for.
    pub(crate) party: &'static Party,
    /// Counted from 1.
    number: usize,
    /// How many principals there are.
    count: usize,
    /// Whether no principal is without the fault.
    is_alone: bool,
    /// What it should have been; empty where that is not known.
    normal: Vec<String>,
    is_certified: bool,
    /// Whether all it should have been is among the principals.
    is_needless: bool,
    /// How many principals with the same fault are not told apart any more.
    more: usize,
}

/// What a rule finds in the principals with the fault it is about.
pub(crate) fn findings(
    subject: &SshSubject<'_>,
    fault: PrincipalFault,
    finding: impl Fn(&Misnomer<'_>) -> Finding,
) -> Vec<Finding> {
    let (principals, role) = (subject.principals().unwrap_or_default(), subject.role());
    let has_fault =
        |principal: &GivenPrincipal<'_>| PrincipalFault::of_name(&principal.text, role) == Some(fault);
    let mut at_fault = principals.iter().enumerate().filter(|(_, principal)| has_fault(principal));
    let told: Vec<_> = at_fault.by_ref().take(FINDINGS_MAX).collect();
    let untold = at_fault.count();
    let is_alone = told.len() + untold == principals.len();
    let last = told.last().map(|(index, _)| *index);
    let is_given = |text: &String| principals.iter().any(|principal| principal.text == **text);
    let misnomer = |(index, principal): (usize, &GivenPrincipal<'_>)| {
        let normal = NormalForm::of_name(&principal.text, role).into_texts();
        finding(&Misnomer {
            principal,
            party: Party::of(role),
            number: index + 1,
            count: principals.len(),
            is_alone,
            is_needless: !normal.is_empty() && normal.iter().all(is_given),
            normal,
            is_certified: subject.request().is_none(),
            more: if last == Some(index) { untold } else { 0 },
        })
    };
    told.into_iter().map(misnomer).collect()
}

impl Misnomer<'_> {
    /// The text as it was given.
    pub(crate) fn text(&self) -> &str {
        &self.principal.text
    }

    /// The text, to be read in a message.
    pub(crate) fn shown(&self) -> String {
        shown(self.text())
    }

    /// Which of the principals it is, counted from 1.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// How many principals there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether no principal is without the fault.
    pub(crate) fn is_alone(&self) -> bool {
        self.is_alone
    }

    /// Whether it stands in a certificate that was signed already.
    pub(crate) fn is_certified(&self) -> bool {
        self.is_certified
    }

    /// A finding that nobody finds the host, or knows the user, under this text, with the repair, or what is to be done `otherwise`,
    /// where none is known. In a certificate it is a warning if the names that were meant are there too, as clients
    /// find those.
    pub(crate) fn never_found(&self, rule: &'static Rule, message: String, otherwise: &str) -> Finding {
        let help = self.repair();
        let finding = self.finding(rule, message, help.as_deref().unwrap_or(otherwise));
        if self.is_certified && self.is_needless {
            finding.at_level(Level::Warning).with_clients_refuse(false)
        } else {
            finding
        }
    }

    /// A finding, at the level of its rule.
    pub(crate) fn finding(&self, rule: &'static Rule, message: String, help: &str) -> Finding {
        let more = match self.more {
            0 => String::new(),
            1 => "; 1 more principal has the same fault".to_owned(),
            more => format!("; {more} more principals have the same fault"),
        };
        Finding::new(rule, message, self.principal.label("")).with_help(format!("{help}{more}"))
    }

    fn repair(&self) -> Option<String> {
        let quoted: Vec<String> = self.normal.iter().map(|text| format!("`{text}`")).collect();
        let list = quoted.join(", ");
        Some(match (self.normal.len(), self.is_certified, self.is_needless) {
            (0, ..) => return None,
            (_, true, true) => format!("leave it out when you issue the next one: {list} is certified too"),
            (_, true, false) => format!("issue another certificate for {list}"),
            (_, false, true) => format!("leave it out: {list} is asked for already"),
            (1, false, false) => format!("write {list}"),
            (_, false, false) => format!("give each on its own: {list}"),
        })
    }
}

/// A text from an input in a message: on one line, of limited length, and nothing of a private key.
pub(crate) fn shown(text: &str) -> String {
    if text.contains("PRIVATE KEY") {
        return "a private key".to_owned();
    }
    format!("`{}`", Excerpt(text))
}

#[cfg(test)]
mod tests;
