//! The one place from which anything is sent. Nothing of it runs, and no library of it is set up, before a command asks.

use std::env;
use std::io::Write;
use std::path::PathBuf;

use certgate_client::{
    ApiKey, ApiUrl, ApiUrlError, Client, Network, NetworkOptions, PUBLIC_API_URL, Pause, PauseReason,
};

use crate::cli::{ApiArguments, ColorChoice};
use crate::failure::Failure;
use crate::{output, passphrase, randomness, ssh_input};

/// The largest file of authorities, in bytes.
const AUTHORITIES_BYTES_MAX: usize = 1 << 20;
/// Pauses that are shorter than this many seconds are not noticed.
const PAUSE_TOLD_SECS_MIN: u64 = 1;

/// A client of the API that the arguments and the environment name.
pub(crate) fn client(arguments: &ApiArguments) -> Result<Client<Network>, Failure> {
    let url = url(arguments)?;
    let key = key(arguments)?;
    let authorities_pem =
        authorities(arguments).map(|path| ssh_input::bytes(&path, AUTHORITIES_BYTES_MAX)).transpose()?;
    let either = |names: [&str; 4]| names.into_iter().find_map(variable);
    let options = NetworkOptions {
        authorities_pem,
        proxy: either(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]),
        no_proxy: either(["NO_PROXY", "no_proxy", "", ""]),
    };
    let network = Network::new(&url, &options).map_err(Failure::input)?;
    Ok(Client::new(network, url, key, randomness::of_pauses()).with_rate_limit(arguments.rate.limit()))
}

/// What is said of a pause; nothing of one that nobody notices.
pub(crate) fn shown_pause(pause: Pause) -> Option<String> {
    let why = match pause.reason {
        PauseReason::OwnLimit => "no more requests than the rate limit allows",
        PauseReason::RateLimited => "the API has had too many requests",
        PauseReason::Look => "the answer got lost: then what it may have created is looked for",
        _ => "the attempt failed: then the next one follows",
    };
    let secs = pause.length.as_secs();
    (secs >= PAUSE_TOLD_SECS_MIN).then(|| format!("waiting {secs}s: {why}"))
}

/// Says on standard error that there is a pause.
pub(crate) fn tell_pause(pause: Pause, color: ColorChoice) {
    if let Some(line) = shown_pause(pause) {
        // Nothing depends on its being heard.
        let _ = writeln!(output::stderr(color), "{line}");
    }
}

/// Runs what waits for the network, to its end.
pub(crate) fn run<F: Future>(future: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| Failure::input(format!("cannot use the network: {error}")))?.block_on(future))
}

/// Where the API is.
pub(crate) fn url(arguments: &ApiArguments) -> Result<ApiUrl, Failure> {
    let given = arguments.api_url.clone();
    let given = given.or_else(|| variable("CERTGATE_API_URL")).or_else(|| variable("NGROK_API_BASE_URL"));
    let text = given.unwrap_or_else(|| PUBLIC_API_URL.to_owned());
    let url = match arguments.send_secrets_unencrypted {
        true => ApiUrl::even_if_everyone_on_the_way_can_read_the_key(&text),
        false => ApiUrl::new(&text),
    };
    url.map_err(|error| {
        let failure = Failure::input(format!("the address of the API, `{}`: {error}", text.escape_debug()));
        match error {
            ApiUrlError::Unencrypted => failure.with_hint("use https, or say --send-secrets-unencrypted"),
            _ => failure.with_hint("give it with --api-url or in CERTGATE_API_URL: https://HOST"),
        }
    })
}

/// The key: from the file named, else from the environment. It is shown by nothing, not even by what refuses it.
fn key(arguments: &ApiArguments) -> Result<ApiKey, Failure> {
    let hint = "put it into CERTGATE_API_KEY, or into a file of mode 0600 for --api-key-file";
    if let Some(path) = &arguments.api_key_file {
        let line = passphrase::first_line("API key", path)?;
        let text = std::str::from_utf8(&line).map_err(|_| Failure::input("the API key is not UTF-8"))?;
        return ApiKey::new(text)
            .map_err(|error| Failure::input(format!("the API key in the file: {error}")));
    }
    let name = key_variable().ok_or_else(|| Failure::input("there is no API key").with_hint(hint))?;
    let text = zeroize::Zeroizing::new(variable(name).unwrap_or_default());
    ApiKey::new(&text).map_err(|error| Failure::input(format!("{name}: {error}")).with_hint(hint))
}

/// The variable of the environment that holds the key; `None` where there is none.
pub(crate) fn key_variable() -> Option<&'static str> {
    ["CERTGATE_API_KEY", "NGROK_API_KEY"].into_iter().find(|name| variable(name).is_some())
}

/// The file of authorities to trust, if one is named.
pub(crate) fn authorities(arguments: &ApiArguments) -> Option<PathBuf> {
    arguments.api_ca.clone().or_else(|| variable("CERTGATE_API_CA").map(PathBuf::from))
}

/// A variable of the environment that is set, and not empty.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment is read by the command line, here for the API"
)]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
