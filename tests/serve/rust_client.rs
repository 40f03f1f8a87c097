//! The API's own client for Rust, as it is published.

use futures_util::TryStreamExt as _;
use ngrok_api::{Client, ClientBuilder, Error, types};
use serde_json::{Value, json};

use super::endpoints::text_of;
use crate::harness::Served;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh web-1";

fn client(served: &Served) -> Client {
    let mut builder = ClientBuilder::new(served.key.clone());
    builder.api_url(served.origin.parse().unwrap());
    builder.build()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Two are created, one is got, both are listed page by page, one is changed, both are deleted. `texts` are description and
/// metadata.
macro_rules! completes {
    ($client:expr, $create:expr, $update:ident, $paging:ident, $items:ident, $texts:expr) => {{
        let (client, [description, metadata]) = ($client, $texts.map(str::to_owned));
        let mut create = $create;
        (create.description, create.metadata) = (description.clone(), metadata.clone());
        let first = client.create(&create).await.unwrap();
        let second = client.create(&create).await.unwrap();
        assert_eq!((&first.description, &first.metadata), (&description, &metadata));
        assert_eq!(json!(client.get(&first.id).await.unwrap()), json!(first));

        let paging = types::$paging { limit: Some("1".to_owned()), ..Default::default() };
        let listed: Vec<_> = client.list(paging).$items().await.try_collect().await.unwrap();
        let mut due = vec![json!(first), json!(second)];
        due.sort_by_key(|item| std::cmp::Reverse(item["id"].to_string()));
        assert_eq!(listed.iter().map(|item| json!(item)).collect::<Vec<_>>(), due);

        let update = types::$update {
            id: first.id.clone(),
            description: Some("changed".to_owned()),
            ..Default::default()
        };
        let changed = client.update(&update).await.unwrap();
        let mut due = json!(first);
        due["description"] = json!("changed");
        assert_eq!(json!(changed), due);

        for id in [&first.id, &second.id] {
            client.delete(id).await.unwrap();
            // It reads no refusal that has no code, and shows the body instead.
            match client.get(id).await {
                Err(Error::UnknownError(body)) => assert!(body.contains("\"status_code\":404"), "{body}"),
                other => panic!("{other:?}"),
            }
        }
    }};
}

async fn completes_all(client: &Client, texts: [&'static str; 2]) {
    let tls = types::TLSCertificateCreate {
        certificate_pem: text_of("seed/example.com.pem"),
        private_key_pem: text_of("seed/example.com.key"),
        ..Default::default()
    };
    completes!(client.tls_certificates(), tls, TLSCertificateUpdate, FilteredPaging, tls_certificates, texts);
    let ca =
        types::CertificateAuthorityCreate { ca_pem: text_of("seed/example.com.pem"), ..Default::default() };
    completes!(
        client.certificate_authorities(),
        ca,
        CertificateAuthorityUpdate,
        FilteredPaging,
        certificate_authorities,
        texts
    );
    let sshca = types::SSHCertificateAuthorityCreate::default();
    completes!(
        client.ssh_certificate_authorities(),
        sshca,
        SSHCertificateAuthorityUpdate,
        FilteredPaging,
        ssh_certificate_authorities,
        texts
    );
    let sshca = types::SSHCertificateAuthorityCreate {
        description: "d".to_owned(),
        metadata: "m".to_owned(),
        ..Default::default()
    };
    let by = client.ssh_certificate_authorities().create(&sshca).await.unwrap().id;
    let user = types::SSHUserCertificateCreate {
        ssh_certificate_authority_id: by.clone(),
        public_key: KEY.to_owned(),
        ..Default::default()
    };
    completes!(
        client.ssh_user_certificates(),
        user,
        SSHUserCertificateUpdate,
        Paging,
        ssh_user_certificates,
        texts
    );
    let host = types::SSHHostCertificateCreate {
        ssh_certificate_authority_id: by,
        public_key: KEY.to_owned(),
        ..Default::default()
    };
    completes!(
        client.ssh_host_certificates(),
        host,
        SSHHostCertificateUpdate,
        Paging,
        ssh_host_certificates,
        texts
    );
}

#[test]
fn every_operation_is_completed_where_empty_texts_are_written() {
    let served = Served::with(&["--emit-empty"]);
    wait(completes_all(&client(&served), ["", ""]));
}

#[test]
fn every_operation_is_completed_where_no_text_is_empty() {
    let served = Served::new();
    wait(completes_all(&client(&served), ["of this test", "{}"]));
}

#[test]
fn an_empty_text_that_is_left_out_is_missed_after_the_deed() {
    let served = Served::new();
    let client = client(&served);
    let created = wait(client.ssh_certificate_authorities().create(&Default::default()));
    assert!(matches!(created, Err(Error::RequestError(_))), "{created:?}");
    let listed = served.get("/ssh_certificate_authorities").is(200).json();
    assert_eq!(listed["ssh_certificate_authorities"].as_array().map(Vec::len), Some(1), "{listed}");
}

#[test]
fn a_refusal_with_a_code_is_read() {
    let served = Served::new();
    let client = client(&served);
    let refused = wait(client.tls_certificates().create(&Default::default()));
    match refused {
        Err(Error::Ngrok(problem)) => {
            assert_eq!(problem.error_code, "ERR_NGROK_1922");
            assert!(!problem.msg.is_empty());
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(served.get("/tls_certificates").is(200).json()["next_page_uri"], Value::Null);
}
