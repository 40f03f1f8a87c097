//! One resource that is held: shown, changed, deleted.

use std::io::Write;

use certgate_api::{Id, Received, Resource, Update};
use certgate_client::Call;
use certgate_report::resource;

use super::{call, client, failed, id, is_shown_only};
use crate::cli::api::{DeleteArguments, IdArguments, UpdateArguments};
use crate::cli::{ColorChoice, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{confirmation, network, output};

/// Shows one.
pub(super) fn get<R: Resource>(arguments: &IdArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let id: Id<R> = id(&arguments.id)?;
    if is_shown_only(&arguments.call) {
        return call::show(&arguments.call, &Call::read(&id), &[], color);
    }
    let client = client(&arguments.call.api, color)?;
    match network::run(client.read(&id))? {
        Ok(received) => write(&received, arguments.call.format, color),
        Err(error) => Ok(failed(&error, color)),
    }
}

/// Changes description and metadata.
pub(super) fn update<R: Resource>(arguments: &UpdateArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let id: Id<R> = id(&arguments.id)?;
    let update = Update { description: arguments.description.clone(), metadata: arguments.metadata.clone() };
    if is_shown_only(&arguments.call) {
        return call::show(&arguments.call, &Call::update(&id, &update), &[], color);
    }
    let client = client(&arguments.call.api, color)?;
    match network::run(client.update(&id, &update))? {
        Ok(received) => write(&received, arguments.call.format, color),
        Err(error) => Ok(failed(&error, color)),
    }
}

/// Deletes one, after a yes.
pub(super) fn delete<R: Resource>(arguments: &DeleteArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let id: Id<R> = id(&arguments.id)?;
    if is_shown_only(&arguments.call) {
        return call::show(&arguments.call, &Call::delete(&id), &[], color);
    }
    let client = client(&arguments.call.api, color)?;
    let noun = R::COLLECTION.noun;
    if !arguments.yes && !confirmation::is_given(&format!("Delete {noun} {id}?"))? {
        return Err(Failure::input("nothing was deleted"));
    }
    match network::run(client.delete(&id))? {
        Ok(()) => {
            writeln!(output::stderr(color), "deleted {noun} {id}")?;
            Ok(Exit::Clean)
        }
        Err(error) => Ok(failed(&error, color)),
    }
}

/// Writes a resource.
pub(super) fn write<R>(received: &Received<R>, format: Format, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    match format {
        Format::Text => resource::write(&mut stdout, received.json.get())?,
        Format::Json => write_json(&mut stdout, received.json.get())?,
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Writes an object as the API wrote it, on one line: line breaks are white space there, and nothing else.
pub(super) fn write_json(out: &mut dyn Write, json: &str) -> Result<(), Failure> {
    Ok(writeln!(out, "{}", json.replace(['\n', '\r'], ""))?)
}
