//! What is sent for each operation, and what comes of it.

use certgate_api::{
    CertificateAuthority, Id, Resource, SshCertificateAuthority, SshHostCertificate, SshUserCertificate,
    TlsCertificate, Update,
};
use certgate_client::{Call, ListQuery, Request};
use certgate_facts::{Reading, Source};
use certgate_rules::{Field, HostCertificateRequest, Moment, Slot, TlsUpload};

use crate::api::{Api, Fate, KEY, problem};
use crate::cases::{AUTHORITY, cleared, cleared_host, host_request, judged, read, refused, upload};

fn id<R: Resource>() -> Id<R> {
    format!("{}_2rwwl6y1UCOM1WjSQhSj2VPegVh", R::COLLECTION.prefix).parse().unwrap()
}

fn calls<R: Resource>() -> Vec<Call> {
    vec![
        Call::delete(&id::<R>()),
        Call::read(&id::<R>()),
        Call::list(&ListQuery::<R>::default()),
        Call::update(&id::<R>(), &Update { description: Some("d".into()), metadata: None }),
    ]
}

#[test]
fn every_operation_has_its_method_target_headers_and_body() {
    let mut all = calls::<CertificateAuthority>();
    all.extend(calls::<SshCertificateAuthority>());
    all.extend(calls::<SshHostCertificate>());
    all.extend(calls::<SshUserCertificate>());
    all.extend(calls::<TlsCertificate>());
    all.push(Call::create::<SshHostCertificate>(&host_request("web-1.example.com").create().unwrap()));
    let line = |call: &Call| {
        let body = call.body().map_or("", |body| std::str::from_utf8(body.bytes()).unwrap());
        format!("{} {} {body}", call.route().method(), call.target()).trim_end().to_owned()
    };
    insta::assert_snapshot!(all.iter().map(line).collect::<Vec<_>>().join("\n"), @r#"
    DELETE /certificate_authorities/ca_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /certificate_authorities/ca_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /certificate_authorities
    PATCH /certificate_authorities/ca_2rwwl6y1UCOM1WjSQhSj2VPegVh {"description":"d"}
    DELETE /ssh_certificate_authorities/sshca_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_certificate_authorities/sshca_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_certificate_authorities
    PATCH /ssh_certificate_authorities/sshca_2rwwl6y1UCOM1WjSQhSj2VPegVh {"description":"d"}
    DELETE /ssh_host_certificates/shcrt_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_host_certificates/shcrt_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_host_certificates
    PATCH /ssh_host_certificates/shcrt_2rwwl6y1UCOM1WjSQhSj2VPegVh {"description":"d"}
    DELETE /ssh_user_certificates/sucrt_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_user_certificates/sucrt_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /ssh_user_certificates
    PATCH /ssh_user_certificates/sucrt_2rwwl6y1UCOM1WjSQhSj2VPegVh {"description":"d"}
    DELETE /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh
    GET /tls_certificates
    PATCH /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh {"description":"d"}
    POST /ssh_host_certificates {"ssh_certificate_authority_id":"sshca_2rwwl5w69mehWeDVlbshgAxOzQS","public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1","principals":["web-1.example.com"],"valid_after":"2026-10-31T23:59:00Z","valid_until":"2026-11-08T00:00:00Z","description":"a host"}
    "#);
    let headers = |call: &Call| call.headers().iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" ");
    assert_eq!(headers(&all[0]), "Accept Ngrok-Version User-Agent");
    assert_eq!(headers(&all[3]), "Accept Ngrok-Version User-Agent Content-Type");
}

#[test]
fn the_query_of_a_list_is_written_so_that_no_value_breaks_out() {
    let query = ListQuery::<TlsCertificate> {
        before_id: Some(id()),
        limit: Some(7),
        filter: Some("obj.description == \"a&b=ü\" # ?".into()),
    };
    insta::assert_snapshot!(Call::list(&query).target(), @"/tls_certificates?before_id=cert_2rwwl6y1UCOM1WjSQhSj2VPegVh&filter=obj.description%20%3D%3D%20%22a%26b%3D%C3%BC%22%20%23%20%3F&limit=7");
}

