//! The metadata of a declaration: a table of TOML, as JSON, with the marker.

use std::collections::BTreeMap;

use certgate_client::plan::{MARKER_KEY, Marker};
use serde_json::{Map, Number, Value as Json};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::handwritten::{Fault, Table, Value, span_of};

/// The most bytes of metadata that the API takes.
const METADATA_BYTES_MAX: usize = 4096;

/// The metadata, and where it stands: keys are in the order of their bytes, so that the same table is always the same text.
pub(super) fn of(table: &Table<'_, '_>, marker: &Marker) -> Result<Value, Fault> {
    let mut object = BTreeMap::new();
    let mut span = table.span();
    if let Some(value) = table.value("metadata") {
        span = span_of(value.span());
        let DeValue::Table(metadata) = value.get_ref() else {
            return Err(Fault::new(
                span,
                "`metadata` is a table: write { team = \"web\" }, or metadata.team = \"web\"",
            ));
        };
        refuse_marker(metadata)?;
        for (key, value) in metadata {
            object.insert(key.get_ref().to_string(), json(value)?);
        }
    }
    object.insert(MARKER_KEY.to_owned(), Json::String(marker.to_string()));
    let text = Json::Object(object.into_iter().collect()).to_string();
    if text.len() > METADATA_BYTES_MAX {
        let what = format!(
            "the metadata is {} bytes of JSON with the marker of this project, more than {METADATA_BYTES_MAX}",
            text.len()
        );
        return Err(Fault::new(span, what).with_hint("leave something out"));
    }
    Ok(Value { text, span })
}

fn refuse_marker(metadata: &DeTable<'_>) -> Result<(), Fault> {
    match metadata.keys().find(|key| key.get_ref() == MARKER_KEY) {
        None => Ok(()),
        Some(key) => {
            let what = format!("the metadata key `{MARKER_KEY}` is taken: it says whose a resource is");
            Err(Fault::new(span_of(key.span()), what)
                .with_hint("give it another name; the marker is put in by itself"))
        }
    }
}

fn json(value: &Spanned<DeValue<'_>>) -> Result<Json, Fault> {
    let fault = |what: String| Fault::new(span_of(value.span()), what);
    Ok(match value.get_ref() {
        DeValue::String(text) => Json::String(text.to_string()),
        DeValue::Boolean(flag) => Json::Bool(*flag),
        DeValue::Integer(integer) => {
            let number = i64::from_str_radix(integer.as_str(), integer.radix());
            Json::Number(
                number.map_err(|_| fault(format!("`{integer}` is larger than any number here")))?.into(),
            )
        }
        DeValue::Float(float) => {
            let number = float.as_str().parse().ok().and_then(Number::from_f64);
            Json::Number(number.ok_or_else(|| fault(format!("JSON has no number `{}`", float.as_str())))?)
        }
        DeValue::Datetime(moment) => {
            return Err(
                fault("JSON has no dates".to_owned()).with_hint(format!("put it in quotes: \"{moment}\""))
            );
        }
        DeValue::Array(array) => Json::Array(array.iter().map(json).collect::<Result<_, _>>()?),
        DeValue::Table(table) => {
            let members = table.iter().map(|(key, value)| Ok((key.get_ref().to_string(), json(value)?)));
            Json::Object(members.collect::<Result<Map<_, _>, Fault>>()?)
        }
    })
}
