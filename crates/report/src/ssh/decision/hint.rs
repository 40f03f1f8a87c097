//! What to do about a certificate that is not accepted.

use certgate_facts::{SshCertificateFields, SshText};
use certgate_rules::{NormalForm, PrincipalFault};
use certgate_sign::known_hosts::{HostPatterns, authority_line};
use certgate_sign::verify::Step;

use super::{Answer, Question, failure};

/// Most principals that are named.
const PRINCIPALS_SHOWN_MAX: usize = 8;

/// Ways out, the likeliest first; none if the certificate is accepted.
pub(super) fn of(question: &Question<'_>, answer: &Answer) -> Vec<String> {
    let (Some((step, reason, _)), Some(fields)) = (failure(&answer.outcome), question.certificate.fields())
    else {
        return Vec::new();
    };
    let hint = match step {
        Step::KeyExchange => "have it issued again: what the authority signed is not what stands here",
        Step::RevocationList if answer.refuses_list => {
            "write the list without it: `certgate ssh krl show` shows what is in it"
        }
        Step::RevocationList | Step::RevokedLine => {
            "what is revoked stays so: have another certificate issued, for a new key if the key is revoked"
        }
        Step::Authority => return authority(question, fields).into_iter().collect(),
        Step::Role => "have it issued for hosts: `ssh-keygen -s` does with `-h`",
        Step::ValidAfter => "wait, or compare the clocks of authority and client",
        Step::ValidBefore => "renew it",
        Step::Principals => return principals(question.target.name(), reason, fields),
        Step::CriticalOptions => {
            "have it issued without options: clients refuse all of them in host certificates"
        }
        Step::SignatureAlgorithm => {
            "have it signed with rsa-sha2-512: `ssh-keygen -s` does with `-t rsa-sha2-512`"
        }
        _ => return Vec::new(),
    };
    vec![hint.to_owned()]
}

fn authority(question: &Question<'_>, fields: &SshCertificateFields) -> Option<String> {
    let hosts = HostPatterns::new([question.target.name()]).ok()?;
    let line = authority_line(&hosts, fields.authority_key(), "").ok()?;
    Some(format!("where this authority is to be trusted for the host, add to known_hosts: {line}"))
}

fn principals(name: &str, reason: &str, fields: &SshCertificateFields) -> Vec<String> {
    let fault = |principal: &SshText| {
        let form = NormalForm::of_certified(principal);
        let hint = format!("the principal `{principal}` {}: {}", form.fault()?, form.hint()?);
        is_meant(principal, &form, name, reason).then_some(hint)
    };
    let mut hints: Vec<String> =
        fields.principals().iter().filter_map(fault).take(PRINCIPALS_SHOWN_MAX).collect();
    match name.strip_suffix('.') {
        Some(_) => hints.push("leave the dot at the end of the host out: it is compared too".to_owned()),
        None => hints.push(format!("have it issued with the principal `{name}`")),
    }
    let sound =
        fields.principals().iter().filter(|principal| NormalForm::of_certified(principal).fault().is_none());
    let others: Vec<String> =
        sound.take(PRINCIPALS_SHOWN_MAX).map(|principal| format!("`{principal}`")).collect();
    if !others.is_empty() {
        hints.push(format!("or reach the host by a name it has: {}", others.join(", ")));
    }
    hints
}

/// Whether a principal with a fault was meant for this name.
fn is_meant(principal: &SshText, form: &NormalForm, name: &str, reason: &str) -> bool {
    match form.fault() {
        Some(PrincipalFault::AnyHost | PrincipalFault::Wildcard) => {
            reason.contains(&format!("`{principal}`"))
        }
        _ => form.texts().iter().any(|text| text == name),
    }
}
