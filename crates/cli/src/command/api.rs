//! `certgate api`: the operations of the API, one at a time.

pub(super) mod call;
pub(super) mod case;
mod create;
mod held;
mod issued;
mod list;
mod ssh_certificate;

use certgate_api::{Id, Resource};
use certgate_client::{Client, Error, Network};
use clap::Args;

use self::case::Creation;
use crate::cli::api::{ApiCommand, CallArguments, ResourceCommand};
use crate::cli::{ApiArguments, ColorChoice};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::network;

/// Runs one of them.
pub(crate) fn run(command: &ApiCommand, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        ApiCommand::TlsCertificates(command) => operation(command, color),
        ApiCommand::SshHostCertificates(command) => operation(command, color),
        ApiCommand::SshUserCertificates(command) => operation(command, color),
        ApiCommand::SshCertificateAuthorities(command) => operation(command, color),
    }
}

fn operation<C, F>(command: &ResourceCommand<C, F>, color: ColorChoice) -> Result<Exit, Failure>
where
    C: Creation,
    F: Args,
    for<'a> Option<String>: From<&'a F>,
{
    match command {
        ResourceCommand::Create(arguments) => create::run(arguments, color),
        ResourceCommand::Get(arguments) => held::get::<case::ResourceOf<C>>(arguments, color),
        ResourceCommand::List(arguments) => list::run::<case::ResourceOf<C>, F>(arguments, color),
        ResourceCommand::Update(arguments) => held::update::<case::ResourceOf<C>>(arguments, color),
        ResourceCommand::Delete(arguments) => held::delete::<case::ResourceOf<C>>(arguments, color),
    }
}

/// The id of a resource, as it is typed.
fn id<R: Resource>(text: &str) -> Result<Id<R>, Failure> {
    let wrong = |error| {
        let noun = R::COLLECTION.noun;
        Failure::input(format!("`{}` names no {noun}: {error}", text.escape_debug()))
            .with_hint(format!("`certgate api {} list` shows ids", R::COLLECTION.name.replace('_', "-")))
    };
    text.parse().map_err(wrong)
}

/// A client that says when it waits.
fn client(arguments: &ApiArguments, color: ColorChoice) -> Result<Client<Network>, Failure> {
    Ok(network::client(arguments)?.with_pauses_told(move |pause| network::tell_pause(pause, color)))
}

/// Why an operation failed, with a way out where there is one.
pub(super) fn failure(error: &Error) -> Failure {
    let failure = Failure::input(error);
    match (error.rule(), error.code()) {
        (Some(rule), _) => failure.with_hint(format!("`certgate explain {}` says more", rule.name())),
        (None, Some(code)) => {
            let name = format!("ERR_NGROK_{code}");
            match certgate_report::api_code::meaning(&name) {
                Some(known) => failure.with_hint(format!("{name}: {}", known.meaning)),
                None => failure,
            }
        }
        (None, None) if error.is_not_found() => {
            failure.with_hint("it was deleted, or belongs to another account")
        }
        (None, None) => failure,
    }
}

/// What an operation that failed ends with: 1 where the API refuses, 2 where it was not done for another reason.
fn failed(error: &Error, color: ColorChoice) -> Exit {
    failure(error).report(color);
    if error.is_refused() { Exit::Findings } else { Exit::Failed }
}

/// Whether the request is only to be shown.
fn is_shown_only(arguments: &CallArguments) -> bool {
    arguments.dry_run || arguments.curl
}
