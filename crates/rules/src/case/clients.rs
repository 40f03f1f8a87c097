//! What clients of each kind answer to the chain of an upload.

use certgate_facts::Certificate;

use crate::anchor::{Anchor, TrustAnchors};
use crate::path::{ClientAnswer, ClientKind, Path, PathFault, PathPlace, PathQuestion, PathReason, Profile};

/// Whether it is known if clients have the root: not where the chain ends in one that is not Mozilla's, and nobody said whose; nor what is missing
/// where some block does not read.
pub(super) fn is_judged(
    path: &Result<Path, PathFault>,
    question: &PathQuestion<'_>,
    anchors: &TrustAnchors,
    is_whole: bool,
) -> bool {
    let Err(PathFault { place, reason }) = path else { return true };
    if !is_whole && *reason == PathReason::IssuerMissing {
        return false;
    }
    let is_root = certificate_at(*place, question).is_some_and(|last| last.names_as_issuer(last));
    !(is_root && *reason == PathReason::IssuerMissing && matches!(anchors, TrustAnchors::Mozilla))
}

/// What each kind answers.
pub(super) fn answers(question: &PathQuestion<'_>) -> Vec<(ClientKind, ClientAnswer)> {
    ClientKind::ALL.into_iter().map(|kind| (kind, answer(kind, question))).collect()
}

/// What all of them answer, if they are of one mind.
pub(super) fn agreed(answers: &[(ClientKind, ClientAnswer)]) -> Option<bool> {
    let all = |is: fn(&ClientAnswer) -> bool| answers.iter().all(|(_, answer)| is(answer));
    match answers {
        [] => None,
        _ if all(|answer| *answer == ClientAnswer::Trusts) => Some(true),
        _ if all(|answer| matches!(answer, ClientAnswer::Refuses(_))) => Some(false),
        _ => None,
    }
}

/// What the logs that a leaf of a public authority is in are to those who ask for them: browsers.
pub(super) fn hear_of_logs(answers: &mut [(ClientKind, ClientAnswer)], lack: &str) {
    for (kind, answer) in answers {
        if *kind == ClientKind::Browsers && *answer == ClientAnswer::Trusts {
            *answer = ClientAnswer::Refuses(format!("the leaf is not logged enough: {lack}"));
        }
    }
}

fn answer(kind: ClientKind, question: &PathQuestion<'_>) -> ClientAnswer {
    let question = PathQuestion { profile: Profile::Of(kind), ..question.clone() };
    let Err(fault) = question.answer() else { return ClientAnswer::Trusts };
    let Some(at) = certificate_at(fault.place, &question) else {
        return ClientAnswer::Refuses(fault.reason.to_string());
    };
    let subject = at.subject().title();
    match fault.reason {
        PathReason::IssuerMissing if at.names_as_issuer(at) => {
            ClientAnswer::Refuses(format!("`{subject}` is a root that is not trusted"))
        }
        PathReason::IssuerMissing => {
            let issuer = at.issuer().title();
            let address = at.extensions().ca_issuers().iter().find(|address| address.starts_with("http://"));
            match address.filter(|_| kind.fetches()) {
                Some(address) => ClientAnswer::Fetches { issuer, address: address.clone() },
                None => ClientAnswer::Refuses(format!(
                    "the certificate of `{issuer}` is missing, which issued `{subject}`"
                )),
            }
        }
        reason @ (PathReason::BudgetExhausted(_) | PathReason::SignatureUnchecked) => {
            ClientAnswer::Unknown(format!("`{subject}`: {reason}"))
        }
        reason => ClientAnswer::Refuses(format!("`{subject}`: {reason}")),
    }
}

fn certificate_at<'a>(place: PathPlace, question: &PathQuestion<'a>) -> Option<&'a Certificate> {
    match place {
        PathPlace::Leaf => Some(question.leaf),
        PathPlace::Other(index) => question.others.get(index).copied(),
        PathPlace::Anchor(index) => question.anchors.get(index).and_then(Anchor::certificate),
    }
}
