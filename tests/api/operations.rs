//! All fifteen operations: what is sent, and what is written.

use serde_json::json;

use super::{UPLOAD, api, create, create_host, server, told};
use crate::harness::ApiServer;

/// Created by hand, so that its content is short.
fn hold_certificate(server: &ApiServer) -> String {
    server.hold(
        "tls_certificates",
        json!({
            "description": "shop",
            "certificate_pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "subject_common_name": "shop.example.com",
            "subject_alternative_names": { "dns_names": ["shop.example.com"], "ips": ["192.0.2.1"] },
            "not_after": "2026-12-30T00:00:00Z",
            "key_usages": ["digital_signature"],
        }),
    )
}

#[test]
fn tls_certificates_are_created() {
    let server = server();
    let texts = ["--description", "shop", "--metadata", "{\"team\":\"web\"}", "--format", "json"];
    let told = told(&server, create(&server, "tls-certificates").arguments(UPLOAD).arguments(texts));
    insta::assert_snapshot!(told, @r#"
    POST /tls_certificates
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"description":"shop","metadata":"{\"team\":\"web\"}","certificate_pem":"(CHAIN)","private_key_pem":"(PRIVATE KEY)"}

    exit 0
    {"id":"cert_3LTw7k6IyuNbmSJtQY5jS4nSv4U","uri":"http://SERVER/tls_certificates/cert_3LTw7k6IyuNbmSJtQY5jS4nSv4U","created_at":"2026-11-01T00:00:00Z","description":"shop","metadata":"{\"team\":\"web\"}","certificate_pem":"(CHAIN)","subject_common_name":"gate.example.com","subject_alternative_names":{"dns_names":["gate.example.com","www.gate.example.com"],"ips":["2001:db8::10"]},"issued_at":null,"not_before":"2026-10-01T00:00:00Z","not_after":"2026-12-30T00:00:00Z","key_usages":["digital_signature"],"extended_key_usages":["server_auth"],"private_key_type":"ed25519","issuer_common_name":"gate.example.com","serial_number":"1edcd5520090cf556f42ed62dcf29d8f","subject_organization":"","subject_organizational_unit":"","subject_locality":"","subject_province":"","subject_country":""}
    stderr:
    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    created TLS certificate cert_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    "#);
}

