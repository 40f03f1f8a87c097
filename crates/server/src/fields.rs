//! The fields of a JSON object, in their order, each as its text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::problem::Refusal;

/// The fields of an object. Their texts are borrowed: a private key among them is not copied.
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// The fields that nobody reads but people.
const NOTES: [&str; 2] = ["description", "metadata"];

/// What a field may hold, besides `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A whole number.
    Number,
    /// A text.
    Text,
    /// A list of texts.
    Texts,
    /// Texts by name, no name twice.
    NamedTexts,
}

impl<'a> Fields<'a> {
    /// The fields of an object.
    pub(crate) fn read(json: &'a [u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(json)
    }

    /// Names and texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.get()))
    }

    /// Whether all fields are among those known, and hold what they may.
    pub(crate) fn check(&self, known: &[(&str, Shape)]) -> Result<(), Refusal> {
        let shape_of = |name: &str| known.iter().find(|(other, _)| *other == name).map(|(_, shape)| *shape);
        if let Some((name, _)) = self.iter().find(|(name, _)| shape_of(name).is_none()) {
            let supported: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let public =
                format!("unknown field '{}'; supported here: {}", name.escape_debug(), supported.join(", "));
            return Err(Refusal::coded(214, public));
        }
        let unfit = |(name, text): &(&str, &str)| shape_of(name).is_some_and(|shape| !shape.fits(text));
        if let Some((name, _)) = self.iter().find(unfit) {
            let shape = shape_of(name).unwrap_or(Shape::Text);
            return Err(Refusal::coded(215, format!("the field '{name}' should hold {shape}")));
        }
        match self.iter().find(|(name, text)| NOTES.contains(name) && has_nul(text)) {
            Some((name, _)) => {
                let public =
                    format!("the field '{name}' has a NUL character, which not all keep; leave it out");
                Err(Refusal::coded(215, public))
            }
            None => Ok(()),
        }
    }
}

/// Whether there is a NUL character in a text.
fn has_nul(json: &str) -> bool {
    serde_json::from_str::<Option<String>>(json)
        .is_ok_and(|text| text.is_some_and(|text| text.contains('\0')))
}

impl Shape {
    fn fits(self, text: &str) -> bool {
        fn is<'t, T: Deserialize<'t>>(text: &'t str) -> bool {
            serde_json::from_str::<Option<T>>(text).is_ok()
        }
        match self {
            Self::Number => is::<i64>(text),
            // Not decoded here, for it may be a private key.
            Self::Text => text.starts_with('"') || text == "null",
            Self::Texts => is::<Vec<String>>(text),
            Self::NamedTexts => {
                let is_text = |(_, value): (&str, &str)| serde_json::from_str::<String>(value).is_ok();
                text == "null" || Fields::read(text.as_bytes()).is_ok_and(|named| named.iter().all(is_text))
            }
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Number => "a whole number",
            Self::Text => "a string",
            Self::Texts => "a list of strings",
            Self::NamedTexts => "an object of strings, no name twice",
        })
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut object: M) -> Result<Self::Value, M::Error> {
                let mut fields: Self::Value = Vec::new();
                while let Some(Name(name)) = object.next_key()? {
                    if fields.iter().any(|(other, _)| *other == name) {
                        return Err(de::Error::custom("a field is given twice"));
                    }
                    fields.push((name, object.next_value()?));
                }
                Ok(fields)
            }
        }

        deserializer.deserialize_map(Object).map(Self)
    }
}

/// A name, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use certgate_api::{
        CertificateAuthority, OPENAPI, SshCertificateAuthority, SshHostCertificate, SshUserCertificate,
        TlsCertificate,
    };

    use super::*;
    use crate::served::Served;

    const KNOWN: [(&str, Shape); 4] = [
        ("text", Shape::Text),
        ("texts", Shape::Texts),
        ("named", Shape::NamedTexts),
        ("size", Shape::Number),
    ];

    fn code(json: &str) -> Option<u16> {
        Fields::read(json.as_bytes()).unwrap().check(&KNOWN).err().and_then(|refusal| refusal.code())
    }

    #[test]
    fn fields_keep_their_order_and_their_text() {
        let json = r#"{"b": {"x" : 1.50}, "a\u0041":"\u00e4"}"#;
        let fields = Fields::read(json.as_bytes()).unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("b", r#"{"x" : 1.50}"#), ("aA", r#""\u00e4""#)]);
    }

    #[test]
    fn every_shape_takes_its_own_and_null() {
        for good in [
            r#"{"text":"x","texts":["a","b"],"size":2048}"#,
            r#"{"text":null,"texts":null,"size":null}"#,
            r#"{"text":"","texts":[],"size":0}"#,
            r#"{"size":-1}"#,
            r#"{"named":{"a":"","b":"c"}}"#,
            r#"{"named":{}}"#,
            r#"{"named":null}"#,
            "{}",
        ] {
            assert_eq!(code(good), None, "{good}");
        }
        for bad in [
            r#"{"text":{}}"#,
            r#"{"text":5}"#,
            r#"{"texts":"a"}"#,
            r#"{"named":[]}"#,
            r#"{"named":{"a":1}}"#,
            r#"{"named":{"a":null}}"#,
            r#"{"named":{"a":"b","a":"c"}}"#,
            r#"{"texts":[1]}"#,
            r#"{"size":"2048"}"#,
            r#"{"size":1.5}"#,
            r#"{"size":99999999999999999999}"#,
        ] {
            assert_eq!(code(bad), Some(215), "{bad}");
        }
        assert_eq!(code(r#"{"other":1,"text":5}"#), Some(214));
    }

    /// The shape that the API's description has for a field.
    fn described(schema: &serde_json::Value) -> Shape {
        match (schema["type"].as_str(), schema["items"]["type"].as_str()) {
            (Some("integer"), None) => Shape::Number,
            (Some("string"), None) => Shape::Text,
            (Some("array"), Some("string")) => Shape::Texts,
            (Some("object"), None) => Shape::NamedTexts,
            other => panic!("no field has the shape {other:?}"),
        }
    }

    fn are_those_described<R: Served>() {
        let document: serde_json::Value = serde_json::from_str(OPENAPI).unwrap();
        let reference = |name: &str| document.pointer(name.trim_start_matches('#')).unwrap();
        let path = &document["paths"][format!("/{}", R::COLLECTION.name)];
        let schema = &path["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        let shape = reference(schema.as_str().unwrap());
        let due: BTreeMap<&str, Shape> = shape["properties"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, schema)| (name.as_str(), described(schema)))
            .collect();
        assert_eq!(R::FIELDS.iter().copied().collect::<BTreeMap<_, _>>(), due, "{}", R::COLLECTION.name);
    }

    #[test]
    fn the_fields_that_are_read_are_those_of_the_description() {
        are_those_described::<CertificateAuthority>();
        are_those_described::<SshCertificateAuthority>();
        are_those_described::<SshHostCertificate>();
        are_those_described::<SshUserCertificate>();
        are_those_described::<TlsCertificate>();
    }

    #[test]
    fn what_is_no_object_or_names_a_field_twice_does_not_read() {
        for bad in ["", "[]", "1", "null", "{", r#"{"a":1,"a":1}"#, "{\"a\":\"\u{0}\"}", "{} {}"] {
            assert!(Fields::read(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = "[".repeat(100_000);
        assert!(Fields::read(format!("{{\"a\":{deep}").as_bytes()).is_err());
    }
}
