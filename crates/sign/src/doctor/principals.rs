//! Principals that do not do what they look like, and names that are missing among them.

use certgate_facts::{SshCertificateFields, matches_pattern};
use certgate_rules::{NormalForm, PrincipalFault};

use super::{Finding, FindingKind, Server, Severity, Shown, compared};

/// Most principals of a certificate that are named.
const NAMED_MAX: usize = 16;

/// Of one certificate: an error where no principal does.
pub(super) fn of_certificate(shown: &Shown, fields: &SshCertificateFields) -> Vec<Finding> {
    let (path, place) = (&shown.path, &shown.place);
    if fields.principals().is_empty() {
        let fact = format!(
            "`{path}` has no principals: clients before 10.3 take it for every host, later ones for none"
        );
        let hint = "have it issued with the names of this host";
        return vec![Finding::at(FindingKind::PrincipalsEmpty, place, fact, hint)];
    }
    let forms: Vec<_> = fields
        .principals()
        .iter()
        .map(|principal| (principal, NormalForm::of_certified(principal)))
        .collect();
    let is_never_found = |fault: PrincipalFault| !fault.is_found_by_some();
    let all_bad = forms.iter().all(|(_, form)| form.fault().is_some_and(is_never_found));
    let severity = if all_bad { Severity::Error } else { Severity::Warning };
    forms
        .into_iter()
        .filter_map(|(principal, form)| Some((principal, form.fault()?, form.hint()?)))
        .take(NAMED_MAX)
        .map(|(principal, fault, hint)| {
            let fact = format!("the principal `{principal}` in `{path}` {fault}");
            Finding::at(FindingKind::PrincipalNotMatched, place, fact, hint).with_severity(severity)
        })
        .collect()
}

/// Names of the server that some certificate does not have: an error, or a warning where only later clients match.
pub(super) fn of_hosts(server: &Server<'_>, shown: &[&Shown]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for shown in shown {
        let Some(fields) = shown.certificate.fields().filter(|fields| !fields.principals().is_empty()) else {
            continue;
        };
        for host in server.hosts {
            let name = compared(host);
            let principals = || fields.principals().iter().map(|principal| principal.as_bytes());
            if principals().any(|principal| principal == name.as_bytes()) {
                continue;
            }
            let matched = principals().any(|principal| matches_pattern(name.as_bytes(), principal));
            let (severity, who) = match matched {
                true => (Severity::Warning, "clients before 10.3 do not match it"),
                false => (Severity::Error, "no client matches it"),
            };
            let fact = format!("`{name}` is not among the principals of `{}`: {who}", shown.path);
            let hint = format!("have it issued with the principal `{name}`");
            findings.push(
                Finding::at(FindingKind::HostNotCovered, &shown.place, fact, hint).with_severity(severity),
            );
        }
    }
    findings
}
