//! `certgate serve`.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use certgate_server::{App, Dice, Log, Logged, Settings, serve};
use rand::TryRng as _;

use crate::cli::{ColorChoice, ServeArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{clock, master_key, output, randomness};

/// Serves until it is told to end.
pub(crate) fn run(arguments: &ServeArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let state = arguments.state.state()?;
    let listener = TcpListener::bind(arguments.listen).map_err(|error| {
        Failure::input(format!("cannot listen at {}: {error}", arguments.listen))
            .with_hint("--listen names another address; port 0 is any that is free")
    })?;
    let store = state.store_made()?;
    let master = master_key::of(&state, arguments.master_key_file.as_deref())?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        let words = "API keys and private keys come here without encryption: put a proxy with TLS in front";
        writeln!(output::stderr(color), "warning: {words}")?;
    }
    let settings = Settings { emit_empty: arguments.emit_empty, rate_limit: arguments.rate_limit.0 };
    let dice = Dice::new(|bytes| randomness::system().try_fill_bytes(bytes).is_ok());
    let log: Log = Arc::new(move |line: &Logged<'_>| {
        // Nobody is left to be told that the log cannot be written.
        let _ = writeln!(output::stderr(color), "{}", line.to_json());
    });
    let made = async move {
        let app = App::new(store, master, (clock::now, dice), settings, log).await?;
        let mut stdout = output::stdout(color);
        // Whoever started this may not read it.
        let _ = writeln!(stdout, "http://{address}").and_then(|()| stdout.flush());
        Ok(app)
    };
    serve(listener, made).map_err(Failure::input)?;
    Ok(Exit::Clean)
}
