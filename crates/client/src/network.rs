//! The transport over the network.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::redirect::Policy;
use reqwest::{Body, Certificate, NoProxy, Proxy};

use crate::api_url::ApiUrl;
use crate::transport::{RESPONSE_BYTES_MAX, RequestBody, Transport, TransportError, TransportFault};

/// How long a connection may take to be made, TLS included.
pub const CONNECT_SECS_MAX: u64 = 10;

/// How long a connection is kept that nobody uses: servers close theirs later, and not under a request.
const IDLE_MAX: Duration = Duration::from_secs(15);

/// How the API is reached.
#[derive(Clone, Default)]
pub struct NetworkOptions {
    /// Certificates, PEM, of authorities that are trusted besides those of the system: for a server of one's own.
    pub authorities_pem: Option<Vec<u8>>,
    /// The URL of the proxy through which requests go; never those to this very machine.
    pub proxy: Option<String>,
    /// Hosts that are reached without the proxy: names, domains, addresses and networks, separated by commas, as in the
    /// environment variable `NO_PROXY`.
    pub no_proxy: Option<String>,
}

/// Why the network cannot be used as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkError {
    /// The authorities are no PEM certificates, or none that can be trusted.
    Authorities(String),
    /// The proxy's URL is none.
    Proxy,
    /// TLS cannot be set up: the system has no trust anchors.
    Tls(String),
}

/// Sends requests over the network: HTTP/1.1, over TLS unless the API's address says otherwise, on connections that are
/// kept open.
pub struct Network(reqwest::Client);

impl Network {
    /// A way to the API at `url`.
    ///
    /// # Errors
    /// [`NetworkError`] if an option is not what it should be, or the system lacks what TLS needs.
    pub fn new(url: &ApiUrl, options: &NetworkOptions) -> Result<Self, NetworkError> {
        let mut builder = reqwest::Client::builder()
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(Duration::from_secs(CONNECT_SECS_MAX))
            .pool_idle_timeout(IDLE_MAX);
        let proxy = options.proxy.as_deref().filter(|_| !url.is_loopback());
        if let Some(proxy) = proxy {
            let no_proxy = options.no_proxy.as_deref().and_then(NoProxy::from_string);
            builder = builder.proxy(Proxy::all(proxy).map_err(|_| NetworkError::Proxy)?.no_proxy(no_proxy));
        }
        let pem = options.authorities_pem.as_deref().unwrap_or_default();
        let authorities =
            Certificate::from_pem_bundle(pem).map_err(|error| NetworkError::Authorities(deepest(&error)))?;
        if options.authorities_pem.is_some() && authorities.is_empty() {
            return Err(NetworkError::Authorities("there is no certificate".to_owned()));
        }
        // Where nothing is encrypted, the system's trust anchors are not read.
        builder = match url.is_encrypted() || proxy.is_some() {
            true => builder.tls_certs_merge(authorities),
            false => builder.tls_certs_only([]),
        };
        builder.build().map(Self).map_err(|error| match &options.authorities_pem {
            Some(_) => NetworkError::Authorities(deepest(&error)),
            None => NetworkError::Tls(deepest(&error)),
        })
    }
}

impl Transport for Network {
    async fn send(
        &self,
        request: http::Request<RequestBody>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string().parse().map_err(|_| {
            TransportError::new(TransportFault::NotConnected, "the address of the request is no URL")
        })?;
        let mut request = reqwest::Request::new(head.method, url);
        *request.headers_mut() = head.headers;
        *request.body_mut() = (!body.is_absent()).then(|| Body::from(Bytes::from_owner(body)));
        let mut response = self.0.execute(request).await.map_err(|error| fault(&error))?;
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| fault(&error))? {
            if bytes.len() + chunk.len() > RESPONSE_BYTES_MAX {
                return Err(TransportError::new(TransportFault::TooLarge, ""));
            }
            bytes.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(bytes);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// What is known of a request by the error it ended with.
fn fault(error: &reqwest::Error) -> TransportError {
    let fault = match error.is_connect() {
        true if is_of_tls(error) => TransportFault::NotTrusted,
        true => TransportFault::NotConnected,
        false if error.is_timeout() => TransportFault::TimedOut,
        false => TransportFault::Interrupted,
    };
    TransportError::new(fault, deepest(error))
}

/// Whether TLS itself failed, and not the connection below it. Errors of input and output hide what they hold from
/// those who ask for causes.
fn is_of_tls(error: &(dyn std::error::Error + 'static)) -> bool {
    let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    error.is::<rustls::Error>()
        || held.is_some_and(|held| is_of_tls(held))
        || error.source().is_some_and(is_of_tls)
}

/// The words of the first cause: those of what it caused repeat them, with the URL.
fn deepest(error: &reqwest::Error) -> String {
    causes(error).last().map(ToString::to_string).unwrap_or_default()
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| (*cause).source())
}

impl fmt::Display for NetworkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authorities(reason) => {
                write!(formatter, "the authorities to trust cannot be used: {reason}")
            }
            Self::Proxy => formatter.write_str("the address of the proxy is no URL"),
            Self::Tls(reason) => write!(formatter, "TLS cannot be set up: {reason}"),
        }
    }
}

impl std::error::Error for NetworkError {}
