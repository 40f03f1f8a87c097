//! Distinguished names (RFC 5280 §4.1.2.4).

use std::fmt;

use x509_parser::asn1_rs::{Any, Tag};
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

/// A subject or issuer: its attributes in certificate order, and the DER they came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    der: Vec<u8>,
    attributes: Vec<Attribute>,
    /// How many attributes each relative distinguished name has: nearly always one.
    relative_lengths: Vec<usize>,
}

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Object identifier in dotted decimal, such as `2.5.4.3`.
    pub oid: String,
    /// The value as text; of a value that is no text, its bytes in hexadecimal behind a `#`.
    pub value: String,
}

/// Attribute types with the short names of RFC 4519 and RFC 2985.
const SHORT_NAMES: [(&str, &str); 11] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

/// An attribute whose bytes do not fit its string type.
pub(crate) struct BadString {
    pub(crate) oid: String,
}

impl Name {
    pub(crate) fn read(name: &X509Name<'_>) -> Result<Self, BadString> {
        let bad = name.iter_attributes().find(|attribute| read_string(attribute.attr_value()).is_none());
        match bad {
            Some(attribute) => Err(BadString { oid: attribute.attr_type().to_id_string() }),
            None => Ok(Self::read_as_it_stands(name)),
        }
    }

    /// Of bytes that do not fit their string type, the bytes in hexadecimal.
    pub(crate) fn read_as_it_stands(name: &X509Name<'_>) -> Self {
        let attribute = |attribute: &AttributeTypeAndValue<'_>| Attribute {
            oid: attribute.attr_type().to_id_string(),
            value: read_string(attribute.attr_value()).unwrap_or_else(|| in_hex(attribute.attr_value())),
        };
        Self {
            der: name.as_raw().to_vec(),
            attributes: name.iter_attributes().map(attribute).collect(),
            relative_lengths: name.iter_rdn().map(|relative| relative.iter().count()).collect(),
        }
    }

    /// The DER of the whole name; two names are the same to path building when their bytes are.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Attributes in certificate order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The first value of an attribute, by short name such as `CN`.
    #[must_use]
    pub fn first(&self, short_name: &str) -> Option<&str> {
        let (oid, _) = SHORT_NAMES.iter().find(|(_, name)| *name == short_name)?;
        self.attributes
            .iter()
            .find(|attribute| attribute.oid == *oid)
            .map(|attribute| attribute.value.as_str())
    }

    /// Whether this name lies in the subtree under `tree` (RFC 5280 §4.2.1.10): it begins with the same relative names,
    /// their values compared without regard to string type, case of ASCII letters and repeated white space (§7.1).
    #[must_use]
    pub fn is_within(&self, tree: &Self) -> bool {
        let (mut ours, mut theirs) = (self.relative_names(), tree.relative_names());
        theirs.all(|theirs| ours.next().is_some_and(|ours| ours == theirs))
    }

    /// The relative distinguished names from the top, each as the sorted set of what is compared.
    fn relative_names(&self) -> impl Iterator<Item = Vec<(&str, String)>> {
        let mut rest = self.attributes.as_slice();
        self.relative_lengths.iter().map(move |length| {
            let (relative, others) = rest.split_at((*length).min(rest.len()));
            rest = others;
            let mut relative: Vec<_> = relative
                .iter()
                .map(|attribute| (attribute.oid.as_str(), compared(&attribute.value)))
                .collect();
            relative.sort_unstable();
            relative
        })
    }

    /// The common name, or where there is none the whole name: what people call the certificate.
    #[must_use]
    pub fn title(&self) -> String {
        self.first("CN").map_or_else(|| self.to_string(), str::to_owned)
    }
}

impl fmt::Display for Name {
    /// Attributes in certificate order, `CN=example.com, O=Example`; values stand as they are, unescaped.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attributes.is_empty() {
            return formatter.write_str("(empty name)");
        }
        for (index, attribute) in self.attributes.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let short_name = SHORT_NAMES.iter().find(|(oid, _)| *oid == attribute.oid);
            let kind = short_name.map_or(attribute.oid.as_str(), |(_, name)| name);
            write!(formatter, "{separator}{kind}={}", attribute.value)?;
        }
        Ok(())
    }
}

/// The text of a string value, as it stands: whoever shows it takes care of control characters.
fn read_string(value: &Any<'_>) -> Option<String> {
    let text = match value.tag() {
        Tag::Utf8String => std::str::from_utf8(value.data).ok()?.to_owned(),
        Tag::Ia5String | Tag::NumericString | Tag::VisibleString => ascii(value.data)?,
        Tag::PrintableString => ascii(value.data).filter(|text| text.bytes().all(is_printable))?,
        Tag::T61String => value.data.iter().map(|byte| char::from(*byte)).collect(),
        Tag::BmpString => {
            let (pairs, rest) = value.data.as_chunks::<2>();
            if !rest.is_empty() {
                return None;
            }
            char::decode_utf16(pairs.iter().map(|pair| u16::from_be_bytes(*pair)))
                .map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        Tag::UniversalString => {
            let (quads, rest) = value.data.as_chunks::<4>();
            if !rest.is_empty() {
                return None;
            }
            quads
                .iter()
                .map(|quad| char::from_u32(u32::from_be_bytes(*quad)).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect()
        }
        _ => in_hex(value),
    };
    Some(text)
}

fn in_hex(value: &Any<'_>) -> String {
    format!("#{}", crate::hex(value.data))
}

/// A value as RFC 5280 §7.1 compares it: without regard to case and to how much white space there is.
fn compared(value: &str) -> String {
    value.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

fn ascii(bytes: &[u8]) -> Option<String> {
    bytes.is_ascii().then(|| String::from_utf8_lossy(bytes).into_owned())
}

/// The characters of PrintableString, and the `*` and `&` that issuers put there and readers, Go's too, let pass.
fn is_printable(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(relative: &[&[(&str, &str)]]) -> Name {
        let attribute =
            |(oid, value): &(&str, &str)| Attribute { oid: (*oid).to_owned(), value: (*value).to_owned() };
        Name {
            der: Vec::new(),
            attributes: relative.iter().copied().flatten().map(attribute).collect(),
            relative_lengths: relative.iter().map(|relative| relative.len()).collect(),
        }
    }

    #[test]
    fn a_name_lies_under_its_beginnings() {
        let ours = name(&[&[("2.5.4.6", "CH")], &[("2.5.4.10", "Example  Gates"), ("2.5.4.11", "x")]]);
        assert!(ours.is_within(&name(&[])));
        assert!(ours.is_within(&name(&[&[("2.5.4.6", "ch")]])));
        assert!(ours.is_within(&ours));
        // Within one relative name the order does not count, and neither do case and repeated spaces.
        let same = [("2.5.4.11", "X"), ("2.5.4.10", " example gates ")];
        assert!(ours.is_within(&name(&[&[("2.5.4.6", "CH")], &same])));
        assert!(!ours.is_within(&name(&[&[("2.5.4.6", "DE")]])));
        assert!(!ours.is_within(&name(&[&[("2.5.4.10", "CH")]])));
        assert!(!ours.is_within(&name(&[&[("2.5.4.6", "CH")], &same[1..]])), "half of a relative name");
        assert!(!name(&[&[("2.5.4.6", "CH")]]).is_within(&ours), "the tree goes deeper");
    }
}
