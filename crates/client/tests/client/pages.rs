//! Lists, and where their next pages may be.

use certgate_api::TlsCertificate;
use certgate_client::{ApiKey, ApiUrl, Client, ListQuery, PAGES_MAX, Pages};
use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng;
use serde_json::json;

use crate::api::{Api, Fate, KEY};

/// An API with so many certificates.
fn holding(count: usize) -> Api {
    let api = Api::new();
    for number in 0..count {
        let body = json!({ "description": number.to_string() }).to_string();
        let mut state = api.state();
        let held = state.made("tls_certificates", &body);
        state.resources.push(held);
    }
    api
}

async fn rest(mut pages: Pages<'_, TlsCertificate, Api>) -> Vec<String> {
    let mut descriptions = Vec::new();
    while let Some(page) = pages.next_page().await.unwrap() {
        descriptions.extend(page.items.into_iter().map(|item| item.resource.description));
    }
    descriptions
}

#[tokio::test(start_paused = true)]
async fn pages_follow_each_other_to_the_end() {
    let api = holding(7);
    api.state().page_items = 3;
    let client = api.client();
    let descriptions = rest(client.list(&ListQuery::default())).await;
    assert_eq!(descriptions, ["6", "5", "4", "3", "2", "1", "0"]);
    let calls = api.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls[1].starts_with("GET /tls_certificates?before_id=cert_"), "{calls:?}");
    assert_eq!(rest(holding(0).client().list(&ListQuery::default())).await, [""; 0]);
}

/// What becomes of a list whose next page is said to be there.
async fn followed(base: &str, next: &str) -> Result<String, String> {
    let api = holding(1);
    api.state().next_page_uri = Some(next.into());
    let url = ApiUrl::new(base).unwrap();
    let client = Client::new(api.clone(), url, ApiKey::new(KEY).unwrap(), ChaCha20Rng::seed_from_u64(1));
    let mut pages = client.list(&ListQuery::<TlsCertificate>::default());
    let first = pages.next_page().await;
    if let Err(error) = first {
        assert!(pages.next_page().await.unwrap().is_none(), "after an error there is no next page");
        assert_eq!(api.calls().len(), 1);
        return Err(error.to_string());
    }
    pages.next_page().await.unwrap();
    Ok(api.calls()[1].clone())
}

#[tokio::test(start_paused = true)]
async fn the_key_is_sent_to_no_other_address() {
    let base = "https://api.ngrok.com";
    let elsewhere = [
        "https://evil.example/tls_certificates?before_id=x",
        "http://api.ngrok.com/tls_certificates",
        "https://api.ngrok.com:8443/tls_certificates",
        "https://api.ngrok.com.evil.example/tls_certificates",
        "https://api.ngrok.com@evil.example/tls_certificates",
        "https://user@api.ngrok.com/tls_certificates",
        "https://api.ngrok.com\\@evil.example/",
        "//evil.example/tls_certificates",
        "/tls_certificates?before_id=x",
        "file:///etc/passwd",
        "nonsense",
        "https://",
    ];
    for next in elsewhere {
        let error = followed(base, next).await.unwrap_err();
        assert!(error.contains("the next page is said to be at another address"), "{next}: {error}");
    }
    assert!(followed("https://api.ngrok.com:8443", "https://api.ngrok.com/tls_certificates").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn the_same_address_may_be_written_otherwise() {
    let followed =
        |base: &'static str, next: &'static str| async move { followed(base, next).await.unwrap() };
    let call = "GET /tls_certificates?before_id=x";
    assert_eq!(
        followed("https://api.ngrok.com", "https://API.ngrok.com:443/tls_certificates?before_id=x").await,
        call
    );
    assert_eq!(
        followed("http://127.0.0.1:8080", "http://127.0.0.1:8080/tls_certificates?before_id=x").await,
        call
    );
    assert_eq!(followed("http://[::1]:80", "http://[::1]/tls_certificates?before_id=x").await, call);
}

#[tokio::test(start_paused = true)]
async fn a_list_without_an_end_is_left() {
    let api = holding(1);
    api.state().next_page_uri = Some("https://api.ngrok.com/tls_certificates?again".into());
    let client = api.client().with_rate_limit(certgate_client::RateLimit {
        requests: usize::MAX,
        window: std::time::Duration::ZERO,
    });
    let mut pages = client.list(&ListQuery::<TlsCertificate>::default());
    let mut count = 0;
    let error = loop {
        match pages.next_page().await {
            Ok(page) => count += u32::from(page.is_some()),
            Err(error) => break error,
        }
    };
    assert_eq!(count, PAGES_MAX);
    insta::assert_snapshot!(error, @"GET /tls_certificates: the list has more than 10000 pages");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_list_says_so() {
    let html = Fate::DoneAndSaid(200, "text/html; charset=utf-8", "<h1>hotel wifi</h1>".into());
    let api = Api::with(vec![html; 4]);
    let query = ListQuery::<TlsCertificate>::default();
    insta::assert_snapshot!(api.client().list(&query).next_page().await.unwrap_err(), @"GET /tls_certificates: the answer 200 is text/html, and no JSON: is this the address of the API?");
    let other = Fate::Refused(200, Vec::new(), "{\"ssh_host_certificates\":[]}".into());
    let api = Api::with(vec![other; 4]);
    insta::assert_snapshot!(api.client().list(&query).next_page().await.unwrap_err(), @"GET /tls_certificates: the answer 200 cannot be read: missing field `tls_certificates` at line 1 column 28 (4 attempts)");
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_not_followed() {
    let moved = Fate::Refused(308, vec![("location", "https://evil.example/")], String::new());
    let api = Api::with([moved]);
    let query = ListQuery::<TlsCertificate>::default();
    let error = api.client().list(&query).next_page().await.unwrap_err();
    assert_eq!((error.status(), error.is_refused(), error.is_retryable()), (Some(308), false, false));
    insta::assert_snapshot!(error, @"GET /tls_certificates: the answer 308 leads elsewhere, where the key must not go: give the address of the API itself");
    assert_eq!(api.calls().len(), 1);
}
