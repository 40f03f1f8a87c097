//! The elliptic curves that keys name.

use std::fmt;

use aws_lc_rs::digest;

use crate::der::{self, DerDefect, Tlv};

/// A named elliptic curve over a prime field.
///
/// The NIST curves are those of FIPS 186-5 and SP 800-186, named in RFC 5480 §2.1.1.1; secp256k1 is of SEC 2
/// §2.4.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Curve {
    /// NIST P-224, secp224r1, 1.3.132.0.33.
    P224,
    /// NIST P-256, secp256r1, prime256v1, 1.2.840.10045.3.1.7.
    P256,
    /// NIST P-384, secp384r1, 1.3.132.0.34.
    P384,
    /// NIST P-521, secp521r1, 1.3.132.0.35.
    P521,
    /// secp256k1, 1.3.132.0.10.
    Secp256k1,
}

impl Curve {
    /// Every curve there is a name for, small to large.
    pub(crate) const ALL: [Self; 5] = [Self::P224, Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The curve's short name: `p224`, `p256`, `p384`, `p521`, `secp256k1`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P224 => "p224",
            Self::P256 => "p256",
            Self::P384 => "p384",
            Self::P521 => "p521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// The size in bits of the field, and of a private scalar.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::P224 => 224,
            Self::P256 | Self::Secp256k1 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// The curve's object identifier in dotted form (RFC 5480 §2.1.1.1, SEC 2 annex A).
    #[must_use]
    pub const fn oid(self) -> &'static str {
        match self {
            Self::P224 => "1.3.132.0.33",
            Self::P256 => "1.2.840.10045.3.1.7",
            Self::P384 => "1.3.132.0.34",
            Self::P521 => "1.3.132.0.35",
            Self::Secp256k1 => "1.3.132.0.10",
        }
    }

    /// Bytes of one coordinate, and of a private scalar (SEC 1 §2.3.5).
    pub(crate) const fn field_bytes(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// The contents octets of the curve's object identifier.
    pub(crate) const fn oid_content(self) -> &'static [u8] {
        match self {
            Self::P224 => &[0x2b, 0x81, 0x04, 0x00, 0x21],
            Self::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            Self::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
            Self::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
            Self::Secp256k1 => &[0x2b, 0x81, 0x04, 0x00, 0x0a],
        }
    }