#[tokio::test(start_paused = true)]
async fn a_request_carries_the_key_the_version_and_who_asks() {
    let api = Api::new();
    api.client().push(cleared_host("web-1.example.com")).await.unwrap();
    let headers = api.state().seen[0].headers.join("\n").replace(KEY, "KEY");
    insta::assert_snapshot!(headers, @"
    authorization: Bearer KEY
    accept: application/json
    ngrok-version: 2
    user-agent: certgate/0.1.0
    content-type: application/json
    ");
}

#[tokio::test(start_paused = true)]
async fn what_is_created_can_be_read_changed_listed_and_deleted() {
    let api = Api::new();
    let client = api.client();
    let created = client.push(cleared("shop")).await.unwrap();
    let id = created.resource.id;
    assert_eq!(created.resource.description, "shop");
    assert!(created.json.get().contains("\"description\":\"shop\""));

    let update = Update { description: Some("shop 2".into()), metadata: None };
    assert_eq!(client.update(&id, &update).await.unwrap().resource.description, "shop 2");
    let read = client.read(&id).await.unwrap().resource;
    assert_eq!((read.description.as_str(), read.metadata.as_str()), ("shop 2", "{\"by\":\"test\"}"));

    let query = ListQuery::<TlsCertificate>::default();
    let page = client.list(&query).next_page().await.unwrap().unwrap();
    assert_eq!(page.items.iter().map(|item| item.resource.id).collect::<Vec<_>>(), [id]);

    client.delete(&id).await.unwrap();
    assert!(client.read(&id).await.unwrap_err().is_not_found());
    assert!(client.delete(&id).await.unwrap_err().is_not_found(), "no attempt can have deleted it");
}

#[tokio::test(start_paused = true)]
async fn the_bodies_of_creations_hold_what_was_judged() {
    let api = Api::new();
    api.client().push(cleared("shop")).await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&api.state().seen[0].body).unwrap();
    let upload = upload("shop");
    let text = |slot: &Slot| String::from_utf8(slot.reading().source().text().to_vec()).unwrap();
    assert_eq!(body["certificate_pem"], text(upload.certificate()));
    assert_eq!(body["private_key_pem"], text(upload.private_key()));
    assert_eq!((&body["description"], &body["metadata"]), (&"shop".into(), &"{\"by\":\"test\"}".into()));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_status_code_operation_and_the_rule_that_foretells_it() {
    let api = Api::with([Fate::Refused(400, Vec::new(), problem(400, "ERR_NGROK_1923"))]);
    let error = api.client().push_although_not_cleared(&refused()).await.unwrap_err();
    assert!(error.is_refused() && !error.is_retryable() && !error.is_ambiguous() && !error.is_not_found());
    assert_eq!((error.status(), error.code(), error.attempts()), (Some(400), Some(1923), 1));
    assert_eq!(error.operation_id(), Some("op_2rwwl6y1UCOM1WjSQhSj2VPegVh"));
    assert_eq!(error.rule().map(certgate_rules::Rule::name), Some("key-does-not-match-leaf"));
    assert_eq!(error.problem().map(|problem| problem.msg.as_str()), Some("as scripted."));
    insta::assert_snapshot!(error, @"POST /tls_certificates: the API answered 400 ERR_NGROK_1923: as scripted (operation op_2rwwl6y1UCOM1WjSQhSj2VPegVh)");
    assert_eq!(api.calls(), ["POST /tls_certificates"]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_written_is_not_sent() {
    let api = Api::new();
    let sent =
        async |verdict| api.client().push_although_not_cleared(&verdict).await.unwrap_err().to_string();
    let public_key = host_request("a.example").public_key_reading().clone();
    let key_id = Field::new("test", "a").unwrap();
    let until = |valid_before| {
        let (public_key, key_id) = (public_key.clone(), key_id.clone());
        HostCertificateRequest::new(public_key, key_id, Vec::new(), Moment::at(1_793_491_140), valid_before)
    };
    let without_authority = judged(until(Moment::at(1_794_096_000)));
    insta::assert_snapshot!(sent(without_authority).await, @"POST /ssh_host_certificates: no authority was named that is to sign");
    let id = Field::new("test", AUTHORITY).unwrap();
    let forever = judged(until(Moment::at(u64::MAX)).with_authority_id(id));
    insta::assert_snapshot!(sent(forever).await, @"POST /ssh_host_certificates: the validity has an end that the API cannot write");
    assert_eq!(api.calls(), [""; 0]);
}

#[test]
fn a_time_goes_out_as_it_was_written() {
    let public_key = host_request("a.example").public_key_reading().clone();
    let field = |text: &str| Field::new("test", text).unwrap();
    let written = |text: &str| Moment::written(field(text));
    let (after, before) = (written("2026-11-01T01:00:00+01:00"), written("tomorrow"));
    let request = HostCertificateRequest::new(public_key, field("a"), Vec::new(), after, before);
    let create = request.with_authority_id(field(AUTHORITY)).create().unwrap();
    assert_eq!(
        (create.valid_after.as_str(), create.valid_until.as_str()),
        ("2026-11-01T01:00:00+01:00", "tomorrow")
    );
}

#[test]
fn of_chosen_blocks_only_those_go_out() {
    let both = read("chain/p384-depth-4.pem");
    let text = String::from_utf8(both.source().text().to_vec()).unwrap();
    let upload = TlsUpload::new(Slot::blocks(both, vec![1, 0]), Slot::absent());
    let create = upload.create().unwrap();
    let block =
        |number: usize| text.split("-----BEGIN").nth(number).unwrap().split("-----END").next().unwrap();
    let expected = format!(
        "-----BEGIN{}-----END CERTIFICATE-----\n-----BEGIN{}-----END CERTIFICATE-----\n",
        block(2),
        block(1)
    );
    assert_eq!(create.certificate_pem, expected);
    assert_eq!(create.private_key_pem.as_str(), "");
}

#[test]
fn what_is_no_utf8_goes_out_as_it_is_shown() {
    let source = Source::from_bytes("latin", b"caf\xe9 \xff\n".to_vec()).unwrap();
    let upload = TlsUpload::new(Slot::whole(std::sync::Arc::new(Reading::of(source))), Slot::absent());
    assert_eq!(upload.create().unwrap().certificate_pem, "caf\u{fffd} \u{fffd}\n");
}

#[tokio::test]
async fn calls_can_be_made_from_any_thread() {
    fn is_send(future: impl Send) -> usize {
        size_of_val(&future)
    }
    let client = Api::new().client();
    assert!(is_send(client.push(cleared("shop"))) > 0);
    assert!(is_send(client.delete(&id::<TlsCertificate>())) > 0);
    let mut pages = client.list(&ListQuery::<TlsCertificate>::default());
    assert!(is_send(pages.next_page()) > 0);
}
