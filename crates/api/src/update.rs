//! Changes to a resource.

use serde::{Deserialize, Serialize};

use crate::body::Body;

/// The body of the request that changes a resource of any kind: nothing but these two can be changed.
///
/// `None` leaves a field as it is, and an empty text clears it. The path says which resource is meant; an `id` in the
/// body is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Update {
    /// For people: at most 255 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// For programs: at most 4096 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
}

impl Update {
    /// The body, as JSON.
    #[must_use]
    pub fn to_body(&self) -> Body {
        Body::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_and_omitted_leave_a_field_as_it_is_and_empty_clears_it() {
        let read = |json: &str| serde_json::from_str::<Update>(json).unwrap();
        assert_eq!(read("{}"), Update::default());
        assert_eq!(read(r#"{"id":"cert_1","description":null,"metadata":null}"#), Update::default());
        let cleared = Update { description: Some(String::new()), metadata: None };
        assert_eq!(read(r#"{"description":""}"#), cleared);
        assert_eq!(cleared.to_body().bytes(), br#"{"description":""}"#);
        assert_eq!(Update::default().to_body().bytes(), b"{}");
    }
}
