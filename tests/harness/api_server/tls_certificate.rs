//! TLS certificates: what the upload is refused for, and what is said of its leaf.

use std::sync::Arc;

use certgate_facts::{Reading, Source, Timestamp};
use certgate_report::show::tls_certificate_json;
use certgate_rules::{ApiCode, Policy, Slot, TlsUpload, TrustAnchors, judge};
use serde_json::{Map, Value};

use super::body::{Fields, Type};
use super::problem::Problem;
use super::route::Collection;

const FIELDS: [(&str, Type); 4] = [
    ("description", Type::Text),
    ("metadata", Type::Text),
    ("certificate_pem", Type::Text),
    ("private_key_pem", Type::Text),
];

/// The fields that follow from the upload.
pub(super) fn create(body: &Value) -> Result<Map<String, Value>, Problem> {
    let fields = Fields::of(body, &FIELDS)?;
    let slot = |field: &str| {
        let source = Source::from_bytes(field, fields.text(field).as_bytes().to_vec()).unwrap();
        Slot::whole(Arc::new(Reading::of(source)))
    };
    let upload = TlsUpload::new(slot("certificate_pem"), slot("private_key_pem"));
    // When it is makes no difference to the API.
    let policy = Policy::new(Timestamp::from_unix_secs(0), TrustAnchors::Mozilla);
    let verdict = judge(upload, &policy);
    if let Some(code) = verdict.api_code() {
        return Err(refused(code));
    }
    fields.short_enough(Collection::TlsCertificates)?;
    let shown = tls_certificate_json(verdict.case()).expect("the leaf of what is accepted reads");
    let Ok(Value::Object(shown)) = serde_json::from_str(&shown) else { panic!("{shown} is no object") };
    Ok(shown)
}

/// The refusal that the rules foretell.
pub(super) fn refused(code: ApiCode) -> Problem {
    let number = code.to_string().trim_start_matches("ERR_NGROK_").parse().expect("codes are numbers");
    Problem::new(400, number, format!("refused as {code}"))
}
