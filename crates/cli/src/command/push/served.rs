//! Whether servers serve what is declared.

use std::sync::Arc;
use std::time::Duration;

use certgate_client::plan::{Declaration, DeclaredTls};
use certgate_client::served_chain;
use certgate_facts::{Certificate, Reading, Source};
use certgate_report::plan::{Served, ServedState};
use certgate_report::show;
use certgate_rules::{Finding, Policy, Slot, TlsUpload, judge};

use crate::command::plan::Passed;
use crate::failure::Failure;
use crate::nearest::nearest;
use crate::served_host::ServedHost;

/// How long a server has to show its chain.
const ANSWER_MAX: Duration = Duration::from_secs(15);

/// A server, and the leaf that it is to serve.
pub(super) struct Expected<'a> {
    at: &'a ServedHost,
    name: String,
    leaf: Certificate,
}

/// Finds the declaration of each server, before anything is sent.
pub(super) fn expected<'a>(
    hosts: &'a [ServedHost],
    passed: &Passed<TlsUpload, DeclaredTls>,
) -> Result<Vec<Expected<'a>>, Failure> {
    let leaves: Vec<(&str, &Certificate)> = passed
        .declared
        .iter()
        .zip(&passed.cleared)
        .filter_map(|(declared, cleared)| Some((declared.name(), cleared.case().leaf()?.1)))
        .collect();
    hosts.iter().map(|host| of_host(host, &leaves)).collect()
}

fn of_host<'a>(host: &'a ServedHost, leaves: &[(&str, &Certificate)]) -> Result<Expected<'a>, Failure> {
    let failure =
        |what: String| Failure::input(format!("--verify-served {}: {what}", host.host.escape_debug()));
    let fits = |(name, leaf): &&(&str, &Certificate)| match &host.name {
        Some(wanted) => wanted == name,
        None => leaf.is_good_for(&host.host),
    };
    let fitting: Vec<_> = leaves.iter().filter(fits).collect();
    match (fitting.as_slice(), &host.name) {
        ([(name, leaf)], _) => Ok(Expected { at: host, name: (*name).to_owned(), leaf: (*leaf).clone() }),
        ([], Some(wanted)) => {
            let failure = failure(format!("no TLS certificate is declared as `{}`", wanted.escape_debug()));
            Err(match nearest(wanted, leaves.iter().map(|(name, _)| *name)) {
                Some(near) => failure.with_hint(format!("did you mean `{near}`?")),
                None => failure,
            })
        }
        ([], None) => Err(failure("no declared leaf is good for it".to_owned())
            .with_hint(format!("say which it is to serve: NAME={host}"))),
        (several, _) => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            Err(failure(format!("several declared leaves are good for it: {}", names.join(", ")))
                .with_hint(format!("say which it is to serve: {}={host}", names.first().unwrap_or(&"NAME"))))
        }
    }
}

/// Asks every server.
pub(super) async fn all(expected: &[Expected<'_>], policy: &Policy) -> Vec<Served> {
    let mut served = Vec::with_capacity(expected.len());
    for one in expected {
        let (state, findings) = match served_chain(&one.at.host, one.at.port, ANSWER_MAX).await {
            Ok(chain) => compared(&chain, one, policy),
            Err(error) => (ServedState::Unknown(error.to_string()), Vec::new()),
        };
        served.push(Served { at: one.at.to_string(), name: one.name.clone(), state, findings });
    }
    served
}

/// Whether the leaf is the one, and what clients object to in the chain.
fn compared(chain: &[Vec<u8>], expected: &Expected<'_>, policy: &Policy) -> (ServedState, Vec<Finding>) {
    let place = format!("served by {}", expected.at);
    let Ok(source) = Source::from_bytes(place, show::certificates_pem(chain).into_bytes()) else {
        return (ServedState::Unknown("its chain is larger than any".to_owned()), Vec::new());
    };
    let verdict = judge(TlsUpload::new(Slot::whole(Arc::new(Reading::of(source))), Slot::absent()), policy);
    let state = match verdict.case().leaf() {
        Some((_, leaf)) if leaf.der() == expected.leaf.der() => ServedState::AsDeclared,
        Some((_, leaf)) => ServedState::Another { served: shown(leaf), declared: shown(&expected.leaf) },
        None => ServedState::Unknown("its leaf does not read".to_owned()),
    };
    let of_clients = verdict.findings().iter().filter(|finding| finding.clients_refuse());
    (state, of_clients.cloned().collect())
}

fn shown(leaf: &Certificate) -> String {
    let sha256 = certgate_facts::hex(&leaf.sha256());
    format!("{}… until {}", sha256.get(..12).unwrap_or_default(), leaf.not_after())
}
