//! How resources stand on the wire: the order of fields, and what may be missing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails here")]

use certgate_api::{
    Body, CertificateAuthority, CertificateAuthorityCreate, Create, Page, Resource, SshCertificateAuthority,
    SshCertificateAuthorityCreate, SshHostCertificate, SshHostCertificateCreate, SshUserCertificate,
    SshUserCertificateCreate, TlsCertificate, TlsCertificateCreate,
};
use serde_json::{Map, Value, json};

/// All that must be there in a resource of any kind, and more than is known of any.
fn least(prefix: &str) -> Value {
    let at = "2025-01-21T18:19:52Z";
    json!({
        "id": format!("{prefix}_2rwwl6y1UCOM1WjSQhSj2VPegVh"),
        "created_at": at,
        "not_before": at,
        "not_after": at,
        "ssh_certificate_authority_id": "sshca_2rwwl5w69mehWeDVlbshgAxOzQS",
        "valid_after": at,
        "valid_until": at,
        "a_field_of_tomorrow": { "deep": [1, null] }
    })
}

fn text<R: Resource>(json: Value) -> String {
    serde_json::to_string(&serde_json::from_value::<R>(json).unwrap()).unwrap()
}

/// The keys of an object in the order of its text, objects inside included.
fn keys<R: Resource>() -> String {
    let mut json = least(R::COLLECTION.prefix);
    json["description"] = "d".into();
    json["metadata"] = "m".into();
    let text = text::<R>(json);
    let pieces: Vec<&str> = text.split('"').collect();
    let keys: Vec<&str> =
        pieces.windows(2).filter(|pair| pair[1].starts_with(':')).map(|pair| pair[0]).collect();
    keys.join(" ")
}

#[test]
fn a_resource_has_its_fields_in_the_order_of_the_api() {
    insta::assert_snapshot!(keys::<CertificateAuthority>(), @"id uri created_at description metadata ca_pem subject_common_name not_before not_after key_usages extended_key_usages");
    insta::assert_snapshot!(keys::<SshCertificateAuthority>(), @"id uri created_at description metadata public_key key_type");
    insta::assert_snapshot!(keys::<SshHostCertificate>(), @"id uri created_at description metadata public_key key_type ssh_certificate_authority_id principals valid_after valid_until certificate");
    insta::assert_snapshot!(keys::<SshUserCertificate>(), @"id uri created_at description metadata public_key key_type ssh_certificate_authority_id principals critical_options extensions valid_after valid_until certificate");
    insta::assert_snapshot!(keys::<TlsCertificate>(), @"id uri created_at description metadata certificate_pem subject_common_name subject_alternative_names dns_names ips issued_at not_before not_after key_usages extended_key_usages private_key_type issuer_common_name serial_number subject_organization subject_organizational_unit subject_locality subject_province subject_country");
}

#[test]
fn what_is_empty_is_written_as_the_api_does() {
    assert_eq!(
        text::<TlsCertificate>(least("cert")),
        concat!(
            r#"{"id":"cert_2rwwl6y1UCOM1WjSQhSj2VPegVh","uri":"","created_at":"2025-01-21T18:19:52Z","#,
            r#""certificate_pem":"","subject_common_name":"","subject_alternative_names":{"dns_names":[],"ips":[]},"#,
            r#""issued_at":null,"not_before":"2025-01-21T18:19:52Z","not_after":"2025-01-21T18:19:52Z","#,
            r#""key_usages":[],"extended_key_usages":[],"private_key_type":"","issuer_common_name":"","#,
            r#""serial_number":"","subject_organization":"","subject_organizational_unit":"","subject_locality":"","#,
            r#""subject_province":"","subject_country":""}"#
        )
    );
}

/// Whether fields that are `null` are read like those that are not there.
fn takes_null<R: Resource>() -> bool {
    let least = least(R::COLLECTION.prefix);
    let mut nulled = least.clone();
    let written: Map<String, Value> = serde_json::from_str(&text::<R>(least.clone())).unwrap();
    let optional = written.keys().map(String::as_str).chain(["description", "metadata"]);
    for key in optional.filter(|key| least.get(key).is_none()) {
        nulled[key] = Value::Null;
    }
    assert_ne!(nulled, least);
    text::<R>(nulled) == text::<R>(least)
}

#[test]
fn null_is_read_like_nothing() {
    assert!(takes_null::<CertificateAuthority>());
    assert!(takes_null::<SshCertificateAuthority>());
    assert!(takes_null::<SshHostCertificate>());
    assert!(takes_null::<SshUserCertificate>());
    assert!(takes_null::<TlsCertificate>());
}

#[test]
fn empty_texts_are_read_like_none() {
    let mut json = least("cert");
    for key in ["description", "metadata", "issued_at"] {
        json[key] = "".into();
    }
    assert_eq!(text::<TlsCertificate>(json), text::<TlsCertificate>(least("cert")));
}

