//! The certificate that the server shows, and its key.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use certgate_facts::{KeyFormat, Timestamp};
use certgate_rules::{Cleared, TlsUpload};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};

/// The one protocol that is spoken on an encrypted connection.
const HTTP: &[u8] = b"http/1.1";

/// A certificate chain and its key, fit to be shown to clients. The key has no `Debug`, and is the provider's alone.
#[derive(Clone)]
pub struct Identity {
    config: Arc<ServerConfig>,
    not_after: Timestamp,
    serial: String,
}

/// Why a cleared pair is not shown.
#[derive(Debug)]
#[non_exhaustive]
pub enum IdentityUnfit {
    /// It has no certificate, or no key, that reads.
    Incomplete,
    /// The library that encrypts does not take it.
    Provider(rustls::Error),
}

impl fmt::Display for IdentityUnfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete => formatter.write_str("there is no certificate with its key"),
            Self::Provider(error) => write!(formatter, "connections cannot be encrypted with it: {error}"),
        }
    }
}

impl std::error::Error for IdentityUnfit {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Incomplete => None,
            Self::Provider(error) => Some(error),
        }
    }
}

impl From<rustls::Error> for IdentityUnfit {
    fn from(error: rustls::Error) -> Self {
        Self::Provider(error)
    }
}

impl Identity {
    /// What was cleared, for TLS 1.2 and 1.3 (RFC 8446) and HTTP/1.1 (RFC 7301): the chain as it was given.
    ///
    /// # Errors
    ///
    /// [`IdentityUnfit`] for a pair that clients could not use.
    pub fn of(cleared: Cleared<TlsUpload>) -> Result<Self, IdentityUnfit> {
        let upload = cleared.spend();
        let (_, leaf) = upload.leaf().ok_or(IdentityUnfit::Incomplete)?;
        let blocks = upload.certificates().filter_map(|(entry, _)| entry.block().der());
        let chain: Vec<CertificateDer<'static>> = blocks.map(|der| der.to_vec().into()).collect();
        let provider = Arc::new(aws_lc_rs::default_provider());
        // Lent, not copied: the bytes are wiped with the upload.
        let key = private_key(&upload).ok_or(IdentityUnfit::Incomplete)?;
        let certified = CertifiedKey::new(chain, aws_lc_rs::sign::any_supported_type(&key)?);
        certified.keys_match()?;
        let resolver: Arc<dyn ResolvesServerCert> = Arc::new(SingleCertAndKey::from(certified));
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![HTTP.to_vec()];
        Ok(Self { config: Arc::new(config), not_after: leaf.not_after(), serial: leaf.serial().to_string() })
    }

    /// The last moment at which clients take it.
    #[must_use]
    pub const fn not_after(&self) -> Timestamp {
        self.not_after
    }
}

/// What is to be known of it.
impl fmt::Display for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "certificate {}, valid until {}", self.serial, self.not_after)
    }
}

fn private_key(upload: &TlsUpload) -> Option<PrivateKeyDer<'_>> {
    let entry = upload.private_key_seen()?;
    let der = entry.block().der()?;
    Some(match entry.private_key()?.format() {
        KeyFormat::Pkcs8 => PrivatePkcs8KeyDer::from(der).into(),
        KeyFormat::Pkcs1 => PrivatePkcs1KeyDer::from(der).into(),
        KeyFormat::Sec1 => PrivateSec1KeyDer::from(der).into(),
        _ => return None,
    })
}

/// The identity that is shown now.
pub(crate) struct Shown(RwLock<Identity>);

impl Shown {
    pub(crate) const fn new(identity: Identity) -> Self {
        Self(RwLock::new(identity))
    }

    /// Shows another one to those who connect from now on.
    pub(crate) fn renew(&self, identity: Identity) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = identity;
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).config)
    }
}
