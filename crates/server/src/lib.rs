//! The certificate API, served locally: the same routes, codes and shapes as the public one, behind the same gate as
//! `certgate check`.
//!
//! In reading order: [`Settings`] say how an [`App`] answers; an [`App`] is a store, a master key, a clock and dice;
//! [`serve`] gives it connections, encrypted if there is a [`Tls`]. Inside: a request becomes a `Call` once it has passed all that does not depend on what is
//! asked (`call`: key, rate, version, query, body); the endpoints under `routes` do the rest; `problem` is the one place of
//! status codes, and of what is told to whom.
//!
//! A request is looked at in this order: path and method, key, rate, version, query, content type, body, fields, meaning,
//! whether what it names is there. The first of these that is wrong is the answer.
//!
//! At `/`, a browser finds a page to look at (`page`), behind a login with an API key; it only reads. `GET /openapi.json`
//! tells all of the API to whoever asks, without a key.
//!
//! Where this server differs from the public API, on purpose: SSH certificates have serials of a ledger unless
//! [`Settings::serials`] says otherwise; names that OpenSSH reads otherwise than they look or does not read (215) and times
//! before 1970 (241) are not signed. That a token is an agent's and no API key (206, 207) cannot be told by its shape: it is
//! one that is not known (203).
//!
//! Invariants: what is created was cleared by `certgate-rules` where there are rules for it. No private key and no API key is
//! in any answer, log or error. Nothing here reads a clock but to measure how long something takes, and randomness comes in.

mod problem;
mod operation;
mod origin;
mod settings;
mod dice;
mod sequence;
mod log;
mod metrics;
mod rate;
mod state;
mod api_key;
mod auth;
mod filter;
mod query;
mod fields;
mod body;
mod call;
mod callers;
mod answering;
mod shown;
mod served;
mod routes;
mod page;
mod watched;
mod app;
mod pace;
mod tls;
mod serving;

pub use api_key::{ApiKey, new_api_key};
pub use app::App;
pub use dice::{Dice, DiceFailed};
pub use log::{Log, lines_lost};
pub use origin::{Origin, PublicUrl, PublicUrlError};
pub use serving::{Listening, Renewal, ServingError, Tls, serve};
pub use settings::{
    CONNECTIONS_DEFAULT, CONNECTIONS_PER_ADDRESS_DEFAULT, GRACE_SECS, RATE_LIMIT_DEFAULT, Settings,
};
pub use tls::{Identity, IdentityUnfit};
