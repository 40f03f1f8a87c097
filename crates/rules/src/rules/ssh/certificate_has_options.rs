#![doc = include_str!("certificate_has_options.md")]

use certgate_facts::{SshCertificate, SshOption, SshRole};

use crate::case::SshSubject;
use crate::code::RuleCode;
use crate::excerpt::Excerpt;
use crate::finding::Finding;
use crate::policy::Policy;
use crate::rule::{Confidence, Judge, Level, Rule};

/// The card.
pub static RULE: Rule = Rule {
    code: RuleCode(444),
    name: "certificate-has-options",
    summary: "a host certificate has options, which are for users",
    level: Level::Error,
    confidence: Confidence::Documented,
    api_code: None,
    may_cause: &[],
    clients_refuse: true,
    citation: "draft-ietf-sshm-cert-01 §2.3 and §2.4",
    explanation: include_str!("certificate_has_options.md"),
    judge: Judge::Ssh(judge),
};

fn judge(subject: &SshSubject<'_>, _: &Policy) -> Vec<Finding> {
    let fields = subject.certificate().and_then(SshCertificate::fields);
    let Some(fields) = fields.filter(|fields| fields.role() == SshRole::Host) else { return Vec::new() };
    let help = "have it signed again without `-O`: for hosts no option means anything";
    let critical = named("critical option", fields.critical_options()).map(|options| {
        let message = format!("the host certificate has {options}: every client refuses it for that");
        Finding::new(&RULE, message, subject.label("must be understood, and is not")).with_help(help)
    });
    let extensions = named("extension", fields.extensions()).map(|options| {
        let message = format!("the host certificate has {options}, which clients pass over");
        let finding = Finding::new(&RULE, message, subject.label("without effect")).with_help(help);
        finding.at_level(Level::Warning).with_clients_refuse(false)
    });
    critical.into_iter().chain(extensions).collect()
}

/// The first option by name, and how many there are; nothing where there is none.
fn named(kind: &str, options: &[SshOption]) -> Option<String> {
    let first = String::from_utf8_lossy(options.first()?.name());
    let first = Excerpt(&first);
    Some(match options.len() {
        1 => format!("the {kind} `{first}`"),
        count => format!("{count} {kind}s, the first of them `{first}`"),
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn bad_fixtures_are_found_and_good_ones_are_not() {
        insta::assert_snapshot!(crate::fixture::findings(&super::RULE), @r"
        bad-critical-cert.pub:2:1 the host certificate has the critical option `force-command`: every client refuses it for that
            have it signed again without `-O`: for hosts no option means anything
        bad-extension-cert.pub:2:1 the host certificate has the extension `permit-pty`, which clients pass over
            have it signed again without `-O`: for hosts no option means anything
        bad-unknown-critical-cert.pub:2:1 the host certificate has 2 critical options, the first of them `a\u{1b}[31m`: every client refuses it for that
            have it signed again without `-O`: for hosts no option means anything
        ");
    }
}
