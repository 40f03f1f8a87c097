//! The layout of a certificate after its type name (draft-ietf-sshm-cert).

use super::{PRINCIPALS_MAX, SshCertificateFields, SshOption, SshRole};
use crate::ssh_key::{SshDefect, SshKeyKind, SshPublicKey, SshText, is_certificate_type, read_fields, text};
use crate::ssh_wire::{WireReader, printable};

/// The plain key type that a certificate type certifies, for the types whose layout is known: OpenSSH's
/// names, and the ones without a vendor's suffix of draft-ietf-sshm-cert.
pub(super) fn plain_type(certificate_type: &str) -> Option<&'static str> {
    let bare = certificate_type
        .strip_suffix("-cert-v01@openssh.com")
        .or_else(|| certificate_type.strip_suffix("-cert"))?;
    Some(match bare {
        "ecdsa-sha2-nistp256" => "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384" => "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521" => "ecdsa-sha2-nistp521",
        "sk-ecdsa-sha2-nistp256" => "sk-ecdsa-sha2-nistp256@openssh.com",
        "sk-ssh-ed25519" => "sk-ssh-ed25519@openssh.com",
        "ssh-dss" => "ssh-dss",
        "ssh-ed25519" => "ssh-ed25519",
        "ssh-rsa" => "ssh-rsa",
        _ => return None,
    })
}

/// Reads what follows the type name, to the end. Defects hold offsets for columns.
pub(super) fn read(plain: &str, mut reader: WireReader<'_>) -> Result<SshCertificateFields, SshDefect> {
    let nonce = reader.string()?.to_vec();
    let key_start = reader;
    let key_fields = read_fields(plain, &mut reader)?;
    let public_key = SshPublicKey::from_fields(plain, key_start.until(&reader), key_fields);
    let serial = reader.u64()?;
    let role = role(&mut reader)?;
    let key_id = text(&mut reader)?;
    let principals = principals(reader.nested()?)?;
    let valid_after = reader.u64()?;
    let valid_before = reader.u64()?;
    let critical_options = options(reader.nested()?)?;
    let extensions = options(reader.nested()?)?;
    let reserved = reader.string()?.to_vec();
    let authority_key = authority_key(&mut reader)?;
    let signed_len = reader.offset();
    let signature = reader.string()?.to_vec();
    if !reader.is_empty() {
        return Err(SshDefect::TrailingBytes { column: reader.offset(), count: reader.remaining() });
    }
    Ok(SshCertificateFields {
        nonce,
        public_key,
        serial,
        role,
        key_id,
        principals,
        valid_after,
        valid_before,
        critical_options,
        extensions,
        reserved,
        authority_key,
        signature,
        signed_len,
    })
}

fn role(reader: &mut WireReader<'_>) -> Result<SshRole, SshDefect> {
    let column = reader.offset();
    match reader.u32()? {
        1 => Ok(SshRole::User),
        2 => Ok(SshRole::Host),
        found => Err(SshDefect::Role { column, found }),
    }
}

fn principals(mut reader: WireReader<'_>) -> Result<Vec<SshText>, SshDefect> {
    let mut principals = Vec::new();
    while !reader.is_empty() {
        if principals.len() == PRINCIPALS_MAX {
            return Err(SshDefect::TooManyPrincipals { column: reader.offset() });
        }
        principals.push(text(&mut reader)?);
    }
    Ok(principals)
}

fn options(mut reader: WireReader<'_>) -> Result<Vec<SshOption>, SshDefect> {
    let mut options = Vec::new();
    while !reader.is_empty() {
        let column = reader.offset();
        let mut string = || reader.string().map_err(|_| SshDefect::OptionsMalformed { column });
        let (name, value) = (string()?.to_vec(), string()?.to_vec());
        options.push(SshOption { name, value });
    }
    Ok(options)
}

/// The authority's key: of a type that OpenSSH signs with, and not itself a certificate.
fn authority_key(reader: &mut WireReader<'_>) -> Result<SshPublicKey, SshDefect> {
    let column = reader.offset();
    let blob = reader.string()?;
    let name = WireReader::over(blob).string().unwrap_or_default();
    if std::str::from_utf8(name).is_ok_and(is_certificate_type) {
        return Err(SshDefect::AuthorityKeyIsCertificate { column });
    }
    match SshPublicKey::from_blob(blob) {
        Ok(key) if !matches!(key.kind(), SshKeyKind::Dss { .. } | SshKeyKind::Other) => Ok(key),
        _ => Err(SshDefect::AuthorityKey { column, name: printable(name) }),
    }
}
