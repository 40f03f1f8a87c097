//! What a key may be used for: key usage (RFC 5280 §4.2.1.3) and extended key usage (§4.2.1.12).

/// The bits of the key usage extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUsage {
    /// Bit *n* of RFC 5280 is bit *n* here, counted from the least significant.
    bits: u16,
}

/// Names in bit order, as the API writes them (those of Go's `crypto/x509` in snake case).
const KEY_USAGE_NAMES: [&str; 9] = [
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
];

impl KeyUsage {
    pub(crate) fn from_bits(bits: u16) -> Self {
        Self { bits }
    }

    /// The names of the bits that are set, in bit order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        KEY_USAGE_NAMES
            .into_iter()
            .enumerate()
            .filter(move |(bit, _)| self.bits >> bit & 1 == 1)
            .map(|(_, name)| name)
    }

    /// Whether the key may sign lists of revoked certificates (cRLSign).
    #[must_use]
    pub fn may_sign_revocation_lists(self) -> bool {
        self.bits >> 6 & 1 == 1
    }

    /// Whether the key may sign certificates (keyCertSign).
    #[must_use]
    pub fn may_sign_certificates(self) -> bool {
        self.bits >> 5 & 1 == 1
    }
}

/// One purpose of the extended key usage extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    oid: String,
}

/// Object identifiers and the names the API has for them.
const EXTENDED_KEY_USAGE_NAMES: [(&str, &str); 14] = [
    ("2.5.29.37.0", "any"),
    ("1.3.6.1.5.5.7.3.1", "server_auth"),
    ("1.3.6.1.5.5.7.3.2", "client_auth"),
    ("1.3.6.1.5.5.7.3.3", "code_signing"),
    ("1.3.6.1.5.5.7.3.4", "email_protection"),
    ("1.3.6.1.5.5.7.3.5", "ipsec_end_system"),
    ("1.3.6.1.5.5.7.3.6", "ipsec_tunnel"),
    ("1.3.6.1.5.5.7.3.7", "ipsec_user"),
    ("1.3.6.1.5.5.7.3.8", "time_stamping"),
    ("1.3.6.1.5.5.7.3.9", "ocsp_signing"),
    ("1.3.6.1.4.1.311.10.3.3", "microsoft_server_gated_crypto"),
    ("2.16.840.1.113730.4.1", "netscape_server_gated_crypto"),
    ("1.3.6.1.4.1.311.2.1.22", "microsoft_commercial_code_signing"),
    ("1.3.6.1.4.1.311.61.1.1", "microsoft_kernel_code_signing"),
];

impl ExtendedKeyUsage {
    pub(crate) fn from_oid(oid: String) -> Self {
        Self { oid }
    }

    /// The purpose's object identifier in dotted decimal.
    #[must_use]
    pub fn oid(&self) -> &str {
        &self.oid
    }

    /// The name the API writes; `None` for purposes it leaves out.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        EXTENDED_KEY_USAGE_NAMES.iter().find(|(oid, _)| *oid == self.oid).map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_usages_are_named_in_bit_order() {
        let names: Vec<_> = KeyUsage::from_bits(0b1_0110_0001).names().collect();
        assert_eq!(names, ["digital_signature", "cert_sign", "crl_sign", "decipher_only"]);
    }

    #[test]
    fn unknown_purposes_have_no_name() {
        assert_eq!(ExtendedKeyUsage::from_oid("1.2.3".to_owned()).name(), None);
    }
}