    /// The curve with this object identifier, given as its contents octets.
    pub(crate) fn from_oid_content(content: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.oid_content() == content)
    }

    /// The curve that these explicit `ECParameters` (X9.62, SEC 1 §C.2) spell out, if it is one with a name.
    ///
    /// A base point in compressed form is not recognised, and nothing is said about the seed and the
    /// cofactor.
    pub(crate) fn from_explicit(parameters: Tlv<'_>) -> Option<Self> {
        let digest = domain_digest(parameters).ok()?;
        Self::ALL.into_iter().find(|curve| curve.domain_digest() == digest.as_ref())
    }

    /// SHA-256 over the five numbers that make the curve: see [`domain_digest`].
    const fn domain_digest(self) -> &'static [u8; 32] {
        match self {
            Self::P224 => &[
                0x0c, 0x1f, 0x21, 0x2a, 0x99, 0xbd, 0xfa, 0x9f, 0x26, 0x24, 0x2d, 0x77, 0x6f, 0x0a, 0xb7,
                0xb1, 0x7a, 0x55, 0x4c, 0x35, 0xb9, 0x30, 0x1f, 0x0d, 0x43, 0xaa, 0x38, 0x08, 0xb5, 0xf6,
                0x96, 0xab,
            ],
            Self::P256 => &[
                0x39, 0x64, 0x90, 0x4c, 0xaf, 0x53, 0xfd, 0x81, 0x03, 0x02, 0x3a, 0x38, 0xbb, 0xad, 0x39,
                0x51, 0x14, 0x7d, 0x59, 0xd5, 0xd3, 0x17, 0xb6, 0xc7, 0x97, 0x67, 0xc6, 0x77, 0xf5, 0xd3,
                0xbf, 0x82,
            ],
            Self::P384 => &[
                0x63, 0x40, 0xf5, 0xbf, 0xb6, 0x30, 0x74, 0x95, 0x4b, 0x13, 0x52, 0xa1, 0xcd, 0x90, 0x82,
                0x5f, 0x16, 0xfd, 0xec, 0x94, 0xbb, 0x2c, 0x7c, 0x60, 0x5b, 0x31, 0x9f, 0xc9, 0xf0, 0x28,
                0xca, 0x77,
            ],
            Self::P521 => &[
                0x60, 0x79, 0x09, 0xd1, 0xf6, 0x52, 0x29, 0xe6, 0xe8, 0x04, 0x4e, 0x3e, 0xf8, 0xe0, 0x44,
                0x96, 0xce, 0xaa, 0x02, 0x67, 0xd8, 0x20, 0xed, 0x42, 0xb5, 0x20, 0xad, 0x6e, 0x18, 0xad,
                0xb1, 0x51,
            ],
            Self::Secp256k1 => &[
                0x01, 0x1b, 0xa0, 0x05, 0x64, 0x8f, 0x36, 0xf8, 0x0c, 0x81, 0xc4, 0xec, 0xc9, 0x98, 0xd9,
                0x5c, 0xbf, 0xd1, 0xd3, 0x44, 0xe0, 0xff, 0xda, 0x06, 0x81, 0xf5, 0xa9, 0x14, 0x26, 0x33,
                0x3b, 0xe2,
            ],
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// SHA-256 over prime, a, b, base point and order of `ECParameters`, each as an OCTET STRING without leading
/// zeros.
fn domain_digest(parameters: Tlv<'_>) -> Result<digest::Digest, DerDefect> {
    let mut walk = parameters.walk();
    walk.due(der::INTEGER)?;
    let mut field = walk.due(der::SEQUENCE)?.walk();
    field.due(der::OBJECT_IDENTIFIER)?;
    let prime = field.due(der::INTEGER)?.magnitude()?;
    let mut coefficients = walk.due(der::SEQUENCE)?.walk();
    let a = coefficients.due(der::OCTET_STRING)?.content();
    let b = coefficients.due(der::OCTET_STRING)?.content();
    let base = walk.due(der::OCTET_STRING)?.content();
    let order = walk.due(der::INTEGER)?.magnitude()?;
    let numbers =
        [prime, a, b, base, order].map(|number| der::write(der::OCTET_STRING, &[der::trimmed(number)]));
    Ok(digest::digest(&digest::SHA256, &numbers.concat()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;

    use super::*;
    use crate::der::Walk;

    /// Made by `openssl ecparam -name … -param_enc explicit -no_seed -outform DER | base64`.
    const EXPLICIT: [(Curve, &str); 5] = [
        (
            Curve::P224,
            concat!(
                "MIHIAgEBMCgGByqGSM49AQECHQD/////////////////////AAAAAAAAAAAAAAABMDwEHP////////////////////",
                "7///////////////4EHLQFCoUMBLOr9UEyVlBEsLfXv9i6Jws5QyNV/7QEOQS3Dgy9a7S/fzITkLlKA8HTVsIRIjQy",
                "gNYRXB0hvTdjiLX3I/tMIt/mzUN1oFoHR2RE1YGZhQB+NAIdAP//////////////////FqLguPA+E90pRVxcKj0CAQ",
                "E="
            ),
        ),
        (
            Curve::P256,
            concat!(
                "MIHgAgEBMCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBEBCD/////AAAAAQAAAA",
                "AAAAAAAAAAAP///////////////AQgWsY12Ko6k+ez671VdpiGvGUdBrDMU7D2O848PifSYEsEQQRrF9Hy4SxCR/i8",
                "5uVjpEDydwN9gS3rM6D0oTlF2JjClk/jQuL+Gn+bjufrSnwPnhYrzjNXazFezsu2QGg3v1H1AiEA/////wAAAAD///",
                "///////7zm+q2nF56E87nKwvxjJVECAQE="
            ),
        ),
        (
            Curve::P384,
            concat!(
                "MIIBQAIBATA8BgcqhkjOPQEBAjEA//////////////////////////////////////////7/////AAAAAAAAAAD///",
                "//MGQEMP/////////////////////////////////////////+/////wAAAAAAAAAA/////AQwszEvp+I+5+SYjgVr",
                "4/gtGRgdnG7+gUESAxQIj1ATh1rGVjmNii7RnSqFyO3T7CrvBGEEqofKIr6LBTeOscce8yCtdG4dO2KLp5uYWfdB4I",
                "JUKjhVAvJdv1UpbDpUXjhydgq3NhfeSpYmLG9dnpi/kpLcKfj0Hb0omhR86doxE7XwuMAKYLHOHX6BnXpDHXyQ6g5f",
                "AjEA////////////////////////////////x2NNgfQ3Ld9YGg2ySLCneuzsGWrMxSlzAgEB"
            ),
        ),
        (
            Curve::P521,
            concat!(
                "MIIBrAIBATBNBgcqhkjOPQEBAkIB//////////////////////////////////////////////////////////////",
                "////////////////////////8wgYgEQgH/////////////////////////////////////////////////////////",
                "/////////////////////////////ARCAFGVPrlhjhyaH5KaIaC2hUDuotpyW5mzFfO4tImRjvEJ4VYZOVHsfpN7Fl",
                "LAvTuxvwc1c9+IPSw08e9FH9RrUD8ABIGFBADGhY4GtwQE6c2ePstmI5W0QpxkgTkFP7Uh+CivYGtNPbqhS1537+dZ",
                "KP4dwSei/6jeM0izwYVqQpv5fn4xwuW9ZgEYOSlqeJo7wARcil+0LH0b2Zj1RElXm0RoF6+9Fyc+ZiyX7nKZXvQmQM",
                "VQuQE/rQdhNTxwhqJywkCIvpR2n9FmUAJCAf//////////////////////////////////////////+lGGh4O/L5Zr",
                "f8wBSPcJpdA7tcm4iZxHrrtvtx6ROGQJAgEB"
            ),
        ),
        (
            Curve::Secp256k1,
            concat!(
                "MIHgAgEBMCwGByqGSM49AQECIQD////////////////////////////////////+///8LzBEBCAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAcEQQR5vmZ++dy7rFWg",
                "YpXOhwsHApv82y3OKNlZ8oFbFvgXmEg62ncmo8RlXaT7/A4RCKj9F7RIpoVUGZxH0I/7ENS4AiEA//////////////",
                "///////rqu3OavSKA7v9JejNA2QUECAQE="
            ),
        ),
    ];

    #[test]
    fn explicit_parameters_of_a_named_curve_are_recognised() {
        for (curve, base64) in EXPLICIT {
            let mut bytes = BASE64_STANDARD.decode(base64).unwrap();
            assert_eq!(Curve::from_explicit(Walk::over(&bytes).any().unwrap()), Some(curve));
            // The last byte but three belongs to the order.
            let at = bytes.len() - 4;
            bytes[at] ^= 1;
            assert_eq!(Curve::from_explicit(Walk::over(&bytes).any().unwrap()), None);
        }
    }

    #[test]
    fn object_identifiers_agree_with_their_dotted_form() {
        for curve in Curve::ALL {
            let written = der::write(der::OBJECT_IDENTIFIER, &[curve.oid_content()]);
            assert_eq!(Walk::over(&written).any().unwrap().dotted().unwrap(), curve.oid());
            assert_eq!(Curve::from_oid_content(curve.oid_content()), Some(curve));
        }
    }
}
