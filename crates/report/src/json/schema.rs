//! What version 1 looks like, as JSON Schema.

/// The JSON Schema (draft 2020-12) of [version 1](super::v1::Report); it allows no field it does not name.
pub const SCHEMA_V1: &str = include_str!("v1.schema.json");

#[cfg(test)]
mod tests {
    use schemars::generate::SchemaSettings;
    use schemars::transform::{RecursiveTransform, Transform};
    use serde_json::{Value, json};

    use super::*;
    use crate::fixture;
    use crate::json::v1::Report;
    use crate::judged::Judged;

    /// The schema as the structs say it.
    fn generated() -> String {
        let deny_other_fields = |schema: &mut schemars::Schema| {
            if schema.get("properties").is_some() {
                schema.insert("additionalProperties".to_owned(), false.into());
            }
        };
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<Report>();
        RecursiveTransform(deny_other_fields).transform(&mut schema);
        schema.insert("title".to_owned(), "certgate check, format json, version 1".into());
        serde_json::to_string_pretty(&schema).unwrap() + "\n"
    }

    fn output(verdicts: &[Judged]) -> Value {
        let mut out = Vec::new();
        crate::json::write(&mut out, verdicts, fixture::at()).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    fn validator() -> jsonschema::Validator {
        jsonschema::validator_for(&serde_json::from_str(SCHEMA_V1).unwrap()).unwrap()
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it compares with")]
    fn the_committed_schema_is_the_one_the_structs_say() {
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/json/v1.schema.json");
            std::fs::write(path, generated()).unwrap();
        } else {
            assert!(generated() == SCHEMA_V1, "v1.schema.json is out of date: run again with UPDATE=1");
        }
    }

    #[test]
    fn what_is_written_of_every_fixture_is_as_the_schema_says() {
        let validator = validator();
        let rich = fixture::judged(fixture::upload("chain/rich.pem", "chain/rich.key"));
        let mut verdicts = vec![fixture::seed().into(), rich.into()];
        verdicts.push(fixture::host_request("ssh/ed25519.pub", "web-1.example.com"));
        verdicts.push(fixture::host_request("seed/example.com.pem", "*"));
        let uploads = fixture::all().into_iter().map(|(name, verdict)| (name, vec![Judged::from(verdict)]));
        let lines =
            fixture::openssh_files().into_iter().map(|path| (path.clone(), fixture::documents(&path)));
        for (name, judged) in uploads.chain(lines) {
            let output = output(&judged);
            let faults: Vec<_> = validator.iter_errors(&output).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
            verdicts.extend(judged);
        }
        assert!(verdicts.len() > 300);
        verdicts.push(fixture::ignores());
        assert!(validator.is_valid(&output(&verdicts)));
        assert!(validator.is_valid(&output(&[])));
    }

    #[test]
    fn what_is_altered_is_not() {
        let validator = validator();
        let mut verdicts: Vec<Judged> =
            vec![fixture::seed().into(), fixture::rule("key-does-not-match-leaf", "bad-same-size").into()];
        verdicts.extend(fixture::documents("ssh/ed25519-host-cert.pub"));
        let good = output(&verdicts);
        assert!(validator.is_valid(&good));
        let alter = |pointer: &str, value: Value| {
            let mut altered = good.clone();
            *altered.pointer_mut(pointer).unwrap() = value;
            altered
        };
        let without = |pointer: &str, field: &str| {
            let mut altered = good.clone();
            altered.pointer_mut(pointer).unwrap().as_object_mut().unwrap().remove(field).unwrap();
            altered
        };
        let mut with_more = good.clone();
        with_more["cases"][0]["facts"]["chain"]["more"] = json!(1);
        assert!(!validator.is_valid(&with_more));
        assert!(!validator.is_valid(&alter("/version", json!(2))));
        assert!(!validator.is_valid(&alter("/cases/0/findings/0/severity", json!("fatal"))));
        assert!(!validator.is_valid(&alter("/cases/0/inputs/0/slot", json!("key"))));
        assert!(!validator.is_valid(&alter("/summary/errors", json!(-1))));
        assert!(!validator.is_valid(&without("/cases/0", "clients")));
        assert!(!validator.is_valid(&without("/cases/2", "api")));
        assert!(!validator.is_valid(&alter("/cases/2/kind", json!("tls-upload"))));
        assert!(!validator.is_valid(&alter("/cases/0/api", json!(true))));
        assert!(!validator.is_valid(&without("/cases/0/findings/0", "api_code")));
        assert!(!validator.is_valid(&without("/cases/0/findings/0/primary", "line")));
    }
}
