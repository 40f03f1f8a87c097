//! What the API answers when it refuses.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::empty;

/// An answer that is no success.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Problem {
    /// `ERR_NGROK_` and a number; empty, and left out, where the API has no code for it, as for an unknown id.
    #[serde(default, deserialize_with = "empty::or_null", skip_serializing_if = "String::is_empty")]
    pub error_code: String,
    /// The status of the HTTP response.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub status_code: u16,
    /// What is wrong, for people.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub msg: String,
    /// More of it by name, such as `operation_id`.
    #[serde(default, deserialize_with = "empty::or_null")]
    pub details: BTreeMap<String, String>,
}

impl Problem {
    /// The code of an expression for `filter` that does not read; the reference spells it in words.
    const FILTER: u16 = 250;

    /// The number of the code, such as 226 of `ERR_NGROK_226`.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match self.error_code.as_str() {
            "invalid_cel_expression" => Some(Self::FILTER),
            code => code.strip_prefix("ERR_NGROK_")?.parse().ok(),
        }
    }

    /// What the API calls the request in its own records: `op_` and a KSUID.
    #[must_use]
    pub fn operation_id(&self) -> Option<&str> {
        self.details.get("operation_id").map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Problem {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_problem_keeps_the_order_of_the_wire() {
        let json = r#"{"error_code":"ERR_NGROK_218","status_code":400,"msg":"no version","details":{"operation_id":"op_1"}}"#;
        let problem = read(json);
        assert_eq!(serde_json::to_string(&problem).unwrap(), json);
        assert_eq!((problem.code(), problem.operation_id()), (Some(218), Some("op_1")));
    }

    #[test]
    fn an_unrouted_path_and_an_unknown_id_have_no_code() {
        for json in [
            r#"{"status_code":404,"msg":"Not Found","details":{"path":"/tls"}}"#,
            r#"{"status_code":404,"msg":"Resource not found","details":{"operation_id":"op_1"}}"#,
        ] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
            assert_eq!(read(json).code(), None);
        }
    }

    #[test]
    fn fields_may_be_missing_or_null_and_codes_may_be_words() {
        assert_eq!(read("{}"), Problem::default());
        assert_eq!(
            read(r#"{"error_code":null,"status_code":null,"msg":null,"details":null}"#),
            Problem::default()
        );
        assert_eq!(read(r#"{"error_code":"invalid_cel_expression"}"#).code(), Some(250));
        assert_eq!(read(r#"{"error_code":"ERR_NGROK_99999"}"#).code(), None);
    }
}
