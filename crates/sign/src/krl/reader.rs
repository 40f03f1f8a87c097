//! Bytes to revocation lists.

use certgate_facts::{SshCertificate, SshDefect, SshPublicKey};

use super::defect::RevocationListError;
use super::section::{CertificateSection, CertificateSubsection, Extension, Section};
use super::wire::{Wire, kind};
use super::{
    BITMAP_BITS_MAX, FORMAT, Header, REVOCATION_LIST_BYTES_MAX, REVOCATION_LIST_ENTRIES_MAX,
    REVOCATION_LIST_MAGIC, RevocationList,
};

type Read<T> = Result<T, RevocationListError>;

/// Counts entries, so that few bytes cannot take much memory.
struct Budget {
    left: usize,
}

impl Budget {
    fn spend(&mut self, entries: usize, offset: usize) -> Read<()> {
        self.left = self.left.checked_sub(entries).ok_or(RevocationListError::TooManyEntries { offset })?;
        Ok(())
    }
}

pub(super) fn list(bytes: &[u8]) -> Read<RevocationList> {
    if bytes.len() > REVOCATION_LIST_BYTES_MAX {
        return Err(RevocationListError::TooLarge { bytes: bytes.len() });
    }
    let mut wire = Wire::over(bytes);
    if wire.take::<8>() != Ok(REVOCATION_LIST_MAGIC) {
        return Err(RevocationListError::NotRevocationList);
    }
    match wire.u32()? {
        FORMAT => {}
        found => return Err(RevocationListError::Format { found }),
    }
    let header = Header {
        version: wire.u64()?,
        generated_at: wire.u64()?,
        flags: wire.u64()?,
        reserved: wire.string()?.into(),
        comment: wire.text()?.into(),
    };
    let mut budget = Budget { left: REVOCATION_LIST_ENTRIES_MAX };
    let mut sections = Vec::new();
    while !wire.is_empty() {
        budget.spend(1, wire.offset())?;
        sections.push(section(&mut wire, &mut budget)?);
    }
    Ok(RevocationList { header, sections })
}

fn section(wire: &mut Wire<'_>, budget: &mut Budget) -> Read<Section> {
    let kind = wire.u8()?;
    let body = wire.nested()?;
    match kind {
        kind::CERTIFICATES => certificates(body, budget).map(Section::Certificates),
        kind::KEYS => entries(body, budget, |wire| wire.string().map(Into::into)).map(Section::Keys),
        kind::SHA1 => entries(body, budget, hash).map(Section::Sha1),
        kind::SHA256 => entries(body, budget, hash).map(Section::Sha256),
        kind::SIGNATURE => {
            let signature = wire.string()?.into();
            Ok(Section::Signature { key: body.remainder().into(), signature })
        }
        kind::EXTENSION => extension(body).map(Section::Extension),
        kind => Ok(Section::Unknown { kind, body: body.remainder().into() }),
    }
}

/// Entries up to the end of a section.
fn entries<'a, T>(
    mut body: Wire<'a>,
    budget: &mut Budget,
    mut read: impl FnMut(&mut Wire<'a>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut found = Vec::new();
    while !body.is_empty() {
        budget.spend(1, body.offset())?;
        found.push(read(&mut body)?);
    }
    Ok(found)
}

fn hash<const BYTES: usize>(wire: &mut Wire<'_>) -> Read<[u8; BYTES]> {
    let offset = wire.offset();
    let bytes = wire.string()?;
    bytes.try_into().map_err(|_| RevocationListError::HashLength { offset, found: bytes.len() })
}

/// An extension, and nothing after it.
fn extension(mut body: Wire<'_>) -> Read<Extension> {
    let (name, critical, contents) = (body.string()?.into(), body.u8()?, body.string()?.into());
    body.end()?;
    Ok(Extension { name, critical, contents })
}

