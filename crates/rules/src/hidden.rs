//! What follows for the API when its reader passes over blocks without a word.

use certgate_facts::{Certificate, Chain, DefectKind, Entry};

use crate::case::TlsUpload;
use crate::code::ApiCode;

/// What the API would answer because it does not see some blocks of the certificate field; `None` where it would
/// accept what is left, or answer something else first.
pub(crate) fn certificate_consequence(upload: &TlsUpload) -> Option<ApiCode> {
    let slot = upload.certificate();
    let found: Vec<&Entry> = slot.entries_found_by_api().collect();
    if found.is_empty() {
        return Some(ApiCode::CERTIFICATE_MISSING);
    }
    let certificates: Vec<&Certificate> = found.iter().filter_map(|entry| entry.certificate()).collect();
    let lost_leaf = slot
        .entries()
        .find(|entry| entry.is_certificate())
        .is_some_and(|leaf| !leaf.block().is_found_by_go());
    if let (true, Some(key), Some(first)) = (lost_leaf, upload.public_key(), certificates.first())
        && !first.public_key().matches(key)
    {
        return Some(ApiCode::KEY_MISMATCH);
    }
    Chain::of(&certificates, None).first_broken_link().map(|_| ApiCode::CHAIN_ORDER)
}

/// The same for the private key field.
pub(crate) fn key_consequence(upload: &TlsUpload) -> Option<ApiCode> {
    let finds_none = upload.private_key().entries_found_by_api().next().is_none();
    finds_none.then_some(ApiCode::KEY_MISSING)
}

/// Whether a defect is one of the text's encoding, and not of a block.
pub(crate) fn is_of_encoding(defect: &DefectKind) -> bool {
    matches!(defect, DefectKind::ByteOrderMark | DefectKind::CarriageReturns | DefectKind::Utf16)
}
