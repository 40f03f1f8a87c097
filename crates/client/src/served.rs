//! What a server shows of itself: its chain, as it serves it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// The most certificates that are taken from a server.
pub const SERVED_CERTIFICATES_MAX: usize = 32;

/// Why it is not known what a server serves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServedError {
    /// The host is neither a name nor an address.
    Host,
    /// No connection was made.
    NotConnected(String),
    /// Something else than TLS 1.2 or 1.3 is spoken there.
    NoTls(String),
    /// It took too long.
    TimedOut,
    /// It shows more than [`SERVED_CERTIFICATES_MAX`] certificates.
    TooMany,
}

/// The chain that a server shows to clients who ask for `host`, leaf first, each certificate as DER. Nothing is verified
/// but that the server holds the key of the leaf: what to think of the chain is for rules to say.
///
/// # Errors
/// [`ServedError`] if there is no such server, or it does not answer within `length`.
pub async fn served_chain(host: &str, port: u16, length: Duration) -> Result<Vec<Vec<u8>>, ServedError> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let name = ServerName::try_from(bare.to_owned()).map_err(|_| ServedError::Host)?;
    timeout(length, shown_by(bare, port, name)).await.map_err(|_| ServedError::TimedOut)?
}

async fn shown_by(host: &str, port: u16, name: ServerName<'static>) -> Result<Vec<Vec<u8>>, ServedError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let listener = Arc::new(Listener { provider: Arc::clone(&provider), chain: Mutex::default() });
    let no_tls = |error: &dyn fmt::Display| ServedError::NoTls(error.to_string());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| no_tls(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Listener>::clone(&listener))
        .with_no_client_auth();
    let connected = TcpStream::connect((host, port)).await;
    let stream = connected.map_err(|error| ServedError::NotConnected(error.to_string()))?;
    let shaken = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let chain = std::mem::take(&mut *listener.chain.lock().unwrap_or_else(PoisonError::into_inner));
    // A server that wants a client's certificate refuses after it has shown its own, which is all that is asked.
    match shaken {
        Err(error) if chain.is_empty() => Err(no_tls(&error)),
        _ if chain.len() > SERVED_CERTIFICATES_MAX => Err(ServedError::TooMany),
        _ => Ok(chain),
    }
}

/// Takes any chain, and keeps it.
#[derive(Debug)]
struct Listener {
    provider: Arc<CryptoProvider>,
    chain: Mutex<Vec<Vec<u8>>>,
}

impl ServerCertVerifier for Listener {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let all = std::iter::once(leaf).chain(others).take(SERVED_CERTIFICATES_MAX + 1);
        let chain = all.map(|certificate| certificate.to_vec()).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, leaf, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, leaf, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

impl fmt::Display for ServedError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host => formatter.write_str("not a host: expected a name or an address"),
            Self::NotConnected(reason) => write!(formatter, "no connection: {reason}"),
            Self::NoTls(reason) => write!(formatter, "no TLS: {reason}"),
            Self::TimedOut => formatter.write_str("no answer in time"),
            Self::TooMany => {
                write!(formatter, "it shows more than {SERVED_CERTIFICATES_MAX} certificates")
            }
        }
    }
}

impl std::error::Error for ServedError {}
