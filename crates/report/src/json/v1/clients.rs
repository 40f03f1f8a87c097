//! What clients would say.

use certgate_rules::path::{ClientAnswer, ClientKind};
use serde::Serialize;

/// What clients that connect would say.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Clients {
    /// `false` where a finding says why they would refuse, or where all do; `true` where all trust it; `null` where neither is known
    /// of all, which is no promise.
    pub trusted: Option<bool>,
    /// What clients of each kind would say. There only where it is known whether they have the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<ClientsByKind>,
}

/// What clients of each kind would say; of several programs of a kind the strictest.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClientsByKind {
    /// Chrome, Firefox, Safari.
    pub browsers: ClientsOfKind,
    /// OpenSSL, and what verifies by it, curl among it.
    pub openssl: ClientsOfKind,
    /// Programs in Go.
    pub go: ClientsOfKind,
    /// Programs in Rust that use rustls.
    pub rustls: ClientsOfKind,
}

/// What clients of one kind would say.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ClientsOfKind {
    /// Whether they trust it; `null` where that depends or is not known.
    pub trusted: Option<bool>,
    /// Why not, or why it is not known; `null` where they do.
    pub reason: Option<String>,
    /// Where the certificate is said to be that is missing, for clients that fetch it; else `null`.
    pub fetched_from: Option<String>,
}

impl Clients {
    pub(crate) fn of(trusted: Option<bool>, answers: &[(ClientKind, ClientAnswer)]) -> Self {
        let of_kind = |kind| {
            let (_, answer) = answers.iter().find(|(known, _)| *known == kind)?;
            Some(ClientsOfKind::of(answer))
        };
        let by = || {
            Some(ClientsByKind {
                browsers: of_kind(ClientKind::Browsers)?,
                openssl: of_kind(ClientKind::OpenSsl)?,
                go: of_kind(ClientKind::Go)?,
                rustls: of_kind(ClientKind::Rustls)?,
            })
        };
        Self { trusted, by: by() }
    }
}

impl ClientsOfKind {
    fn of(answer: &ClientAnswer) -> Self {
        let of = |trusted, reason: Option<&str>| Self {
            trusted,
            reason: reason.map(str::to_owned),
            fetched_from: None,
        };
        match answer {
            ClientAnswer::Trusts => of(Some(true), None),
            ClientAnswer::Fetches { issuer, address } => Self {
                trusted: None,
                reason: Some(format!("the certificate of `{issuer}` is missing")),
                fetched_from: Some(address.clone()),
            },
            ClientAnswer::Unknown(why) => of(None, Some(why)),
            ClientAnswer::Refuses(why) => of(Some(false), Some(why)),
        }
    }
}
