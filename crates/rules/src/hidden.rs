//! What follows for the API when its reader passes over blocks without a word.

use certgate_facts::DefectKind;

use crate::case::TlsUpload;
use crate::code::ApiCode;
use crate::policy::Policy;
use crate::rules::chain::chain_incomplete;

/// What the API would answer because it does not see some blocks of the certificate field; `None` where it would
/// accept what is left, or answer something else first.
pub(crate) fn certificate_consequence(upload: &TlsUpload) -> Option<ApiCode> {
    if upload.certificate().entries_found_by_api().next().is_none() {
        return Some(ApiCode::CERTIFICATE_MISSING);
    }
    if let (true, Some(key), Some(first)) =
        (upload.leaf_is_hidden(), upload.public_key(), upload.certificates_seen().next())
        && !first.public_key().matches(key)
    {
        return Some(ApiCode::KEY_MISMATCH);
    }
    upload.chain_seen().first_broken_link().map(|_| ApiCode::CHAIN_ORDER)
}

/// Whether clients miss what the API does not see: it accepts, and serves a chain that ends too early.
pub(crate) fn clients_miss_it(upload: &TlsUpload, policy: &Policy) -> bool {
    let certificates: Vec<_> = upload.certificates_seen().collect();
    let top = upload.chain_seen().order().last().and_then(|index| certificates.get(*index));
    top.is_some_and(|top| !chain_incomplete::is_complete(top, policy.anchors()))
}

/// The same for the private key field.
pub(crate) fn key_consequence(upload: &TlsUpload) -> Option<ApiCode> {
    let finds_none = upload.private_key().entries_found_by_api().next().is_none();
    finds_none.then_some(ApiCode::KEY_MISSING)
}

/// Whether a defect is one of the text's encoding, and not of a block.
pub(crate) fn is_of_encoding(defect: &DefectKind) -> bool {
    matches!(
        defect,
        DefectKind::ByteOrderMark
            | DefectKind::CarriageReturns
            | DefectKind::LineEndsEscaped { .. }
            | DefectKind::Utf16
    )
}
