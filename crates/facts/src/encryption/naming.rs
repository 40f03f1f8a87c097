//! Schemes of encryption, in words.

use crate::der::{self, DerDefect, Tlv, Walk};
use crate::key::{AlgorithmIdentifier, algorithm};

fn identifier<'a>(walk: &mut Walk<'a>) -> Result<(String, Option<Tlv<'a>>), DerDefect> {
    let algorithm = algorithm(walk)?;
    Ok((algorithm.dotted()?, algorithm.parameters()))
}

/// A scheme in words: the key derivation with its cost, and the cipher.
pub(crate) fn in_words(algorithm: AlgorithmIdentifier<'_>) -> String {
    let Ok(oid) = algorithm.dotted() else { return "an unreadable scheme".to_owned() };
    let unreadable = |_| format!("{}, unreadable parameters", named(&oid, password_scheme_name));
    scheme(&oid, algorithm.parameters()).unwrap_or_else(unreadable)
}

/// A scheme in words. An algorithm that is not known, or whose parameters are not as they should be, is named
/// as far as possible.
fn scheme(oid: &str, parameters: Option<Tlv<'_>>) -> Result<String, DerDefect> {
    if oid == PBES2 {
        let Some(parameters) = parameters else {
            return Ok("PBES2".to_owned());
        };
        let mut walk = parameters.walk();
        let (derivation, derivation_parameters) = identifier(&mut walk)?;
        let (cipher, _) = identifier(&mut walk)?;
        let derivation = derivation_name(&derivation, derivation_parameters)?;
        return Ok(format!("PBES2, {derivation}, {}", named(&cipher, cipher_name)));
    }
    let Some(name) = password_scheme_name(oid) else {
        return Ok(oid.to_owned());
    };
    Ok(match parameters.map(iterations_after_salt) {
        Some(Ok(iterations)) => format!("{name} ({iterations} iterations)"),
        _ => name.to_owned(),
    })
}

pub(super) fn named<Name: Into<String>>(oid: &str, names: fn(&str) -> Option<Name>) -> String {
    names(oid).map_or_else(|| oid.to_owned(), Name::into)
}

/// The iteration count of `PBEParameter` (RFC 8018 §A.3) and `pkcs-12PbeParams` (RFC 7292 §C).
fn iterations_after_salt(parameters: Tlv<'_>) -> Result<u64, DerDefect> {
    let mut walk = parameters.walk();
    walk.due(der::OCTET_STRING)?;
    walk.due(der::INTEGER)?.small()
}

/// A key derivation of PBES2 with its cost: PBKDF2 (RFC 8018 §A.2) or scrypt (RFC 7914 §7).
fn derivation_name(oid: &str, parameters: Option<Tlv<'_>>) -> Result<String, DerDefect> {
    let (name, Some(parameters)) = (
        match oid {
            "1.2.840.113549.1.5.12" => "PBKDF2",
            "1.3.6.1.4.1.11591.4.11" => "scrypt",
            other => return Ok(other.to_owned()),
        },
        parameters,
    ) else {
        return Ok(oid.to_owned());
    };
    let mut walk = parameters.walk();
    walk.any()?;
    let cost = walk.due(der::INTEGER)?.small()?;
    if name == "scrypt" {
        let block = walk.due(der::INTEGER)?.small()?;
        let parallel = walk.due(der::INTEGER)?.small()?;
        return Ok(format!("scrypt (N {cost}, r {block}, p {parallel})"));
    }
    walk.optional(der::INTEGER)?;
    let prf = match walk.next_tag() {
        Some(_) => named(&identifier(&mut walk)?.0, prf_name),
        None => "HMAC-SHA-1".to_owned(),
    };
    Ok(format!("PBKDF2 with {prf} ({cost} iterations)"))
}

/// Pseudorandom functions of PBKDF2 (RFC 8018 §B.1).
pub(super) fn prf_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.113549.2.7" => "HMAC-SHA-1",
        "1.2.840.113549.2.8" => "HMAC-SHA-224",
        "1.2.840.113549.2.9" => "HMAC-SHA-256",
        "1.2.840.113549.2.10" => "HMAC-SHA-384",
        "1.2.840.113549.2.11" => "HMAC-SHA-512",
        "1.2.840.113549.2.12" => "HMAC-SHA-512/224",
        "1.2.840.113549.2.13" => "HMAC-SHA-512/256",
        _ => return None,
    })
}

