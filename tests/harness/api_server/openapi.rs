//! The API's own specification, where it is at hand: what it does not have, a client must not send.
//!
//! `CERTGATE_OPENAPI` says where it is; `.ci/run` sets it, and says so where the file is not there.

use std::sync::OnceLock;

use serde_json::Value;
use yaml_rust2::{Yaml, YamlLoader};

use super::recorded::Recorded;

/// What of a request the specification does not have; nothing where there is no specification.
pub(super) fn faults(request: &Recorded) -> Vec<String> {
    let Some(specification) = specification() else { return Vec::new() };
    let faults = faults_by(specification, request);
    faults.into_iter().map(|fault| format!("{}: {fault}", request.line())).collect()
}

/// The specification itself.
#[expect(clippy::disallowed_methods, reason = "the file is no part of the repository")]
pub(crate) fn specification() -> Option<&'static Yaml> {
    static SPECIFICATION: OnceLock<Option<Yaml>> = OnceLock::new();
    let read = || {
        let path = std::env::var_os("CERTGATE_OPENAPI").filter(|path| !path.is_empty())?;
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        Some(YamlLoader::load_from_str(&text).expect("the specification is YAML").remove(0))
    };
    SPECIFICATION.get_or_init(read).as_ref()
}

fn faults_by(specification: &Yaml, request: &Recorded) -> Vec<String> {
    let parts: Vec<&str> = request.path().split('/').skip(1).collect();
    let path = match parts[..] {
        [collection] => format!("/{collection}"),
        [collection, _] => format!("/{collection}/{{id}}"),
        _ => return vec!["no such path".to_owned()],
    };
    let method = request.method.to_ascii_lowercase();
    let operation = &specification["paths"][path.as_str()][method.as_str()];
    if operation.is_badvalue() {
        return vec!["no such operation".to_owned()];
    }
    let mut faults = parameter_faults(specification, operation, request);
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    match (schema.is_badvalue(), request.body.is_empty()) {
        (true, true) => {}
        (true, false) => faults.push("a body, where none is taken".to_owned()),
        (false, true) => faults.push("no body, where one is taken".to_owned()),
        (false, false) => match serde_json::from_slice(&request.body) {
            Ok(body) => schema_faults(specification, schema, &body, "body", &mut faults),
            Err(error) => faults.push(format!("the body is no JSON: {error}")),
        },
    }
    faults
}

/// Headers and parameters of the query: those that must be there are, and no others of the query.
fn parameter_faults(specification: &Yaml, operation: &Yaml, request: &Recorded) -> Vec<String> {
    let mut faults = Vec::new();
    let parameters: Vec<&Yaml> = operation["parameters"]
        .as_vec()
        .into_iter()
        .flatten()
        .map(|parameter| resolved(specification, parameter))
        .collect();
    let names = |place: &str| -> Vec<&str> {
        let of_place = parameters.iter().filter(|parameter| parameter["in"].as_str() == Some(place));
        of_place.filter_map(|parameter| parameter["name"].as_str()).collect()
    };
    for name in names("header") {
        if request.header(name).is_none() {
            faults.push(format!("no header {name}"));
        }
    }
    let sent = request.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    for name in sent.map(|pair| pair.split('=').next().unwrap_or_default()) {
        if !names("query").contains(&name) {
            faults.push(format!("unknown parameter {name}"));
        }
    }
    faults
}

/// What a node of the specification refers to; itself, if it refers to nothing.
pub(crate) fn resolved<'y>(specification: &'y Yaml, node: &'y Yaml) -> &'y Yaml {
    let Some(reference) = node["$ref"].as_str() else { return node };
    reference.trim_start_matches("#/").split('/').fold(specification, |node, part| &node[part])
}

/// What of a value is not as its schema says.
pub(crate) fn schema_faults(
    specification: &Yaml,
    schema: &Yaml,
    value: &Value,
    at: &str,
    faults: &mut Vec<String>,
) {
    let schema = resolved(specification, schema);
    if value.is_null() && schema["nullable"].as_bool() == Some(true) {
        return;
    }
    let fits = match schema["type"].as_str() {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        other => panic!("the specification has a type {other:?} at {at}"),
    };
    if !fits {
        faults.push(format!("{at} is {value}, which is not of type {:?}", schema["type"]));
    }
    for item in value.as_array().into_iter().flatten() {
        schema_faults(specification, &schema["items"], item, &format!("{at}[]"), faults);
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_vec().into_iter().flatten().filter_map(Yaml::as_str) {
        if !object.contains_key(name) {
            faults.push(format!("{at} has no {name}"));
        }
    }
    for (name, value) in object {
        match (&schema["properties"][name.as_str()], &schema["additionalProperties"]) {
            (Yaml::BadValue, schema @ Yaml::Hash(_)) | (schema @ Yaml::Hash(_), _) => {
                schema_faults(specification, schema, value, &format!("{at}.{name}"), faults);
            }
            _ => faults.push(format!("{at} has a field {name}, which is not known")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECIFICATION: &str = "
paths:
  /things:
    post:
      parameters:
      - $ref: '#/components/parameters/version'
      requestBody:
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/Thing'
    get:
      parameters:
      - $ref: '#/components/parameters/version'
      - {name: limit, in: query}
components:
  parameters:
    version: {name: ngrok-version, in: header, required: true}
  schemas:
    Thing:
      type: object
      required: [name]
      properties:
        name: {type: string}
        sizes: {type: array, items: {type: integer}}
";

    fn faults_of(method: &str, target: &str, body: &str) -> String {
        let request = Recorded {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: vec![("ngrok-version".to_owned(), "2".to_owned())],
            body: body.as_bytes().to_vec(),
            status: None,
        };
        faults_by(&YamlLoader::load_from_str(SPECIFICATION).unwrap()[0], &request).join("; ")
    }

    #[test]
    fn requests_are_compared_with_the_specification() {
        assert_eq!(faults_of("POST", "/things", r#"{"name":"a","sizes":[1]}"#), "");
        assert_eq!(faults_of("GET", "/things?limit=1", ""), "");
        assert_eq!(faults_of("GET", "/things?size=1", ""), "unknown parameter size");
        assert_eq!(faults_of("GET", "/things", "{}"), "a body, where none is taken");
        assert_eq!(faults_of("PUT", "/things", ""), "no such operation");
        assert_eq!(faults_of("POST", "/things", ""), "no body, where one is taken");
        assert_eq!(
            faults_of("POST", "/things", r#"{"sizes":["1"],"x":1}"#),
            "body has no name; body.sizes[] is \"1\", which is not of type String(\"integer\"); \
             body has a field x, which is not known"
        );
    }
}
