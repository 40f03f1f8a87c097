//! What resources show of X.509 certificates.

use certgate_facts::{Certificate, ExtendedKeyUsage};
use pem::{EncodeConfig, LineEnding, Pem};

/// Certificates written anew: 64 columns, line feeds, nothing in between.
pub(super) fn pem_of<'d>(ders: impl Iterator<Item = &'d [u8]>) -> String {
    let config = EncodeConfig::new().set_line_ending(LineEnding::LF);
    ders.map(|der| pem::encode_config(&Pem::new("CERTIFICATE", der), config)).collect()
}

/// The first attribute of the subject that has this short name; empty without one.
pub(super) fn subject(certificate: &Certificate, short_name: &str) -> String {
    certificate.subject().first(short_name).unwrap_or_default().to_owned()
}

/// Key usages, in bit order.
pub(super) fn key_usages(certificate: &Certificate) -> Vec<String> {
    certificate
        .extensions()
        .key_usage()
        .into_iter()
        .flat_map(|usage| usage.names())
        .map(str::to_owned)
        .collect()
}

/// Extended key usages that have a name, in the order of the certificate.
pub(super) fn extended_key_usages(certificate: &Certificate) -> Vec<String> {
    let usages = certificate.extensions().extended_key_usages().unwrap_or_default();
    usages.iter().filter_map(ExtendedKeyUsage::name).map(str::to_owned).collect()
}
