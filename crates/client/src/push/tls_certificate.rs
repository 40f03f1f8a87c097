//! A TLS certificate of a cleared upload.

use certgate_api::{TlsCertificate, TlsCertificateCreate};
use certgate_facts::{Entry, Reading, Source};
use certgate_rules::{Slot, TlsUpload};
use zeroize::Zeroizing;

use super::Request;

impl Request for TlsUpload {
    type Resource = TlsCertificate;

    fn create(&self) -> Result<TlsCertificateCreate, &'static str> {
        Ok(TlsCertificateCreate {
            description: self.description().to_owned(),
            metadata: self.metadata().to_owned(),
            certificate_pem: text(self.certificate()).to_string(),
            private_key_pem: text(self.private_key()),
        })
    }

    /// The chain, certificate by certificate: the API may write it with other line breaks.
    fn is_outcome(create: &TlsCertificateCreate, resource: &TlsCertificate) -> bool {
        let chain = certificates(&create.certificate_pem);
        create.description == resource.description
            && create.metadata == resource.metadata
            && !chain.is_empty()
            && chain == certificates(&resource.certificate_pem)
    }
}

/// What goes into a field: all of a source as it stands, or the blocks that were chosen, each on lines of its own.
fn text(slot: &Slot) -> Zeroizing<String> {
    let source = slot.reading().source().text();
    if slot.is_whole() {
        return utf8(&[source]);
    }
    let blocks: Vec<&[u8]> = slot.entries().map(|entry| entry.block().span().of(source)).collect();
    let lines: Vec<&[u8]> = blocks.iter().flat_map(|block| [*block, b"\n".as_slice()]).collect();
    utf8(&lines)
}

/// Bytes as text, in a buffer that never grows: one that did would leave copies of a private key behind. What is not
/// UTF-8, and so not PEM, becomes U+FFFD, as in every JSON.
fn utf8(pieces: &[&[u8]]) -> Zeroizing<String> {
    let length_max = pieces.iter().map(|piece| piece.len() * char::REPLACEMENT_CHARACTER.len_utf8()).sum();
    let mut text = Zeroizing::new(String::with_capacity(length_max));
    for chunk in pieces.iter().flat_map(|piece| piece.utf8_chunks()) {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

/// The certificates of a PEM text, as DER.
fn certificates(pem: &str) -> Vec<Vec<u8>> {
    let Ok(source) = Source::from_bytes("certificate_pem", pem.as_bytes().to_vec()) else {
        return Vec::new();
    };
    let reading = Reading::of(source);
    let certificates = reading.entries().iter().filter_map(Entry::certificate);
    certificates.map(|certificate| certificate.der().to_vec()).collect()
}
