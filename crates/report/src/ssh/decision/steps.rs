//! The steps that a client took, with what it found at each.

use certgate_facts::SshCertificateFields;
use certgate_sign::verify::{Decision, Place, Step, Subject};

use super::v1::{StepResult, StepTaken};
use super::{Answer, Question, failure, place};
use crate::moment::moment;
use crate::ssh::SignatureState;

/// The steps of a certificate, in the order in which clients take them.
const OF_CERTIFICATE: [Step; 10] = [
    Step::KeyExchange,
    Step::RevocationList,
    Step::RevokedLine,
    Step::Authority,
    Step::Role,
    Step::ValidAfter,
    Step::ValidBefore,
    Step::Principals,
    Step::CriticalOptions,
    Step::SignatureAlgorithm,
];

/// Every step of the certificate, and that of the plain key if it was asked about.
pub(super) fn taken(question: &Question<'_>, answer: &Answer) -> Vec<StepTaken> {
    let failure = failure(&answer.outcome);
    let step_taken = |step: Step, result, fact| StepTaken { step: step.to_string(), result, fact };
    let mut steps: Vec<StepTaken> = OF_CERTIFICATE
        .into_iter()
        .map(|step| match failure {
            Some((failed, reason, line)) if failed == step => {
                let line = line.filter(|_| matches!(step, Step::RevokedLine | Step::Authority));
                step_taken(step, StepResult::Failed, with_place(question, reason, line))
            }
            Some((failed, ..)) if failed < step => step_taken(step, StepResult::NotReached, String::new()),
            _ => step_taken(step, StepResult::Passed, passed(question, answer, step)),
        })
        .collect();
    let key = plain_key(question, answer).map(|(result, fact)| step_taken(Step::Key, result, fact));
    steps.extend(key);
    steps
}

fn with_place(question: &Question<'_>, reason: &str, line: Option<Place>) -> String {
    match line {
        Some(line) => format!("{reason} ({})", place(question, line)),
        None => reason.to_owned(),
    }
}

/// The fall-back to the plain key, where there was one.
fn plain_key(question: &Question<'_>, answer: &Answer) -> Option<(StepResult, String)> {
    let outcome = &answer.outcome;
    if outcome.decision() == Decision::PlainKey {
        let known = "the plain key is known; the certificate plays no part";
        return Some((StepResult::Passed, with_place(question, known, outcome.place())));
    }
    let refusal = outcome.attempts().iter().find(|attempt| attempt.subject() == Subject::Key)?;
    Some((StepResult::Failed, with_place(question, refusal.reason(), refusal.place())))
}

/// What was found at a step that was passed.
fn passed(question: &Question<'_>, answer: &Answer, step: Step) -> String {
    let Some(fields) = question.certificate.fields() else {
        return String::new();
    };
    match step {
        Step::KeyExchange => key_exchange(question, fields),
        Step::RevocationList => match question.revocation_lists {
            0 => "no revocation list was given".to_owned(),
            1 => "the revocation list does not name it".to_owned(),
            count => format!("none of the {count} revocation lists names it"),
        },
        Step::RevokedLine => "no `@revoked` line has its key or its authority's".to_owned(),
        Step::Authority => {
            let line = failure(&answer.outcome).map_or_else(|| answer.outcome.place(), |(.., line)| line);
            let authority = fields.authority_key().fingerprint();
            with_place(question, &format!("{authority} is an authority for this host"), line)
        }
        Step::Role => "it is one for hosts".to_owned(),
        Step::ValidAfter => match fields.valid_after() {
            0 => "it was always valid".to_owned(),
            after => format!("it has been valid since {}", moment(after)),
        },
        Step::ValidBefore => match fields.valid_before() {
            u64::MAX => "it is valid forever".to_owned(),
            before => format!("it is valid until {}", moment(before)),
        },
        Step::Principals if fields.principals().is_empty() => {
            "no principals, which this client takes for every host".to_owned()
        }
        Step::Principals => format!("`{}` is among the principals", question.target.name()),
        Step::CriticalOptions => "it has none".to_owned(),
        Step::SignatureAlgorithm => {
            format!("{} is allowed", fields.signature_algorithm().unwrap_or_default())
        }
        _ => String::new(),
    }
}

fn key_exchange(question: &Question<'_>, fields: &SshCertificateFields) -> String {
    let key = fields.public_key();
    let signature = match question.signature.state {
        SignatureState::Valid => "the authority's signature holds",
        _ => "the authority's signature is not verified here",
    };
    format!("{} {}; {signature}", key.kind(), key.fingerprint())
}