/// Ciphers of PBES2 (RFC 8018 §B.2, RFC 3565 §4.1, RFC 5084 §3.2), and others that openssl offers.
pub(super) fn cipher_name(oid: &str) -> Option<String> {
    let name = match oid {
        "1.2.392.200011.61.1.1.1.2" => "CAMELLIA-128-CBC",
        "1.2.392.200011.61.1.1.1.3" => "CAMELLIA-192-CBC",
        "1.2.392.200011.61.1.1.1.4" => "CAMELLIA-256-CBC",
        "1.2.643.2.2.21" => "GOST 28147-89",
        "1.2.840.113533.7.66.10" => "CAST5-CBC",
        "1.2.840.113549.3.2" => "RC2-CBC",
        "1.2.840.113549.3.4" => "RC4",
        "1.2.840.113549.3.7" => "DES-EDE3-CBC",
        "1.3.14.3.2.17" => "DES-EDE",
        "1.3.6.1.4.1.3029.1.2" => "BF-CBC",
        _ => return FAMILIES.iter().find_map(|family| family.name(oid)),
    };
    Some(name.to_owned())
}

/// Ciphers whose modes are numbered from 1, those of the next size of key behind those of the one before.
struct Family {
    prefix: &'static str,
    names: &'static [&'static str],
    stride: usize,
    modes: &'static [&'static str],
}

const FAMILIES: [Family; 6] = [
    Family {
        prefix: "2.16.840.1.101.3.4.1.",
        names: &["AES-128", "AES-192", "AES-256"],
        stride: 20,
        modes: &["ECB", "CBC", "OFB", "CFB", "WRAP", "GCM", "CCM", "WRAP-PAD"],
    },
    Family {
        prefix: "1.2.410.200046.1.1.",
        names: &["ARIA-128", "ARIA-192", "ARIA-256"],
        stride: 5,
        modes: &["ECB", "CBC", "CFB", "OFB", "CTR"],
    },
    Family {
        prefix: "0.3.4401.5.3.1.9.",
        names: &["CAMELLIA-128", "CAMELLIA-192", "CAMELLIA-256"],
        stride: 20,
        modes: &["ECB", "", "OFB", "CFB", "", "GCM", "CCM", "", "CTR"],
    },
    Family {
        prefix: "1.2.410.200004.1.",
        names: &["SEED"],
        stride: 20,
        modes: &["", "", "ECB", "CBC", "CFB", "OFB"],
    },
    Family {
        prefix: "1.3.14.3.2.",
        names: &["DES"],
        stride: 20,
        modes: &["", "", "", "", "", "ECB", "CBC", "OFB", "CFB"],
    },
    Family {
        prefix: "1.2.156.10197.1.104.",
        names: &["SM4"],
        stride: 20,
        modes: &["ECB", "CBC", "OFB", "CFB", "", "", "CTR", "GCM"],
    },
];

impl Family {
    fn name(&self, oid: &str) -> Option<String> {
        let number: usize = oid.strip_prefix(self.prefix)?.parse().ok()?;
        let from_0 = number.checked_sub(1)?;
        let mode = self.modes.get(from_0 % self.stride).filter(|mode| !mode.is_empty())?;
        Some(format!("{}-{mode}", self.names.get(from_0 / self.stride)?))
    }
}

/// PBES2 (RFC 8018 §A.4), whose parameters name the parts.
pub(super) const PBES2: &str = "1.2.840.113549.1.5.13";

/// Schemes that fix derivation and cipher together: PBES1 (RFC 8018 §A.3) and those of PKCS #12 (RFC 7292
/// §C).
fn password_scheme_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.113549.1.5.1" => "PBES1, MD2 with DES-CBC",
        "1.2.840.113549.1.5.3" => "PBES1, MD5 with DES-CBC",
        "1.2.840.113549.1.5.4" => "PBES1, MD2 with RC2-CBC",
        "1.2.840.113549.1.5.6" => "PBES1, MD5 with RC2-CBC",
        "1.2.840.113549.1.5.10" => "PBES1, SHA-1 with DES-CBC",
        "1.2.840.113549.1.5.11" => "PBES1, SHA-1 with RC2-CBC",
        PBES2 => "PBES2",
        "1.2.840.113549.1.12.1.1" => "PKCS#12 PBE, SHA-1 with 128-bit RC4",
        "1.2.840.113549.1.12.1.2" => "PKCS#12 PBE, SHA-1 with 40-bit RC4",
        "1.2.840.113549.1.12.1.3" => "PKCS#12 PBE, SHA-1 with three-key DES-EDE3-CBC",
        "1.2.840.113549.1.12.1.4" => "PKCS#12 PBE, SHA-1 with two-key DES-EDE3-CBC",
        "1.2.840.113549.1.12.1.5" => "PKCS#12 PBE, SHA-1 with 128-bit RC2-CBC",
        "1.2.840.113549.1.12.1.6" => "PKCS#12 PBE, SHA-1 with 40-bit RC2-CBC",
        _ => return None,
    })
}
