//! The published examples of the API's documentation are read and written as they stand there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use certgate_api::{
    Create, Page, Received, Resource, SshHostCertificate, SshHostCertificateCreate, TlsCertificate,
    TlsCertificateCreate, Update,
};
use serde_json::{Value, json};

const HOST_KEY: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBI3oSgxrOEJ+tIJ/n6VYtxQIFvynqlOHpfOAJ4x4OfmMYDkbf8dr6RAuUSf+ZC2HMCujta7EjZ9t+6v08Ue+Cgk= inconshreveable.com";

fn seed(name: &str) -> String {
    std::fs::read_to_string(format!("{}/../../fixtures/seed/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// The answer to the creation of the TLS certificate.
fn tls_certificate() -> Value {
    serde_json::from_str(&seed("response.json")).unwrap()
}

/// The answer to the creation of the SSH host certificate.
fn host_certificate() -> Value {
    serde_json::from_str(&seed("host-certificate.json")).unwrap()
}

/// What is written of what was read.
fn round_trip<R: Resource>(example: &Value) -> Value {
    let resource: R = serde_json::from_value(example.clone()).unwrap();
    serde_json::to_value(resource).unwrap()
}

#[test]
fn answers_are_written_as_they_were_read() {
    let changed = |mut example: Value, metadata: &str| {
        example["metadata"] = metadata.into();
        example
    };
    for example in [tls_certificate(), changed(tls_certificate(), "{\"example\": true}")] {
        assert_eq!(round_trip::<TlsCertificate>(&example), example);
    }
    for example in [host_certificate(), changed(host_certificate(), "{\"region\": \"us-west-2\"}")] {
        assert_eq!(round_trip::<SshHostCertificate>(&example), example);
    }
}

#[test]
fn lists_are_written_as_they_were_read() {
    let mut older = tls_certificate();
    older["id"] = "cert_2rwwiJpwl6XDu1WKzHVQuLm5oPo".into();
    older["uri"] = "https://api.ngrok.com/tls_certificates/cert_2rwwiJpwl6XDu1WKzHVQuLm5oPo".into();
    older["created_at"] = "2025-01-21T18:19:30Z".into();
    let uri = "https://api.ngrok.com/tls_certificates";
    let list = json!({ "next_page_uri": null, "tls_certificates": [older, tls_certificate()], "uri": uri });
    let page: Page<TlsCertificate> = serde_json::from_value(list.clone()).unwrap();
    assert_eq!((page.items.len(), page.next_page_uri.as_deref()), (2, None));
    assert_eq!(serde_json::to_value(page).unwrap(), list);

    let uri = "https://api.ngrok.com/ssh_host_certificates";
    let list = json!({ "next_page_uri": null, "ssh_host_certificates": [host_certificate()], "uri": uri });
    let page: Page<SshHostCertificate> = serde_json::from_value(list.clone()).unwrap();
    assert_eq!(serde_json::to_value(page).unwrap(), list);
}

#[test]
fn requests_are_written_as_they_were_read() {
    let request = json!({
        "certificate_pem": seed("example.com.pem").trim_end(),
        "private_key_pem": seed("example.com.key").trim_end(),
    });
    let create: TlsCertificateCreate = serde_json::from_value(request.clone()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(create.to_body().bytes()).unwrap(), request);

    let request = json!({
        "description": "personal server",
        "principals": ["inconshreveable.com", "10.2.42.9"],
        "public_key": HOST_KEY,
        "ssh_certificate_authority_id": "sshca_2rwwl5w69mehWeDVlbshgAxOzQS",
        "valid_until": "2025-04-21T18:19:52Z"
    });
    let create: SshHostCertificateCreate = serde_json::from_value(request.clone()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(create.to_body().bytes()).unwrap(), request);

    let text = r#"{"metadata":"{\"example\": true}"}"#;
    let update: Update = serde_json::from_str(text).unwrap();
    assert_eq!(update.to_body().bytes(), text.as_bytes());
}

#[test]
fn what_was_received_keeps_the_text_of_the_server() {
    let text = seed("response.json");
    let received: Received<TlsCertificate> = serde_json::from_str(&text).unwrap();
    assert_eq!(received.json.get(), text.trim_end());
    assert_eq!(received.resource.id().to_string(), "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh");
    assert_eq!(received.resource.created_at(), received.resource.id().ksuid().made_at());
}
