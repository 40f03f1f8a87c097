//! Resources of the API, as it gave them: a sheet of one, a line for each of many.
//!
//! They come as the JSON that was received, so that fields are shown that nobody here knows.

use std::fmt;
use std::io::{self, Write};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::printable::printable;

/// A JSON object with its fields in the order in which they stand there.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

impl Object {
    fn of(json: &str) -> io::Result<Self> {
        Ok(serde_json::from_str(json)?)
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// A field that is a text; empty where it is none.
    fn text(&self, name: &str) -> &str {
        self.value(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// Writes a resource: the name of each field that is not empty, and its value.
///
/// # Errors
/// What `out` answers; JSON that is no object.
pub fn write(out: &mut dyn Write, json: &str) -> io::Result<()> {
    let mut rows = Vec::new();
    for (name, value) in Object::of(json)?.0 {
        match value {
            Value::Object(inner) => {
                rows.extend(inner.iter().map(|(field, value)| (format!("{name}.{field}"), lines(value))));
            }
            value => rows.push((name, lines(&value))),
        }
    }
    rows.retain(|(_, lines)| !lines.is_empty());
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    for (name, lines) in rows {
        let mut name = printable(&name);
        for line in lines {
            writeln!(out, "{name:<width$}  {}", printable(&line))?;
            name = "".into();
        }
    }
    Ok(())
}

/// Writes a resource as a line: its id, until when it is good or when it was made, whom it is for, what people call it.
///
/// # Errors
/// What `out` answers; JSON that is no object.
pub fn write_line(out: &mut dyn Write, json: &str) -> io::Result<()> {
    let resource = Object::of(json)?;
    let ends =
        ["not_after", "valid_until"].map(|name| resource.text(name)).into_iter().find(|end| !end.is_empty());
    let time = match ends {
        Some(end) => format!("until {end}"),
        None => format!("since {}", resource.text("created_at")),
    };
    let names = resource
        .value("subject_alternative_names")
        .into_iter()
        .flat_map(|names| [&names["dns_names"], &names["ips"]]);
    let names: Vec<String> = names.chain(resource.value("principals")).flat_map(lines).collect();
    let whom = match (names.join(" "), resource.value("principals")) {
        (names, _) if !names.is_empty() => names,
        (_, Some(_)) if resource.value("extensions").is_some() => "(no user by name)".to_owned(),
        (_, Some(_)) => "(every host)".to_owned(),
        _ => [resource.text("subject_common_name"), resource.text("key_type")].concat(),
    };
    let shown = [resource.text("id"), &time, &whom, resource.text("description")];
    let shown: Vec<_> = shown.into_iter().filter(|text| !text.is_empty()).map(printable).collect();
    writeln!(out, "{}", shown.join("  "))
}

/// The lines of a value; none where it is empty.
fn lines(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => text.lines().map(str::to_owned).collect(),
        Value::Array(items) => items.iter().flat_map(lines).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: fn(&mut dyn Write, &str) -> io::Result<()>, json: &str) -> String {
        let mut out = Vec::new();
        write(&mut out, json).unwrap();
        String::from_utf8(out).unwrap()
    }

    const CERTIFICATE: &str = r#"{"id":"cert_1","created_at":"2026-11-01T00:00:00Z","description":"shop\u001b[2J",
        "certificate_pem":"-----BEGIN\nAAAA\n","subject_common_name":"a.example","issued_at":null,"key_usages":[],
        "subject_alternative_names":{"dns_names":["a.example","b.example"],"ips":[]},
        "not_after":"2026-12-30T00:00:00Z","new_field":{"deep":[1,true]}}"#;

    #[test]
    fn fields_stand_below_each_other_in_their_own_order_and_empty_ones_are_left_out() {
        insta::assert_snapshot!(written(write, CERTIFICATE), @r"
        id                                   cert_1
        created_at                           2026-11-01T00:00:00Z
        description                          shop\u{1b}[2J
        certificate_pem                      -----BEGIN
                                             AAAA
        subject_common_name                  a.example
        subject_alternative_names.dns_names  a.example
                                             b.example
        not_after                            2026-12-30T00:00:00Z
        new_field.deep                       1
                                             true
        ");
    }

    #[test]
    fn a_line_says_which_until_when_and_for_whom() {
        insta::assert_snapshot!(written(write_line, CERTIFICATE), @r"cert_1  until 2026-12-30T00:00:00Z  a.example b.example  shop\u{1b}[2J");
        let host =
            r#"{"id":"shcrt_1","principals":["a.example","192.0.2.1"],"valid_until":"2026-12-30T00:00:00Z"}"#;
        insta::assert_snapshot!(written(write_line, host), @"shcrt_1  until 2026-12-30T00:00:00Z  a.example 192.0.2.1");
        let any = r#"{"id":"shcrt_1","principals":[],"valid_until":"2026-12-30T00:00:00Z"}"#;
        insta::assert_snapshot!(written(write_line, any), @"shcrt_1  until 2026-12-30T00:00:00Z  (every host)");
        let nobody =
            r#"{"id":"sucrt_1","principals":[],"extensions":{},"valid_until":"2026-12-30T00:00:00Z"}"#;
        insta::assert_snapshot!(written(write_line, nobody), @"sucrt_1  until 2026-12-30T00:00:00Z  (no user by name)");
        let authority = r#"{"id":"sshca_1","created_at":"2026-11-01T00:00:00Z","key_type":"ed25519","description":"hosts"}"#;
        insta::assert_snapshot!(written(write_line, authority), @"sshca_1  since 2026-11-01T00:00:00Z  ed25519  hosts");
    }

    #[test]
    fn what_is_no_object_is_an_error() {
        assert!(write(&mut Vec::new(), "[]").is_err());
    }
}
