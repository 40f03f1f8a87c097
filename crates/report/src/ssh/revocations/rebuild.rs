//! From JSON back to the list.

use std::{error, fmt};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use certgate_sign::krl::{
    self, CertificateSection, CertificateSubsection, Header, HeaderError, RevocationList, RevocationListError,
};

use super::octets::{KeyBlob, Octets, from_base64};
use super::v1::{Extension, List, Section, Subsection, ranges};
use crate::moment::moment;

/// Why JSON is not a list.
#[derive(Debug)]
#[non_exhaustive]
pub enum RebuildError {
    /// Not JSON, or not of this shape.
    Json(serde_json::Error),
    /// The header cannot be.
    Header(HeaderError),
    /// The sections do not make a list.
    List(RevocationListError),
    /// A value that is not what its field holds, or that differs from what another says.
    Value {
        /// The field, with the numbers of sections and parts from 0: `sections[2].keys[0]`.
        path: String,
        /// What it should be.
        due: &'static str,
    },
}

impl fmt::Display for RebuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not the JSON of a key revocation list: {error}"),
            Self::Header(error) => error.fmt(f),
            Self::List(error) => write!(f, "the list that this makes cannot be read: {error}"),
            Self::Value { path, due } => write!(f, "{path} is not {due}"),
        }
    }
}

impl error::Error for RebuildError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Json(error) => Some(error),
            Self::Header(error) => Some(error),
            Self::List(error) => Some(error),
            Self::Value { .. } => None,
        }
    }
}

type Rebuilt<T> = Result<T, RebuildError>;

const BASE64: &str = "base64";
const NUMBER: &str = "a number in decimal, as a text";
const KEY: &str = "a key in base64, of the type and with the fingerprint beside it";

/// What was looked for, or an error with its path.
fn due<T>(value: Option<T>, path: impl FnOnce() -> String, due: &'static str) -> Rebuilt<T> {
    value.ok_or_else(|| RebuildError::Value { path: path(), due })
}

pub(super) fn list(list: &List) -> Rebuilt<RevocationList> {
    if list.version != 1 {
        return Err(RebuildError::Value { path: "version".to_owned(), due: "1" });
    }
    let field = |name: &'static str| move || name.to_owned();
    let generated_at = due(number(&list.generated_at_secs), field("generated_at_secs"), NUMBER)?;
    if list.generated_at.as_ref().is_some_and(|said| *said != moment(generated_at)) {
        return Err(RebuildError::Value {
            path: "generated_at".to_owned(),
            due: "the time in generated_at_secs",
        });
    }
    let header = Header::of_fields(
        due(number(&list.krl_version), field("krl_version"), NUMBER)?,
        generated_at,
        due(number(&list.flags), field("flags"), NUMBER)?,
        &due(list.reserved.bytes(), field("reserved"), BASE64)?,
        &due(list.comment.bytes(), field("comment"), BASE64)?,
    )
    .map_err(RebuildError::Header)?;
    let sections: Rebuilt<Vec<_>> = list
        .sections
        .iter()
        .enumerate()
        .map(|(index, of)| section(of, &format!("sections[{index}]")))
        .collect();
    RevocationList::of_sections(header, sections?).map_err(RebuildError::List)
}

/// A number in decimal, written as it would be.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// Every element, with its place.
fn each<T, U>(
    path: &str,
    field: &str,
    of: &[T],
    what: &'static str,
    read: impl Fn(&T) -> Option<U>,
) -> Rebuilt<Vec<U>> {
    let element = |(index, of): (usize, &T)| due(read(of), || format!("{path}.{field}[{index}]"), what);
    of.iter().enumerate().map(element).collect()
}

