//! A finding in words, for formats that show no source lines.

use certgate_rules::{Finding, Level};

use crate::place;
use crate::printable::shortened;

/// The word for how much a finding weighs.
pub(crate) fn severity(finding: &Finding) -> &'static str {
    match finding.level() {
        Level::Error => "error",
        Level::Warning | Level::Allow => "warning",
    }
}

/// The fault, where it is if no line of a file tells, what the API would answer, and what to do about it: a line each.
pub(crate) fn lines(finding: &Finding) -> Vec<String> {
    let mut lines = vec![shortened(finding.message()).into_owned()];
    lines.extend(place::inside(finding.primary()).map(|inside| format!("in: {inside}")));
    lines.extend(finding.api_code().map(|code| format!("the API would refuse it with {code}")));
    lines.extend(finding.refusal().map(|refusal| {
        let (target, document) = (refusal.target().name(), refusal.document());
        format!("{target} would refuse it: {}, {}", document.title(), document.url())
    }));
    lines.extend(finding.help().map(|help| format!("help: {}", shortened(help))));
    lines
}
