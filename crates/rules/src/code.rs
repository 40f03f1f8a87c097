//! Stable codes: ours, and the API's.

use std::fmt;

/// The code of a rule, shown as `CG` and three digits; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleCode(pub(crate) u16);

impl fmt::Display for RuleCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CG{:03}", self.0)
    }
}

/// A code the API answers with when it refuses, shown as `ERR_NGROK_` and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ApiCode(u16);

impl ApiCode {
    /// The request holds no certificate.
    pub const CERTIFICATE_MISSING: Self = Self(1922);
    /// The certificate field holds a private key.
    pub const CERTIFICATE_IS_KEY: Self = Self(1925);
    /// A block of the certificate field is no `CERTIFICATE`.
    pub const PEM_TYPE: Self = Self(1911);
    /// A block carries PEM headers.
    pub const PEM_HEADERS: Self = Self(1910);
    /// A certificate cannot be parsed.
    pub const CERTIFICATE_UNREADABLE: Self = Self(1900);
    /// The request holds no private key.
    pub const KEY_MISSING: Self = Self(1901);
    /// The private key field holds a certificate.
    pub const KEY_IS_CERTIFICATE: Self = Self(1924);
    /// The private key is encrypted.
    pub const KEY_ENCRYPTED: Self = Self(1902);
    /// The private key's format or algorithm is not supported.
    pub const KEY_UNSUPPORTED: Self = Self(1903);
    /// The private key does not match the leaf.
    pub const KEY_MISMATCH: Self = Self(1923);
    /// A certificate of the chain is not signed by the next one.
    pub const CHAIN_ORDER: Self = Self(1926);
    /// The description is longer than 255 bytes.
    pub const DESCRIPTION_TOO_LONG: Self = Self(1916);
    /// The metadata is longer than 4096 bytes.
    pub const METADATA_TOO_LONG: Self = Self(1917);

    /// The reference to the authority has the prefix of an id, and not the shape of one.
    pub const REFERENCE_ID: Self = Self(223);
    /// The id of the authority lacks the prefix of an authority's.
    pub const AUTHORITY_ID: Self = Self(227);
    /// A time is not RFC 3339.
    pub const TIME_FORMAT: Self = Self(241);
    /// The public key of a host or user cannot be parsed.
    pub const PUBLIC_KEY_UNREADABLE: Self = Self(1934);
    /// The description of a host certificate is longer than 255 bytes.
    pub const HOST_DESCRIPTION_TOO_LONG: Self = Self(1945);
    /// The metadata of a host certificate is longer than 4096 bytes.
    pub const HOST_METADATA_TOO_LONG: Self = Self(1946);
    /// The public key is of a type that is not certified.
    pub const PUBLIC_KEY_TYPE: Self = Self(1950);
    /// The request holds no public key.
    pub const PUBLIC_KEY_MISSING: Self = Self(1952);
    /// The host certificate would end before it begins.
    pub const LIFETIME_NOT_POSITIVE: Self = Self(1963);
    /// The description of a user certificate is longer than 255 bytes.
    pub const USER_DESCRIPTION_TOO_LONG: Self = Self(1947);
    /// The metadata of a user certificate is longer than 4096 bytes.
    pub const USER_METADATA_TOO_LONG: Self = Self(1948);
    /// The user certificate would end before it begins.
    pub const USER_LIFETIME_NOT_POSITIVE: Self = Self(1962);

    /// The type of key that the authority is to have is not known.
    pub const AUTHORITY_KEY_TYPE: Self = Self(1936);
    /// The description of an SSH certificate authority is longer than 255 bytes.
    pub const AUTHORITY_DESCRIPTION_TOO_LONG: Self = Self(1937);
    /// The metadata of an SSH certificate authority is longer than 4096 bytes.
    pub const AUTHORITY_METADATA_TOO_LONG: Self = Self(1938);
    /// The size of the authority's RSA key is neither 2048 nor 4096 bits.
    pub const AUTHORITY_KEY_SIZE: Self = Self(1939);
    /// A size is given for a key that is not RSA.
    pub const AUTHORITY_KEY_SIZE_WITHOUT_RSA: Self = Self(1940);
    /// The curve of the authority's ECDSA key is not known.
    pub const AUTHORITY_CURVE: Self = Self(1941);
    /// A curve is given for a key that is not ECDSA.
    pub const AUTHORITY_CURVE_WITHOUT_ECDSA: Self = Self(1942);

    /// Every code a TLS upload can be predicted to meet, in the order in which the API looks. The order is inferred:
    /// each field by itself, certificate first, then the two together, then the lengths.
    pub const TLS_UPLOAD_ORDER: [Self; 13] = [
        Self::CERTIFICATE_MISSING,
        Self::CERTIFICATE_IS_KEY,
        Self::PEM_TYPE,
        Self::PEM_HEADERS,
        Self::CERTIFICATE_UNREADABLE,
        Self::KEY_MISSING,
        Self::KEY_IS_CERTIFICATE,
        Self::KEY_ENCRYPTED,
        Self::KEY_UNSUPPORTED,
        Self::KEY_MISMATCH,
        Self::CHAIN_ORDER,
        Self::DESCRIPTION_TOO_LONG,
        Self::METADATA_TOO_LONG,
    ];

    /// Every code a request for an SSH host certificate can be predicted to meet, in the order in which the API looks.
    /// The order is inferred: first what belongs to the syntax of any request, which are ids and times and have codes
    /// below 300; then what belongs to this resource: the fields as the reference lists them, then the lengths.
    pub const HOST_CERTIFICATE_ORDER: [Self; 9] = [
        Self::AUTHORITY_ID,
        Self::REFERENCE_ID,
        Self::TIME_FORMAT,
        Self::PUBLIC_KEY_MISSING,
        Self::PUBLIC_KEY_UNREADABLE,
        Self::PUBLIC_KEY_TYPE,
        Self::LIFETIME_NOT_POSITIVE,
        Self::HOST_DESCRIPTION_TOO_LONG,
        Self::HOST_METADATA_TOO_LONG,
    ];

    /// Every code a request for an SSH user certificate can be predicted to meet, in the order in which the API looks, which
    /// is that of [host certificates](Self::HOST_CERTIFICATE_ORDER).
    pub const USER_CERTIFICATE_ORDER: [Self; 9] = [
        Self::AUTHORITY_ID,
        Self::REFERENCE_ID,
        Self::TIME_FORMAT,
        Self::PUBLIC_KEY_MISSING,
        Self::PUBLIC_KEY_UNREADABLE,
        Self::PUBLIC_KEY_TYPE,
        Self::USER_LIFETIME_NOT_POSITIVE,
        Self::USER_DESCRIPTION_TOO_LONG,
        Self::USER_METADATA_TOO_LONG,
    ];

    /// Every code a request for an SSH certificate authority can be predicted to meet, in the order in which the API
    /// looks. The order is inferred: the type first, then what belongs to it and what does not, then the lengths.
    pub const SSH_AUTHORITY_ORDER: [Self; 7] = [
        Self::AUTHORITY_KEY_TYPE,
        Self::AUTHORITY_KEY_SIZE,
        Self::AUTHORITY_KEY_SIZE_WITHOUT_RSA,
        Self::AUTHORITY_CURVE,
        Self::AUTHORITY_CURVE_WITHOUT_ECDSA,
        Self::AUTHORITY_DESCRIPTION_TOO_LONG,
        Self::AUTHORITY_METADATA_TOO_LONG,
    ];

    /// The number behind `ERR_NGROK_`.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for ApiCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ERR_NGROK_{}", self.0)
    }
}