fn section(section: &Section, path: &str) -> Rebuilt<krl::Section> {
    let at = |field: &'static str| move || format!("{path}.{field}");
    let boxed = |text: &str, field| due(from_base64(text), at(field), BASE64).map(Vec::into_boxed_slice);
    Ok(match section {
        Section::Certificates { authority, reserved, subsections } => {
            let authority = match authority {
                Some(key) => due(key.bytes().filter(|key| !key.is_empty()), at("authority"), KEY)?,
                None => Vec::new(),
            };
            let reserved = due(reserved.bytes(), at("reserved"), BASE64)?;
            let parts = subsections.iter().enumerate();
            let parts: Rebuilt<Vec<_>> =
                parts.map(|(index, of)| subsection(of, &format!("{path}.subsections[{index}]"))).collect();
            krl::Section::Certificates(CertificateSection::new(&authority, &reserved, parts?))
        }
        Section::Keys { keys } => {
            let key = |key: &KeyBlob| key.bytes().map(Vec::into_boxed_slice);
            krl::Section::Keys(each(path, "keys", keys, KEY, key)?)
        }
        Section::Sha1 { fingerprints } => {
            let sum = |text: &String| sum(text, "SHA1:");
            krl::Section::Sha1(each(
                path,
                "fingerprints",
                fingerprints,
                "`SHA1:` and base64 of 20 bytes",
                sum,
            )?)
        }
        Section::Sha256 { fingerprints } => {
            let sum = |text: &String| sum(text, "SHA256:");
            let what = "`SHA256:` and base64 of 32 bytes";
            krl::Section::Sha256(each(path, "fingerprints", fingerprints, what, sum)?)
        }
        Section::Signature { key, signature } => {
            krl::Section::Signature { key: boxed(key, "key")?, signature: boxed(signature, "signature")? }
        }
        Section::Extension(of) => krl::Section::Extension(extension(of, path)?),
        Section::Unknown { number, body } => {
            krl::Section::Unknown { kind: *number, body: boxed(body, "body")? }
        }
    })
}

fn subsection(subsection: &Subsection, path: &str) -> Rebuilt<CertificateSubsection> {
    let at = |field: &'static str| move || format!("{path}.{field}");
    let boxed = |text: &str, field| due(from_base64(text), at(field), BASE64).map(Vec::into_boxed_slice);
    Ok(match subsection {
        Subsection::SerialList { serials } => {
            CertificateSubsection::SerialList(each(path, "serials", serials, NUMBER, |text| number(text))?)
        }
        Subsection::SerialRange { first, last } => CertificateSubsection::SerialRange {
            first: due(number(first), at("first"), NUMBER)?,
            last: due(number(last), at("last"), NUMBER)?,
        },
        Subsection::SerialBitmap { offset, bits, serials } => {
            let offset = due(number(offset), at("offset"), NUMBER)?;
            let bitmap = CertificateSubsection::SerialBitmap { offset, bits: boxed(bits, "bits")? };
            if serials.as_ref().is_some_and(|said| *said != ranges(&bitmap.serials())) {
                return Err(RebuildError::Value { path: at("serials")(), due: "what the bits say" });
            }
            bitmap
        }
        Subsection::KeyIds { key_ids } => {
            let id = |id: &Octets| id.bytes().map(Vec::into_boxed_slice);
            CertificateSubsection::KeyIds(each(path, "key_ids", key_ids, BASE64, id)?)
        }
        Subsection::Extension(of) => CertificateSubsection::Extension(extension(of, path)?),
        Subsection::Unknown { number, body } => {
            CertificateSubsection::Unknown { kind: *number, body: boxed(body, "body")? }
        }
    })
}

fn extension(extension: &Extension, path: &str) -> Rebuilt<krl::Extension> {
    let name = due(extension.name.bytes(), || format!("{path}.name"), BASE64)?;
    let contents = due(from_base64(&extension.contents), || format!("{path}.contents"), BASE64)?;
    Ok(krl::Extension::new(&name, extension.critical, &contents))
}

fn sum<const BYTES: usize>(text: &str, name: &str) -> Option<[u8; BYTES]> {
    BASE64_STANDARD_NO_PAD.decode(text.strip_prefix(name)?).ok()?.try_into().ok()
}