fn certificates(mut body: Wire<'_>, budget: &mut Budget) -> Read<CertificateSection> {
    let offset = body.offset();
    let authority_key = body.string()?;
    if !authority_key.is_empty() {
        key_or_certificate(authority_key)
            .map_err(|defect| RevocationListError::AuthorityKey { offset, defect })?;
    }
    let reserved = body.string()?.into();
    let mut subsections = Vec::new();
    while !body.is_empty() {
        budget.spend(1, body.offset())?;
        subsections.push(subsection(&mut body, budget)?);
    }
    Ok(CertificateSection { authority_key: authority_key.into(), reserved, subsections })
}

/// Whether the bytes can be read at all: a certificate is no authority, but OpenSSH reads it.
fn key_or_certificate(blob: &[u8]) -> Result<(), SshDefect> {
    match SshPublicKey::from_blob(blob) {
        Err(SshDefect::IsCertificate { .. }) => SshCertificate::from_blob(blob).map(|_| ()),
        other => other.map(|_| ()),
    }
}

fn subsection(wire: &mut Wire<'_>, budget: &mut Budget) -> Read<CertificateSubsection> {
    let kind = wire.u8()?;
    let body = wire.nested()?;
    match kind {
        kind::SERIAL_LIST => entries(body, budget, serial).map(CertificateSubsection::SerialList),
        kind::SERIAL_RANGE => range(body),
        kind::SERIAL_BITMAP => bitmap(body, budget),
        kind::KEY_IDS => {
            entries(body, budget, |wire| wire.text().map(Into::into)).map(CertificateSubsection::KeyIds)
        }
        kind::CERTIFICATE_EXTENSION => extension(body).map(CertificateSubsection::Extension),
        kind => Ok(CertificateSubsection::Unknown { kind, body: body.remainder().into() }),
    }
}

fn serial(wire: &mut Wire<'_>) -> Read<u64> {
    let offset = wire.offset();
    match wire.u64()? {
        0 => Err(RevocationListError::SerialZero { offset }),
        serial => Ok(serial),
    }
}

fn range(mut body: Wire<'_>) -> Read<CertificateSubsection> {
    let offset = body.offset();
    let (first, last) = (serial(&mut body)?, body.u64()?);
    body.end()?;
    if last < first {
        return Err(RevocationListError::RangeInverted { offset });
    }
    Ok(CertificateSubsection::SerialRange { first, last })
}

fn bitmap(mut body: Wire<'_>, budget: &mut Budget) -> Read<CertificateSubsection> {
    let first = body.u64()?;
    let offset = body.offset();
    let bits = body.string()?;
    body.end()?;
    if bits.first().is_some_and(|byte| *byte >= 0x80) {
        return Err(RevocationListError::BitmapNegative { offset });
    }
    if bits.len() > BITMAP_BITS_MAX / 8 + 1 || (bits.len() > BITMAP_BITS_MAX / 8 && bits.first() != Some(&0))
    {
        return Err(RevocationListError::BitmapTooLong { offset });
    }
    if let Some(highest) = highest_bit(bits) {
        if first.checked_add(highest).is_none() {
            return Err(RevocationListError::BitmapOverflows { offset });
        }
        if first == 0 && bits.last().is_some_and(|byte| byte & 1 == 1) {
            return Err(RevocationListError::SerialZero { offset });
        }
    }
    budget.spend(runs_at_most(bits), offset)?;
    Ok(CertificateSubsection::SerialBitmap { offset: first, bits: bits.into() })
}

/// The number of the highest bit that is set, from 0; nothing if none is.
fn highest_bit(bits: &[u8]) -> Option<u64> {
    let zeros = bits.iter().take_while(|byte| **byte == 0).count();
    let top = bits.get(zeros)?;
    let below = u64::try_from(bits.len() - zeros - 1).ok()?;
    Some(below * 8 + u64::from(top.ilog2()))
}

/// How many runs of set bits there are, counted a byte at a time and so perhaps too many.
fn runs_at_most(bits: &[u8]) -> usize {
    let runs = |byte: u8| usize::try_from((byte & !(byte << 1)).count_ones()).unwrap_or(8);
    bits.iter().map(|byte| runs(*byte)).sum()
}
