//! The certificate API's client: creates what was judged and cleared, once; reads, changes and deletes.
//!
//! ```
//! use std::sync::Arc;
//! use certgate_client::{ApiKey, ApiUrl, Client};
//! use certgate_facts::{Reading, Source};
//! use certgate_rules::{Policy, Slot, TlsUpload, TrustAnchors, judge};
//! # use certgate_client::{RequestBody, Transport, TransportError};
//! # struct Example;
//! # impl Transport for Example {
//! #     async fn send(&self, _: http::Request<RequestBody>) -> Result<http::Response<Vec<u8>>, TransportError> {
//! #         let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/seed/response.json");
//! #         let mut answer = http::Response::new(std::fs::read(path).unwrap());
//! #         *answer.status_mut() = http::StatusCode::CREATED;
//! #         Ok(answer)
//! #     }
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use chacha20::{ChaCha20Rng, rand_core::SeedableRng};
//! # let (transport, rng) = (Example, ChaCha20Rng::seed_from_u64(1));
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/seed");
//! let read = |name: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(Arc::new(Reading::of(Source::read(name, std::fs::File::open(format!("{folder}/{name}"))?)?)))
//! };
//! let upload = TlsUpload::new(Slot::whole(read("example.com.pem")?), Slot::whole(read("example.com.key")?));
//! let cleared = judge(upload, &Policy::new("2026-11-01".parse()?, TrustAnchors::Mozilla)).clear()?;
//!
//! let key = ApiKey::new("2TESTKEYtestkeyTESTKEYtestk_4TESTKEYtestkeyTESTKEY")?;
//! let client = Client::new(transport, ApiUrl::new("https://api.ngrok.com")?, key, rng);
//! let created = client.push(cleared).await?;
//! println!("{} is valid until {}", created.resource.id, created.resource.not_after);
//! # assert_eq!(created.resource.id.to_string(), "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh");
//! # Ok(())
//! # }
//! ```
//!
//! In reading order: an [`ApiUrl`] says where the API is and an [`ApiKey`] opens it; a [`Call`] is one operation; a
//! [`Transport`] sends requests, and [`Network`] is one; a [`Client`] makes calls within a [`RateLimit`], again where
//! that does no harm, and gives [`Pages`] of lists; a [`Request`] is a case that it can [`push`](Client::push); an
//! [`Error`] says what the API answered, and what may have happened. [`served_chain`] is what a server shows; a
//! [`plan`] is what is to be done so that the API holds what is declared.
//!
//! Invariants: nothing is created but what a verdict cleared, or was pushed by the long name that says it was not; an
//! answer that gets lost creates nothing twice, as far as the server's lists tell the truth. The key goes to no other
//! address than the one it was given for, and is shown by no formatting and no error, even where the server echoes it.
//! Nothing here reads a clock of the day, the environment or a file; randomness comes in as an argument.

mod api_url;
mod api_key;
mod shown;
mod call;
mod transport;
mod network;
mod http_date;
mod answer;
mod limiter;
mod retry;
mod client;
mod pages;
mod push;
mod error;
mod served;
pub mod plan;

pub use api_key::{API_KEY_CHARS_MAX, API_KEY_CHARS_MIN, ApiKey, ApiKeyError};
pub use api_url::{ApiUrl, ApiUrlError, PUBLIC_API_URL};
pub use call::{Call, ListQuery, USER_AGENT};
pub use client::{ATTEMPT_SECS_DEFAULT, Client, Pause, PauseReason};
pub use error::Error;
pub use limiter::RateLimit;
pub use network::{CONNECT_SECS_MAX, Network, NetworkError, NetworkOptions};
pub use pages::{PAGES_MAX, Pages};
pub use push::{CREATED_EARLIER_SECS_MAX, Request};
pub use retry::{FAULT_ATTEMPTS_MAX, LIMITED_ATTEMPTS_MAX, LOOK_PAUSES, PAUSE_MAX, RETRY_AFTER_MAX};
pub use served::{SERVED_CERTIFICATES_MAX, ServedError, served_chain};
pub use shown::SHOWN_CHARS_MAX;
pub use transport::{RESPONSE_BYTES_MAX, RequestBody, Transport, TransportError, TransportFault};
