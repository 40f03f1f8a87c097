//! What was judged, and whether a certificate says it.

use std::collections::BTreeMap;

use certgate_facts::{SshCertificate, SshCertificateFields, SshOption, SshPublicKey, SshText};
use certgate_rules::{CertificateRequest, Field, SshValidity};

use crate::codec::{NONCE_BYTES, certificate_type};
use crate::error::{CertificateField, Error};

/// The request as it was cleared, and what was added to it.
pub(super) struct Judged {
    pub(super) request: CertificateRequest,
    pub(super) validity: SshValidity,
    pub(super) serial: u64,
    pub(super) nonce: [u8; NONCE_BYTES],
    pub(super) authority_key: SshPublicKey,
}

impl Judged {
    /// The key to be certified.
    pub(super) fn public_key(&self) -> Option<&SshPublicKey> {
        self.request.public_key()
    }

    /// Compares a certificate with the request, field by field in order of the wire, then its signed bytes with those
    /// that were prepared. The fields come from the reader, the comparison from the request: neither knows the writer.
    pub(super) fn compare(&self, certificate: &SshCertificate, signed: &[u8]) -> Result<(), Error> {
        let differs = |field| Error::IssuedDiffersFromJudged { field };
        let public_key = self.public_key().ok_or(Error::PublicKeyMissing)?;
        let Some(fields) = certificate.fields() else {
            return Err(differs(CertificateField::Type));
        };
        if certificate_type(public_key.kind()) != Some(certificate.name()) {
            return Err(differs(CertificateField::Type));
        }
        match self.first_difference(fields, public_key) {
            Some(field) => Err(differs(field)),
            None if certificate.signed_bytes() != Some(signed) => Err(differs(CertificateField::SignedBytes)),
            None => Ok(()),
        }
    }

    fn first_difference(
        &self,
        fields: &SshCertificateFields,
        public_key: &SshPublicKey,
    ) -> Option<CertificateField> {
        let is_text = |found: &SshText, due: &str| found.as_bytes() == due.as_bytes();
        let principals = self.request.principals();
        let same_principals = fields.principals().len() == principals.len()
            && fields.principals().iter().zip(principals).all(|(found, due)| is_text(found, due.text()));
        let comparisons = [
            (CertificateField::Nonce, fields.nonce() == self.nonce),
            (CertificateField::PublicKey, is_same_key(fields.public_key(), public_key)),
            (CertificateField::Serial, fields.serial() == self.serial),
            (CertificateField::Role, fields.role() == self.request.role()),
            (CertificateField::KeyId, is_text(fields.key_id(), self.request.key_id().text())),
            (CertificateField::Principals, same_principals),
            (CertificateField::ValidAfter, fields.valid_after() == self.validity.valid_after),
            (CertificateField::ValidBefore, fields.valid_before() == self.validity.valid_before),
            (
                CertificateField::CriticalOptions,
                is_options(fields.critical_options(), self.request.critical_options()),
            ),
            (CertificateField::Extensions, is_options(fields.extensions(), self.request.extensions())),
            (CertificateField::Reserved, fields.reserved().is_empty()),
            (CertificateField::AuthorityKey, fields.authority_key().blob() == self.authority_key.blob()),
        ];
        comparisons.into_iter().find_map(|(field, is_equal)| (!is_equal).then_some(field))
    }
}

/// Whether options are those that were asked for, in the order of their names: none as nothing, a value as a text.
fn is_options(found: &[SshOption], due: &BTreeMap<String, Field>) -> bool {
    let is_value = |option: &SshOption, due: &str| match due {
        "" => option.value().is_empty(),
        text => option.text() == Some(text.as_bytes()),
    };
    found.len() == due.len()
        && found
            .iter()
            .zip(due)
            .all(|(option, (name, value))| option.name() == name.as_bytes() && is_value(option, value.text()))
}

/// Whether two keys are the same, by their numbers: RSA keys may be written with needless zeros.
fn is_same_key(found: &SshPublicKey, due: &SshPublicKey) -> bool {
    let same_numbers = match (found.public_key(), due.public_key()) {
        (Some(found), Some(due)) => found.matches(due),
        _ => false,
    };
    same_numbers && found.kind() == due.kind()
}
