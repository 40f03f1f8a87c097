//! A resource that is held.

use serde_json::{Map, Value, json};

use super::route::Collection;

/// A resource.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    pub(super) collection: Collection,
    pub(super) fields: Map<String, Value>,
}

impl Resource {
    pub(super) fn id(&self) -> &str {
        self.text("id")
    }

    /// A field that is a text; empty where it is none.
    pub(super) fn text(&self, field: &str) -> &str {
        self.fields.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn to_value(&self) -> Value {
        Value::Object(self.fields.clone())
    }

    /// Sets a description or metadata; empty is the same as none.
    pub(super) fn set(&mut self, field: &str, text: &str) {
        match text {
            "" => self.fields.remove(field),
            text => self.fields.insert(field.to_owned(), text.into()),
        };
    }

    /// Compact, in the order of the wire.
    pub(super) fn to_json(&self) -> String {
        let fields = self.collection.fields().iter();
        let shown: Vec<String> = fields
            .filter_map(|name| Some(format!("\"{name}\":{}", self.fields.get(*name)?)))
            .chain(self.fields.iter().filter_map(|(name, value)| {
                let is_known = self.collection.fields().contains(&name.as_str());
                (!is_known).then(|| format!("{}:{value}", Value::from(name.as_str())))
            }))
            .collect();
        format!("{{{}}}", shown.join(","))
    }

    /// Puts what is empty where nothing was given, and the time of creation for every other time.
    pub(super) fn complete(&mut self) {
        let created_at = self.fields["created_at"].clone();
        for name in self.collection.fields() {
            let empty = match *name {
                "description" | "metadata" => continue,
                "not_before" | "not_after" | "valid_after" | "valid_until" => created_at.clone(),
                "ssh_certificate_authority_id" => json!("sshca_2rwwl5w69mehWeDVlbshgAxOzQS"),
                "issued_at" => Value::Null,
                "subject_alternative_names" => json!({ "dns_names": [], "ips": [] }),
                "key_usages" | "extended_key_usages" | "principals" => json!([]),
                _ => json!(""),
            };
            self.fields.entry(*name).or_insert(empty);
        }
    }
}
