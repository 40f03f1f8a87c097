//! How encrypted keys say they are encrypted: PKCS #8 with PKCS #5 or PKCS #12 schemes, and PEM headers.

use super::{PrivateKeyState, Unreadable};
use crate::der::{self, DerDefect, Tlv, Walk};
use crate::key::algorithm;

/// The ciphers OpenSSL writes into `DEK-Info`.
const LEGACY_CIPHERS: [&str; 11] = [
    "AES-128-CBC",
    "AES-192-CBC",
    "AES-256-CBC",
    "ARIA-256-CBC",
    "BF-CBC",
    "CAMELLIA-128-CBC",
    "CAMELLIA-192-CBC",
    "CAMELLIA-256-CBC",
    "DES-CBC",
    "DES-EDE3-CBC",
    "RC2-CBC",
];

/// The encryption that PEM headers announce (RFC 1421 §4.6.1.1 and §4.6.1.3, as OpenSSL writes them), if they
/// do.
pub(super) fn legacy_scheme(headers: &[(&str, &str)]) -> Option<String> {
    let value = |name: &str| {
        headers
            .iter()
            .find(|(header, _)| header.trim().eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    };
    let announced = value("Proc-Type")
        .is_some_and(|value| value.split(',').any(|word| word.trim().eq_ignore_ascii_case("ENCRYPTED")));
    match value("DEK-Info") {
        Some(dek_info) => {
            let cipher = dek_info.split(',').next().unwrap_or_default().trim();
            // Only what is surely the name of a cipher is repeated: anything may stand in a header.
            let known = LEGACY_CIPHERS.iter().find(|known| known.eq_ignore_ascii_case(cipher));
            Some(known.map_or_else(
                || "legacy PEM encryption".to_owned(),
                |name| format!("legacy PEM encryption, {name}"),
            ))
        }
        None => announced.then(|| "legacy PEM encryption".to_owned()),
    }
}

/// Reads an `EncryptedPrivateKeyInfo` (RFC 5208 §6, RFC 5958 §3), all of `bytes`.
pub(super) fn read(bytes: &[u8]) -> PrivateKeyState {
    let outer = || identifier(&mut Walk::only_sequence(bytes)?);
    match outer() {
        Ok((oid, parameters)) => {
            let unreadable = |_| format!("{}, unreadable parameters", named(&oid, password_scheme_name));
            let scheme = scheme(&oid, parameters).unwrap_or_else(unreadable);
            PrivateKeyState::Encrypted { scheme, public: None }
        }
        Err(defect) => Unreadable::from(defect).into(),
    }
}

fn identifier<'a>(walk: &mut Walk<'a>) -> Result<(String, Option<Tlv<'a>>), DerDefect> {
    let algorithm = algorithm(walk)?;
    Ok((algorithm.dotted()?, algorithm.parameters()))
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

fn named(oid: &str, names: fn(&str) -> Option<&'static str>) -> String {
    names(oid).unwrap_or(oid).to_owned()
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
fn prf_name(oid: &str) -> Option<&'static str> {
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

/// Ciphers of PBES2 (RFC 8018 §B.2, RFC 3565 §4.1, RFC 5084 §3.2).
fn cipher_name(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "1.2.840.113549.3.2" => "RC2-CBC",
        "1.2.840.113549.3.7" => "DES-EDE3-CBC",
        "1.3.14.3.2.7" => "DES-CBC",
        "2.16.840.1.101.3.4.1.2" => "AES-128-CBC",
        "2.16.840.1.101.3.4.1.6" => "AES-128-GCM",
        "2.16.840.1.101.3.4.1.22" => "AES-192-CBC",
        "2.16.840.1.101.3.4.1.26" => "AES-192-GCM",
        "2.16.840.1.101.3.4.1.42" => "AES-256-CBC",
        "2.16.840.1.101.3.4.1.46" => "AES-256-GCM",
        _ => return None,
    })
}

/// PBES2 (RFC 8018 §A.4), whose parameters name the parts.
const PBES2: &str = "1.2.840.113549.1.5.13";

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
