//! How the API is reached, the same for every command that does.

use std::path::PathBuf;

use clap::Args;

use crate::rate::Rate;

// How the API is reached.
#[derive(Args)]
pub(crate) struct ApiArguments {
    /// Where the API is [default: $CERTGATE_API_URL, else $NGROK_API_BASE_URL, else the public API]
    #[arg(long, value_name = "URL", help_heading = "API")]
    pub(crate) api_url: Option<String>,

    /// Take the API key from the first line of this file [default: $CERTGATE_API_KEY, else $NGROK_API_KEY]
    #[arg(long, value_name = "FILE", help_heading = "API")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// Trust the authorities in this PEM file, too: for a server of one's own [default: $CERTGATE_API_CA]
    #[arg(long, value_name = "FILE", help_heading = "API")]
    pub(crate) api_ca: Option<PathBuf>,

    /// Send the API key and private keys over plain http to another machine, for everyone on the way to read
    #[arg(long, help_heading = "API")]
    pub(crate) send_secrets_unencrypted: bool,

    /// Send at most so many requests in such a time
    #[arg(long, value_name = "COUNT/LENGTH", default_value_t = Rate::OF_THE_API, help_heading = "API")]
    pub(crate) rate: Rate,
}
