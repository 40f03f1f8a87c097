//! The arguments of `certgate serve` and `certgate api-key`.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use certgate_server::{CONNECTIONS_DEFAULT, CONNECTIONS_PER_ADDRESS_DEFAULT, PublicUrl};
use certgate_store::Serials;
use clap::{Args, Subcommand, ValueEnum};

use super::StateArguments;

#[derive(Args)]
pub(crate) struct ServeArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// The address to listen at; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4180", value_parser = address)]
    pub(crate) listen: SocketAddr,

    /// The certificate chain that the server shows, as PEM: connections are encrypted then, by TLS 1.2 or 1.3
    ///
    /// It is judged with its key as an upload would be, and read again when one of the files changes, or on SIGHUP. A new
    /// pair that does not fit is logged, and the one before it stays.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// The private key of the certificate
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,

    /// What URIs in answers begin with, where a proxy is in front: `https://HOST` or `https://HOST:PORT`
    ///
    /// Without it they begin with the host that the request was sent to. Headers that proxies add are not read.
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<PublicUrl>,

    /// An address for who watches: `/metrics` for Prometheus, `/healthz`, `/readyz`; without keys and encryption
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    pub(crate) metrics: Option<SocketAddr>,

    /// How many connections may be open at the same time; more wait
    #[arg(long, value_name = "COUNT", default_value_t = CONNECTIONS_DEFAULT, value_parser = connections)]
    pub(crate) max_connections: usize,

    /// How many of them may come from one address; more are closed. Behind a proxy all come from that
    #[arg(long, value_name = "COUNT", default_value_t = CONNECTIONS_PER_ADDRESS_DEFAULT, value_parser = connections)]
    pub(crate) max_connections_per_address: usize,

    /// The file of the key that seals private keys: 64 hexadecimal digits
    ///
    /// Without it the key is what CERTGATE_MASTER_KEY holds, else the file `master.key` in the state folder, which is made
    /// if it is not there.
    #[arg(long, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,

    /// Write `description` and `metadata` although they are empty, for clients that need them
    #[arg(long)]
    pub(crate) emit_empty: bool,

    /// How many requests each API key may make in 60 seconds: a number, or `off`
    #[arg(long, value_name = "COUNT", default_value = "120")]
    pub(crate) rate_limit: RateLimit,

    /// What serials SSH certificates get: the next one of the ledger, or 0, as the public API has it
    ///
    /// Certificates with serial 0 cannot be revoked by it: only by their key id, which is the id of the resource, or by key.
    #[arg(long, value_enum, value_name = "SERIALS", default_value_t = SerialsArgument::Ledger)]
    pub(crate) serials: SerialsArgument,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let form = "an IP address and a port, such as 127.0.0.1:4180, [::1]:4180, or 0.0.0.0:4180 for all";
    text.parse().map_err(|_| format!("it takes {form}"))
}

/// What serials SSH certificates get.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum SerialsArgument {
    /// The next one of the authority's, which no other certificate of its has
    Ledger,
    /// 0, all of them
    Zero,
}

impl From<SerialsArgument> for Serials {
    fn from(given: SerialsArgument) -> Self {
        match given {
            SerialsArgument::Ledger => Self::Ledger,
            SerialsArgument::Zero => Self::Zero,
        }
    }
}

/// How many requests an API key may make; nothing for any number.
#[derive(Clone, Copy)]
pub(crate) struct RateLimit(pub(crate) Option<u32>);

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "off" => Ok(Self(None)),
            number => match number.parse() {
                Ok(count) if count > 0 => Ok(Self(Some(count))),
                _ => Err("a number from 1 on, or `off`"),
            },
        }
    }
}

/// Most connections that may be asked for.
const CONNECTIONS_MAX: usize = 100_000;

fn connections(text: &str) -> Result<usize, &'static str> {
    let count = text.parse().ok().filter(|count| (1..=CONNECTIONS_MAX).contains(count));
    count.ok_or("a number from 1 to 100000")
}

#[derive(Subcommand)]
pub(crate) enum MasterKeyCommand {
    /// Seal all private keys of the served API under another master key
    ///
    /// Ended at any point, it goes on where it was when it is run again. Servers that run keep the old key: they say that they
    /// are not ready, and take no new private keys, until they are started again.
    Rotate(MasterKeyRotateArguments),
}

#[derive(Args)]
pub(crate) struct MasterKeyRotateArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// The file of the key of now
    ///
    /// Without it the key is what CERTGATE_MASTER_KEY holds, else the file `master.key` in the state folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,

    /// The file of the key from now on, made if it is not there
    ///
    /// Without it the key is what CERTGATE_MASTER_KEY_NEW holds, else a new one takes the place of the file of the key of now,
    /// and that stays beside it under the number of its key.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ApiKeyCommand {
    /// Make a key; it is written to standard output, and shown never again
    Create(ApiKeyCreateArguments),
    /// List all keys, with their ids
    List(ApiKeyListArguments),
    /// Revoke a key
    Revoke(ApiKeyRevokeArguments),
}

#[derive(Args)]
pub(crate) struct ApiKeyCreateArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// What the key is for
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    pub(crate) description: String,

    /// Let it read, and change nothing
    #[arg(long)]
    pub(crate) read_only: bool,
}

#[derive(Args)]
pub(crate) struct ApiKeyListArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,
}

#[derive(Args)]
pub(crate) struct ApiKeyRevokeArguments {
    #[command(flatten)]
    pub(crate) state: StateArguments,

    /// Its id, which begins with `ak_`
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}
