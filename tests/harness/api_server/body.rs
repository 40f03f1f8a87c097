//! The body of a request: one JSON object with known fields of the right types.

use serde_json::{Map, Value};

use super::problem::Problem;
use super::route::Collection;

/// What a field is to hold.
#[derive(Clone, Copy)]
pub(super) enum Type {
    Text,
    Texts,
    Number,
}

/// Fields, each as the API takes it; those that are null count as absent.
#[derive(Debug)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn read(bytes: &[u8]) -> Result<Value, Problem> {
        serde_json::from_slice(bytes).map_err(|_| Problem::new(400, 213, "the body does not parse as JSON"))
    }

    /// Refuses fields that are not known and values of other types.
    pub(super) fn of(body: &Value, known: &[(&str, Type)]) -> Result<Self, Problem> {
        let Value::Object(object) = body else {
            return Err(Problem::new(400, 213, "the body is no JSON object"));
        };
        for (name, value) in object {
            let Some((_, expected)) = known.iter().find(|(known, _)| known == name) else {
                let known: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                let message = format!("unknown field '{name}', not one of: {}", known.join(", "));
                return Err(Problem::new(400, 214, message));
            };
            let is_right = value.is_null()
                || match expected {
                    Type::Text => value.is_string(),
                    Type::Number => value.is_u64(),
                    Type::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
                };
            if !is_right {
                return Err(Problem::new(400, 215, format!("field '{name}' has a bad value")));
            }
        }
        Ok(Self(object.clone()))
    }

    /// A text; `None` where it was not sent or is null.
    pub(super) fn sent(&self, field: &str) -> Option<&str> {
        self.0.get(field)?.as_str()
    }

    /// A text; empty where it was not sent.
    pub(super) fn text(&self, field: &str) -> &str {
        self.sent(field).unwrap_or_default()
    }

    pub(super) fn texts(&self, field: &str) -> Vec<&str> {
        self.0.get(field).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    pub(super) fn number(&self, field: &str) -> u64 {
        self.0.get(field).and_then(Value::as_u64).unwrap_or_default()
    }

    /// Refuses a description and metadata that are too long.
    pub(super) fn short_enough(&self, collection: Collection) -> Result<(), Problem> {
        let limits = [("description", 255), ("metadata", 4096)];
        for ((field, length_max), code) in limits.into_iter().zip(collection.length_codes()) {
            let length = self.text(field).len();
            if length > length_max {
                let message = format!("{field} has {length} characters, more than {length_max}");
                return Err(Problem::new(400, code, message));
            }
        }
        Ok(())
    }
}
