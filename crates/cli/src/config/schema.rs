//! What a configuration may hold.

/// The JSON Schema (draft 2020-12) of `certgate.toml`.
pub(crate) const SCHEMA: &str = include_str!("certgate.schema.json");

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use schemars::JsonSchema;
    use serde_json::{Map, Value as Json, json};
    use toml::de::{DeTable, DeValue};

    use super::*;
    use crate::config::tests::{BAD, GOOD, read_text};
    use crate::config::{ignore, level, settings};
    use crate::manifest;

    /// What a project declares, and how it is judged: `certgate.toml`.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is asked for")]
    struct Configuration {
        /// Whose the declarations are: nothing else at the API is ever touched.
        project: Option<String>,
        /// TLS certificates that should exist at the API.
        tls_certificate: Option<Vec<TlsCertificate>>,
        /// SSH host certificates that should exist at the API.
        ssh_host_certificate: Option<Vec<SshHostCertificate>>,
        /// What makes the exit code of `certgate check` 1: `error` where nothing is said.
        fail_on: Option<FailOn>,
        /// The longest validity of host certificates that is let through, such as `90d`: `30d` where nothing is said.
        max_lifetime: Option<String>,
        /// A TLS certificate expires soon when no more than this part of its lifetime is left: a third where nothing is said.
        expires_soon: Option<Fraction>,
        /// Where `certgate check` and `certgate fix` take uploads to go: `ngrok` where nothing is said.
        r#for: Option<UploadTarget>,
        /// How rules weigh, by name or code.
        levels: Option<BTreeMap<String, Level>>,
        /// How rules weigh in some files; of several that match, the last counts.
        r#override: Option<Vec<Override>>,
        /// Findings that are accepted as they are.
        ignore: Option<Vec<Ignore>>,
    }

    /// What makes the exit code 1.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "lowercase")]
    #[expect(dead_code, reason = "only its schema is asked for")]
    enum FailOn {
        /// A finding that is an error.
        Error,
        /// Any finding.
        Warning,
        /// Nothing.
        Never,
    }

    /// Where uploads go.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "kebab-case")]
    #[expect(dead_code, reason = "only its schema is asked for")]
    enum UploadTarget {
        /// The certificate API.
        Ngrok,
        /// AWS Certificate Manager.
        AwsAcm,
        /// Azure Key Vault.
        AzureKeyVault,
        /// Cloudflare.
        Cloudflare,
        /// Fastly.
        Fastly,
        /// Google Cloud.
        Gcp,
    }

    /// How a rule weighs.
    #[derive(JsonSchema)]
    #[schemars(rename_all = "lowercase")]
    #[expect(dead_code, reason = "only its schema is asked for")]
    enum Level {
        /// What it finds is not reported.
        Allow,
        /// It is reported, and nothing is held up.
        Warning,
        /// It is reported, and nothing is cleared.
        Error,
    }

    /// Levels of rules for some files, and where they go.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is asked for")]
    struct Override {
        /// The files, from the folder of the configuration: `*` is any part of a name, `**` any folders, `?` any byte of a name. A folder is
        /// all that is in it.
        #[schemars(length(min = 1))]
        path: String,
        /// Where uploads out of these files go.
        r#for: Option<UploadTarget>,
        /// How rules weigh there, by name or code.
        levels: Option<BTreeMap<String, Level>>,
    }

    /// Findings of a rule that are accepted as they are.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields, extend("anyOf" = [{ "required": ["path"] }, { "required": ["fingerprint"] }]))]
    #[expect(dead_code, reason = "only its schema is asked for")]
    struct Ignore {
        /// The rule, by name or code.
        rule: String,
        /// In which files, as in an override.
        #[schemars(length(min = 1))]
        path: Option<String>,
        /// What the finding is recognised by, as `certgate check --format json` shows it.
        #[schemars(regex(pattern = "^[0-9A-Fa-f]{32}(:[0-9]+)?$"))]
        fingerprint: Option<String>,
        /// Why it is accepted.
        #[schemars(regex(pattern = "\\S"), length(max = 500))]
        reason: String,
        /// The last day on which it is, in UTC: a date of TOML. For ever where nothing is said.
        #[schemars(extend("format" = "date"))]
        until: Option<String>,
    }

    /// A TLS certificate that should exist at the API.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is asked for")]
    struct TlsCertificate {
        /// What it is called; unique among these.
        name: String,
        /// The file of the chain, leaf first.
        certificate: String,
        /// The file of the leaf's private key.
        private_key: String,
        /// For people, at most 255 bytes.
        description: Option<String>,
        /// For programs; at most 4096 bytes of JSON.
        metadata: Option<Map<String, Json>>,
        /// Hosts that the leaf must be good for.
        hostnames: Option<Vec<String>>,
    }

    /// An SSH host certificate that should exist at the API.
    #[derive(JsonSchema)]
    #[schemars(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its schema is asked for")]
    struct SshHostCertificate {
        /// What it is called; unique among these.
        name: String,
        /// The file of the host's public key.
        public_key: String,
        /// The names and addresses of the host.
        principals: Option<Vec<String>>,
        /// The id of the authority: `sshca_` and 27 letters and digits.
        ca: String,
        /// How long it is to be valid, such as `30d`.
        lifetime: Option<String>,
        /// A new one is due when no more than this part of the lifetime is left.
        renew: Option<Fraction>,
        /// For people, at most 255 bytes.
        description: Option<String>,
        /// For programs; at most 4096 bytes of JSON.
        metadata: Option<Map<String, Json>>,
    }

    /// A part of a whole, in quotes or without.
    #[derive(JsonSchema)]
    #[schemars(untagged)]
    #[expect(dead_code, reason = "only its schema is asked for")]
    enum Fraction {
        Number(f64),
        Text(String),
    }

    fn generated() -> String {
        let settings = schemars::generate::SchemaSettings::draft2020_12();
        let mut schema = settings.into_generator().into_root_schema_for::<Configuration>();
        schema.insert("title".to_owned(), "certgate.toml".into());
        serde_json::to_string_pretty(&schema).unwrap() + "\n"
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test asks whether to rewrite what it compares with")]
    fn the_committed_schema_is_the_one_the_structs_say() {
        if std::env::var_os("UPDATE").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/config/certgate.schema.json");
            std::fs::write(path, generated()).unwrap();
        } else {
            assert!(generated() == SCHEMA, "certgate.schema.json is out of date: run again with UPDATE=1");
        }
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read_and_no_others() {
        let schema: Json = serde_json::from_str(SCHEMA).unwrap();
        let keys = |at: &str| -> BTreeSet<String> {
            schema.pointer(at).unwrap()["properties"].as_object().unwrap().keys().cloned().collect()
        };
        let read = |keys: &[&str]| -> BTreeSet<String> { keys.iter().map(|key| (*key).to_owned()).collect() };
        assert_eq!(keys(""), read(&manifest::KEYS));
        assert_eq!(keys("/$defs/TlsCertificate"), read(&manifest::KEYS_OF_TLS));
        assert_eq!(keys("/$defs/SshHostCertificate"), read(&manifest::KEYS_OF_HOST));
        assert_eq!(keys("/$defs/Override"), read(&settings::KEYS_OF_OVERRIDE));
        assert_eq!(keys("/$defs/Ignore"), read(&ignore::KEYS_OF_IGNORE));
        let words = |at: &str| -> BTreeSet<String> {
            let all = schema.pointer(at).unwrap()["oneOf"].as_array().unwrap();
            all.iter().map(|one| one["const"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(words("/$defs/Level"), read(&level::LEVELS.map(|(word, _)| word)));
        assert_eq!(words("/$defs/FailOn"), read(&settings::FAIL_ON.map(|(word, _)| word)));
    }

    /// TOML as programs for schemas see it.
    fn as_json(value: &DeValue<'_>) -> Json {
        match value {
            DeValue::String(text) => json!(text),
            DeValue::Integer(number) => json!(number.as_str().parse::<i64>().unwrap()),
            DeValue::Float(number) => json!(number.as_str().parse::<f64>().unwrap()),
            DeValue::Boolean(flag) => json!(flag),
            DeValue::Datetime(moment) => json!(moment.to_string()),
            DeValue::Array(array) => array.iter().map(|value| as_json(value.get_ref())).collect(),
            DeValue::Table(table) => of_table(table),
        }
    }

    fn of_table(table: &DeTable<'_>) -> Json {
        let members = table.iter().map(|(key, value)| (key.get_ref().to_string(), as_json(value.get_ref())));
        Json::Object(members.collect())
    }

    #[test]
    fn what_is_read_is_as_the_schema_says_and_most_of_what_is_not_is_not() {
        let validator = jsonschema::validator_for(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let is_valid = |text: &str| {
            DeTable::parse(text).is_ok_and(|document| validator.is_valid(&of_table(document.get_ref())))
        };
        assert!(is_valid(GOOD) && read_text(GOOD).is_ok());
        // What a schema cannot know: rules, paths, days, and what stands there twice.
        let refused = BAD.iter().filter(|(text, _)| !is_valid(text)).count();
        assert!(refused * 2 > BAD.len(), "{refused} of {}", BAD.len());
    }
}