#[test]
fn tls_certificates_are_shown_listed_changed_and_deleted() {
    let server = server();
    let id = hold_certificate(&server);
    let told = |words: &str| told(&server, api(&server, &format!("tls-certificates {words}")));
    insta::assert_snapshot!(told(&format!("get {id}")), @"
    GET /tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    id                                   cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    uri                                  http://SERVER/tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    created_at                           2026-11-01T00:00:00Z
    description                          shop
    certificate_pem                      -----BEGIN CERTIFICATE-----
                                         AAAA
                                         -----END CERTIFICATE-----
    subject_common_name                  shop.example.com
    subject_alternative_names.dns_names  shop.example.com
    subject_alternative_names.ips        192.0.2.1
    not_before                           2026-11-01T00:00:00Z
    not_after                            2026-12-30T00:00:00Z
    key_usages                           digital_signature
    ");
    insta::assert_snapshot!(told(&format!("get {id} --format json")), @r#"
    GET /tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    {"id":"cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP","uri":"http://SERVER/tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP","created_at":"2026-11-01T00:00:00Z","description":"shop","certificate_pem":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n","subject_common_name":"shop.example.com","subject_alternative_names":{"dns_names":["shop.example.com"],"ips":["192.0.2.1"]},"issued_at":null,"not_before":"2026-11-01T00:00:00Z","not_after":"2026-12-30T00:00:00Z","key_usages":["digital_signature"],"extended_key_usages":[],"private_key_type":"","issuer_common_name":"","serial_number":"","subject_organization":"","subject_organizational_unit":"","subject_locality":"","subject_province":"","subject_country":""}
    "#);
    insta::assert_snapshot!(told("list"), @"
    GET /tls_certificates
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP  until 2026-12-30T00:00:00Z  shop.example.com 192.0.2.1  shop
    ");
    insta::assert_snapshot!(told(&format!("update {id} --description store --metadata m --format json")), @r#"
    PATCH /tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"description":"store","metadata":"m"}

    exit 0
    {"id":"cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP","uri":"http://SERVER/tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP","created_at":"2026-11-01T00:00:00Z","description":"store","metadata":"m","certificate_pem":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n","subject_common_name":"shop.example.com","subject_alternative_names":{"dns_names":["shop.example.com"],"ips":["192.0.2.1"]},"issued_at":null,"not_before":"2026-11-01T00:00:00Z","not_after":"2026-12-30T00:00:00Z","key_usages":["digital_signature"],"extended_key_usages":[],"private_key_type":"","issuer_common_name":"","serial_number":"","subject_organization":"","subject_organizational_unit":"","subject_locality":"","subject_province":"","subject_country":""}
    "#);
    insta::assert_snapshot!(told(&format!("delete {id} --yes")), @"
    DELETE /tls_certificates/cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    stderr:
    deleted TLS certificate cert_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    ");
    insta::assert_snapshot!(told("list"), @"
    GET /tls_certificates
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    no tls certificates
    ");
}

#[test]
fn ssh_authorities_are_created_shown_listed_changed_and_deleted() {
    let server = server();
    let kind = ["--private-key-type", "ecdsa", "--elliptic-curve", "p256", "--description", "hosts"];
    let created = told(&server, create(&server, "ssh-certificate-authorities").arguments(kind));
    insta::assert_snapshot!(created, @r#"
    POST /ssh_certificate_authorities
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"description":"hosts","private_key_type":"ecdsa","elliptic_curve":"p256"}

    exit 0
    id           sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    uri          http://SERVER/ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    created_at   2026-11-01T00:00:00Z
    description  hosts
    public_key   ecdsa-sha2-nistp256 (PUBLIC_KEY)
    key_type     ecdsa
    stderr:
    created SSH certificate authority sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    "#);
    let id = server.held("ssh_certificate_authorities")[0]["id"].as_str().unwrap().to_owned();
    let told = |words: &str| told(&server, api(&server, &format!("ssh-certificate-authorities {words}")));
    insta::assert_snapshot!(told(&format!("get {id} --format json")), @r#"
    GET /ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    {"id":"sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U","uri":"http://SERVER/ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U","created_at":"2026-11-01T00:00:00Z","description":"hosts","public_key":"ecdsa-sha2-nistp256 (PUBLIC_KEY)","key_type":"ecdsa"}
    "#);
    insta::assert_snapshot!(told("list --limit 5 --filter obj.description==\"hosts\""), @"
    GET /ssh_certificate_authorities?filter=obj.description%3D%3D%22hosts%22&limit=5
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U  since 2026-11-01T00:00:00Z  ecdsa  hosts
    ");
    insta::assert_snapshot!(told(&format!("update {id} --metadata x")), @r#"
    PATCH /ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"metadata":"x"}

    exit 0
    id           sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    uri          http://SERVER/ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    created_at   2026-11-01T00:00:00Z
    description  hosts
    metadata     x
    public_key   ecdsa-sha2-nistp256 (PUBLIC_KEY)
    key_type     ecdsa
    "#);
    insta::assert_snapshot!(told(&format!("delete {id} --yes")), @"
    DELETE /ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    stderr:
    deleted SSH certificate authority sshca_3LTw7k6IyuNbmSJtQY5jS4nSv4U
    ");
}

#[test]
fn ssh_host_certificates_are_created_shown_listed_changed_and_deleted() {
    let server = server();
    let authority = server.ssh_authority();
    let run = create_host(&server, &authority);
    let created =
        told(&server, run.arguments(["--principals", "b.example.com", "--principals", "192.0.2.7"]));
    insta::assert_snapshot!(created, @r#"
    POST /ssh_host_certificates
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"ssh_certificate_authority_id":"sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOUIEH743pVrjH05w2rN34Ia/Tdf31p6EhbiQPdGV+FQ gate@example.com","principals":["b.example.com","192.0.2.7"],"valid_after":"2026-10-31T23:59:00Z","valid_until":"2026-11-30T23:59:00Z"}

    GET /ssh_certificate_authorities/sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    id                            shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    uri                           http://SERVER/ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    created_at                    2026-11-01T00:00:00Z
    public_key                    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOUIEH743pVrjH05w2rN34Ia/Tdf31p6EhbiQPdGV+FQ gate@example.com
    key_type                      ed25519
    ssh_certificate_authority_id  sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    principals                    b.example.com
                                  192.0.2.7
    valid_after                   2026-10-31T23:59:00Z
    valid_until                   2026-11-30T23:59:00Z
    certificate                   ssh-ed25519-cert-v01@openssh.com (CERTIFICATE) shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    stderr:
    verified: signed by (FINGERPRINT); clients that trust it accept every name
    "#);
    let id = server.held("ssh_host_certificates")[0]["id"].as_str().unwrap().to_owned();
    let told = |words: &str| told(&server, api(&server, &format!("ssh-host-certificates {words}")));
    insta::assert_snapshot!(told(&format!("get {id} --format json")), @r#"
    GET /ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    {"id":"shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp","uri":"http://SERVER/ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp","created_at":"2026-11-01T00:00:00Z","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOUIEH743pVrjH05w2rN34Ia/Tdf31p6EhbiQPdGV+FQ gate@example.com","key_type":"ed25519","ssh_certificate_authority_id":"sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP","principals":["b.example.com","192.0.2.7"],"valid_after":"2026-10-31T23:59:00Z","valid_until":"2026-11-30T23:59:00Z","certificate":"ssh-ed25519-cert-v01@openssh.com (CERTIFICATE) shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp"}
    "#);
    insta::assert_snapshot!(told(&format!("list --before-id {}", id.replace("shcrt_3", "shcrt_4"))), @"
    GET /ssh_host_certificates?before_id=shcrt_4LTw7k6IyuNbmSJu06xPVnpc5Kp
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp  until 2026-11-30T23:59:00Z  b.example.com 192.0.2.7
    ");
    insta::assert_snapshot!(told(&format!("update {id} --description web")), @r#"
    PATCH /ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    {"description":"web"}

    exit 0
    id                            shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    uri                           http://SERVER/ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    created_at                    2026-11-01T00:00:00Z
    description                   web
    public_key                    ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOUIEH743pVrjH05w2rN34Ia/Tdf31p6EhbiQPdGV+FQ gate@example.com
    key_type                      ed25519
    ssh_certificate_authority_id  sshca_3LTw7k6IyuNbmSJtCxuKyMrU2MP
    principals                    b.example.com
                                  192.0.2.7
    valid_after                   2026-10-31T23:59:00Z
    valid_until                   2026-11-30T23:59:00Z
    certificate                   ssh-ed25519-cert-v01@openssh.com (CERTIFICATE) shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    "#);
    insta::assert_snapshot!(told(&format!("delete {id} --yes")), @"
    DELETE /ssh_host_certificates/shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    authorization: Bearer (API KEY)
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0

    exit 0
    stderr:
    deleted SSH host certificate shcrt_3LTw7k6IyuNbmSJu06xPVnpc5Kp
    ");
}

#[test]
fn times_are_sent_as_they_were_given() {
    let server = server();
    let authority = server.ssh_authority();
    let times = ["--valid-after", "2026-10-31T18:59:00-05:00", "--valid-until", "2026-12-31T00:00:00Z"];
    let run = create_host(&server, &authority).arguments(times);
    run.arguments(["--principals", "a.example.com", "--max-lifetime", "90d"]).exits(0);
    let sent = server.requests_of("POST")[0].json();
    assert_eq!(sent["valid_after"], times[1]);
    assert_eq!(sent["valid_until"], times[3]);
    assert_eq!(server.held("ssh_host_certificates")[0]["valid_after"], "2026-10-31T23:59:00Z");
}