#[test]
fn a_time_of_issue_is_kept() {
    let mut json = least("cert");
    json["issued_at"] = "2025-01-21T18:19:52Z".into();
    assert!(text::<TlsCertificate>(json).contains(r#""issued_at":"2025-01-21T18:19:52Z""#));
}

#[test]
fn ids_and_times_must_be_there_and_every_value_of_its_kind() {
    let refused = |change: fn(&mut Value)| {
        let mut json = least("cert");
        change(&mut json);
        serde_json::from_value::<TlsCertificate>(json).unwrap_err().to_string()
    };
    let shown = [
        refused(|json| drop(json.as_object_mut().unwrap().remove("id"))),
        refused(|json| json["id"] = "ca_2rwwl6y1UCOM1WjSQhSj2VPegVh".into()),
        refused(|json| json["created_at"] = Value::Null),
        refused(|json| json["not_after"] = "tomorrow".into()),
        refused(|json| json["issued_at"] = "tomorrow".into()),
        refused(|json| json["key_usages"] = "cert_sign".into()),
    ]
    .join("\n");
    insta::assert_snapshot!(shown, @r#"
    missing field `id`
    an id of this kind begins with `cert_`
    invalid type: null, expected a string
    not a time: expected RFC 3339 such as 2026-11-01T00:00:00Z
    not a time: expected RFC 3339 such as 2026-11-01T00:00:00Z
    invalid type: string "cert_sign", expected a sequence
    "#);
}

fn written(body: &Body) -> &str {
    std::str::from_utf8(body.bytes()).unwrap()
}

#[test]
fn a_create_leaves_out_what_is_empty() {
    assert_eq!(written(&CertificateAuthorityCreate::default().to_body()), r#"{"ca_pem":""}"#);
    assert_eq!(written(&SshCertificateAuthorityCreate::default().to_body()), "{}");
    let required = r#"{"ssh_certificate_authority_id":"","public_key":""}"#;
    assert_eq!(written(&SshHostCertificateCreate::default().to_body()), required);
    assert_eq!(written(&SshUserCertificateCreate::default().to_body()), required);
    let empty: TlsCertificateCreate = serde_json::from_str("{}").unwrap();
    assert_eq!(written(&empty.to_body()), r#"{"certificate_pem":"","private_key_pem":""}"#);
}

#[test]
fn a_create_has_its_fields_in_the_order_of_the_reference() {
    let json = r#"{"ssh_certificate_authority_id":"a","public_key":"k","principals":["p"],"critical_options":{"c":"1"},"extensions":{"e":""},"valid_after":"x","valid_until":"y","description":"d","metadata":"m"}"#;
    let create: SshUserCertificateCreate = serde_json::from_str(json).unwrap();
    assert_eq!(written(&create.to_body()), json);
    let json = r#"{"description":"d","metadata":"m","private_key_type":"rsa","elliptic_curve":"p256","key_size":4096}"#;
    let create: SshCertificateAuthorityCreate = serde_json::from_str(json).unwrap();
    assert_eq!(written(&create.to_body()), json);
    let json = r#"{"description":"d","metadata":"m","certificate_pem":"c","private_key_pem":"k"}"#;
    let create: TlsCertificateCreate = serde_json::from_str(json).unwrap();
    assert_eq!(written(&create.to_body()), json);
}

#[test]
fn a_create_may_have_empty_and_null_for_what_is_optional() {
    // As the API's own clients for Python and Rust send it.
    let json = r#"{"description":"","metadata":null,"private_key_type":"","elliptic_curve":"","key_size":0}"#;
    let create: SshCertificateAuthorityCreate = serde_json::from_str(json).unwrap();
    assert_eq!(create, SshCertificateAuthorityCreate::default());
    let json =
        r#"{"principals":[],"critical_options":{},"extensions":{},"valid_after":"","valid_until":null}"#;
    let create: SshUserCertificateCreate = serde_json::from_str(json).unwrap();
    assert_eq!(create, SshUserCertificateCreate::default());
}

#[test]
fn a_page_may_lack_all_but_its_list() {
    let page: Page<TlsCertificate> =
        serde_json::from_str(r#"{"total":7,"tls_certificates":[],"next_page_uri":""}"#).unwrap();
    let shortest = r#"{"tls_certificates":[],"uri":"","next_page_uri":null}"#;
    assert_eq!(serde_json::to_string(&page).unwrap(), shortest);
    let refused = |json| serde_json::from_str::<Page<TlsCertificate>>(json).unwrap_err().to_string();
    assert!(refused(r#"{"ssh_host_certificates":[]}"#).starts_with("missing field `tls_certificates`"));
    assert!(refused("[]").contains("an object with a list of `tls_certificates`"));
}
