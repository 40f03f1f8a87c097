//! `certgate serve`.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use certgate_server::{App, Dice, Listening, Origin, ServingError, Settings, Tls, lines_lost, serve};
use certgate_store::{Error, wait};
use rand::TryRng as _;

use crate::cli::{ColorChoice, ServeArguments};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::log::Log;
use crate::tls_files::{Judgement, TlsFiles};
use crate::{clock, ending, master_key, open_files, output, randomness};

/// Serves until it is told to end.
pub(crate) fn run(arguments: &ServeArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let tls = match arguments.tls_cert.as_deref().zip(arguments.tls_key.as_deref()) {
        Some((certificate, private_key)) => match TlsFiles::first(certificate, private_key, color)? {
            (mut files, Judgement::Shown(identity)) => {
                Some(Tls { identity, renewal: Box::new(move |is_asked| files.look(is_asked)) })
            }
            (_, Judgement::Refused) => return Ok(Exit::Findings),
        },
        None => None,
    };
    open_files::allow();
    let state = arguments.state.state()?;
    let listener = bound(arguments.listen, "--listen")?;
    let metrics = arguments.metrics.map(|address| bound(address, "--metrics")).transpose()?;
    let store = state.store_made()?;
    let master = master_key::of(&state, arguments.master_key_file.as_deref(), store.as_ref())?;
    let address = listener.local_addr()?;
    if tls.is_none() && !address.ip().is_loopback() {
        let words = "API keys and private keys come here without encryption: give --tls-cert and --tls-key, or put a proxy with \
                     TLS in front";
        writeln!(output::stderr(color), "warning: {words}")?;
    }
    if let Some(metrics) = &metrics {
        writeln!(output::stderr(color), "metrics: http://{}/metrics", metrics.local_addr()?)?;
    }
    if wait(store.api_keys()).map_err(Failure::input)?.iter().all(|key| key.revoked_at.is_some()) {
        let words = "there is no API key yet, so nobody can ask: `certgate api-key create` makes one";
        writeln!(output::stderr(color), "note: {words}")?;
    }
    let is_tls = tls.is_some();
    let origin = arguments.public_url.clone().map_or(Origin::Asked { is_tls }, Origin::Public);
    let settings = Settings {
        emit_empty: arguments.emit_empty,
        rate_limit: arguments.rate_limit.0,
        serials: arguments.serials.into(),
        origin,
    };
    let dice = Dice::new(|bytes| randomness::system().try_fill_bytes(bytes).is_ok());
    // Brought to its end when nothing is served any more.
    let log = Log::start(output::plain_stderr(), |count| lines_lost(clock::now(), count))?;
    let lines = log.lines();
    let made = async move {
        let log = Arc::new(move |line: &str| lines.push(line));
        let app = App::new(store, master, (clock::now, dice), settings, log).await?;
        ending::limit().map_err(|error| Error::Driver(Box::new(error)))?;
        let mut stdout = output::stdout(color);
        let scheme = if is_tls { "https" } else { "http" };
        // Whoever started this may not read it.
        let _ = writeln!(stdout, "{scheme}://{address}").and_then(|()| stdout.flush());
        Ok(app)
    };
    let listening = Listening {
        listener,
        connections_max: arguments.max_connections,
        per_address_max: arguments.max_connections_per_address,
        tls,
        metrics,
    };
    serve(listening, made).map_err(|error| match error {
        ServingError::Store(error @ Error::MasterKeyDiffers { .. }) => Failure::input(error)
            .with_hint("if the key was being replaced, `certgate master-key rotate` brings that to its end"),
        error => Failure::input(error),
    })?;
    Ok(Exit::Clean)
}

fn bound(address: SocketAddr, argument: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| {
        Failure::input(format!("cannot listen at {address}: {error}"))
            .with_hint(format!("{argument} names another address; port 0 is any that is free"))
    })
}
