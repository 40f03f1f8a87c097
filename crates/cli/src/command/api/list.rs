//! Lists, written page by page as they come in.

use std::io::Write;

use certgate_api::Resource;
use certgate_client::{Call, ListQuery};
use certgate_report::resource;
use clap::Args;

use super::held::write_json;
use super::{call, client, failed, id, is_shown_only};
use crate::cli::api::ListArguments;
use crate::cli::{ColorChoice, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{network, output};

/// Lists all, or what is asked for.
pub(super) fn run<R: Resource, F: Args>(
    arguments: &ListArguments<F>,
    color: ColorChoice,
) -> Result<Exit, Failure>
where
    for<'a> Option<String>: From<&'a F>,
{
    let before_id = arguments.before_id.as_deref().map(id::<R>).transpose()?;
    let query = ListQuery { before_id, limit: arguments.limit, filter: (&arguments.filter).into() };
    if is_shown_only(&arguments.call) {
        return call::show(&arguments.call, &Call::list(&query), &[], color);
    }
    let client = client(&arguments.call.api, color)?;
    network::run(async {
        let mut stdout = output::stdout(color);
        let mut pages = client.list(&query);
        let mut is_empty = true;
        // Who has read enough ends it: pages that nobody reads are not asked for.
        while !stdout.is_broken() {
            let page = match pages.next_page().await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(error) => return Ok(failed(&error, color)),
            };
            for received in &page.items {
                is_empty = false;
                match arguments.call.format {
                    Format::Text => resource::write_line(&mut stdout, received.json.get())?,
                    Format::Json => write_json(&mut stdout, received.json.get())?,
                }
            }
            stdout.flush()?;
        }
        if is_empty && arguments.call.format == Format::Text {
            writeln!(stdout, "no {}", R::COLLECTION.name.replace('_', " "))?;
            stdout.flush()?;
        }
        Ok(Exit::Clean)
    })?
}
