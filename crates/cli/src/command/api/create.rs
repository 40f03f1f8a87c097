//! Creation: judged first, then sent, then read back.

use std::io::Write;

use certgate_api::{Received, Resource};
use certgate_client::{Call, Client, Error, Network, Request};
use certgate_report::text;
use certgate_rules::{Cleared, Verdict, judge};

use super::case::{Creation, ResourceOf, Texts};
use super::{call, client, failed, held, is_shown_only, issued};
use crate::cli::ColorChoice;
use crate::cli::api::CreateArguments;
use crate::config::Config;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{network, output};

/// What may be sent.
enum Passed<C> {
    Cleared(Cleared<C>),
    /// It is not cleared, and is sent for a reason that was given.
    Although(Verdict<C>),
}

impl<C: Request> Passed<C> {
    fn case(&self) -> &C {
        match self {
            Self::Cleared(cleared) => cleared.case(),
            Self::Although(verdict) => verdict.case(),
        }
    }

    async fn push(self, client: &Client<Network>) -> Result<Received<C::Resource>, Error> {
        match self {
            Self::Cleared(cleared) => client.push(cleared).await,
            Self::Although(verdict) => client.push_although_not_cleared(&verdict).await,
        }
    }
}

/// Judges, creates, and checks what came.
pub(super) fn run<C: Creation>(arguments: &CreateArguments<C>, color: ColorChoice) -> Result<Exit, Failure> {
    let config = Config::in_force(&arguments.config)?;
    let policy = arguments.resource.policy(config.policy(&arguments.levels, None, arguments.at)?);
    let texts = Texts { description: &arguments.description, metadata: &arguments.metadata };
    let case = arguments.resource.case(&texts, policy.at())?;
    let Some(passed) = passed(judge(case, &policy), arguments.no_gate.as_deref(), color)? else {
        return Ok(Exit::Findings);
    };
    let body = passed.case().create().map_err(Failure::input)?;
    let expected = C::expected(&body);
    if is_shown_only(&arguments.call) {
        let body = C::without_secrets(passed.case(), body);
        let call = Call::create::<ResourceOf<C>>(&body);
        return call::show(&arguments.call, &call, &arguments.resource.files(), color);
    }
    drop(body);
    let client = client(&arguments.call.api, color)?;
    network::run(async {
        let received = match passed.push(&client).await {
            Ok(received) => received,
            Err(error) => return Ok(failed(&error, color)),
        };
        held::write(&received, arguments.call.format, color)?;
        match expected {
            Some(expected) => {
                issued::check(&client, &expected, received.json.get(), policy.at(), color).await
            }
            None => {
                let noun = <ResourceOf<C> as Resource>::COLLECTION.noun;
                writeln!(output::stderr(color), "created {noun} {}", received.resource.id())?;
                Ok(Exit::Clean)
            }
        }
    })?
}

/// Writes what was found, and lets through what is cleared, and what is to be sent all the same.
fn passed<C: Request>(
    verdict: Verdict<C>,
    no_gate: Option<&str>,
    color: ColorChoice,
) -> Result<Option<Passed<C>>, Failure> {
    let mut stderr = output::stderr(color);
    text::write_findings(&mut stderr, verdict.findings(), output::has_color_on_stderr(color))?;
    let refusal = match verdict.clear() {
        Ok(cleared) => return Ok(Some(Passed::Cleared(cleared))),
        Err(refusal) => refusal,
    };
    match no_gate {
        None => {
            writeln!(stderr, "{refusal}; nothing was sent")?;
            writeln!(stderr, "hint: mend it, or say --no-gate REASON to send it all the same")?;
            Ok(None)
        }
        Some(reason) => {
            writeln!(stderr, "{refusal}; let through all the same: {}", reason.escape_debug())?;
            Ok(Some(Passed::Although(refusal.into_verdict())))
        }
    }
}
