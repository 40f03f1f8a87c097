//! `certgate api-key`.

use std::io::Write;

use certgate_server::new_api_key;
use certgate_store::{ResourceId, wait};

use crate::cli::{ApiKeyCommand, ColorChoice};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, output, randomness};

/// Runs one of them.
pub(crate) fn run(command: &ApiKeyCommand, color: ColorChoice) -> Result<Exit, Failure> {
    let mut stdout = output::stdout(color);
    match command {
        ApiKeyCommand::Create(arguments) => {
            let store = arguments.state.state()?.store_made()?;
            let (now, description) = (clock::now(), arguments.description.clone());
            let made =
                new_api_key(description, arguments.read_only, now.unix_secs(), &mut randomness::system());
            let (key, kept) = made.map_err(Failure::input)?;
            let id = kept.id.clone();
            wait(store.add_api_key(kept, now)).map_err(Failure::input)?;
            writeln!(stdout, "{}", key.expose())?;
            writeln!(output::stderr(color), "this is {id}; it is not shown again")?;
        }
        ApiKeyCommand::List(arguments) => {
            let store = arguments.state.state()?.store()?;
            for key in wait(store.api_keys()).map_err(Failure::input)? {
                let rights = if key.is_read_only { "reads" } else { "reads and writes" };
                let standing = match key.revoked_at {
                    Some(at) => format!("revoked {at}"),
                    None => "valid".to_owned(),
                };
                writeln!(
                    stdout,
                    "{}  {}  {rights:16}  {standing:28}  {}",
                    key.id, key.created_at, key.description
                )?;
            }
        }
        ApiKeyCommand::Revoke(arguments) => {
            let shown = arguments.id.escape_debug();
            let unknown = || {
                Failure::input(format!("there is no API key `{shown}` that is valid"))
                    .with_hint("`certgate api-key list` shows the ids")
            };
            let id: ResourceId = arguments.id.parse().map_err(|_| unknown())?;
            let store = arguments.state.state()?.store()?;
            if !wait(store.revoke_api_key(&id, clock::now())).map_err(Failure::input)? {
                return Err(unknown());
            }
            writeln!(output::stderr(color), "{id} is revoked")?;
        }
    }
    stdout.flush()?;
    Ok(Exit::Clean)
}
