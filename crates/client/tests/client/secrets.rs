//! The key of the API, the keys of certificates, and what a server may do to a terminal.

use certgate_api::{TlsCertificate, TlsCertificateId};
use certgate_client::{ApiKey, ListQuery, SHOWN_CHARS_MAX};
use serde_json::json;

use crate::api::{Api, Fate, KEY};
use crate::cases::cleared;

fn id() -> TlsCertificateId {
    "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap()
}

fn refusal(msg: &str, details: serde_json::Value) -> Fate {
    let body = json!({ "error_code": "ERR_NGROK_202", "status_code": 403, "msg": msg, "details": details });
    Fate::Refused(403, Vec::new(), body.to_string())
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_server_echoes_is_starred_out() {
    let split = format!("{}\u{200b}{}", &KEY[..9], &KEY[9..]);
    let details = json!({ "operation_id": format!("op_{KEY}"), KEY: "name", "value": KEY });
    let api = Api::with([refusal(&format!("'{KEY}' and '{split}' are no keys"), details)]);
    let error = api.client().read(&id()).await.unwrap_err();
    insta::assert_snapshot!(error, @"GET /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh: the API answered 403 ERR_NGROK_202: '***' and '***' are no keys (operation op_***)");
    insta::assert_snapshot!(serde_json::to_string(error.problem().unwrap()).unwrap(), @r#"{"error_code":"ERR_NGROK_202","status_code":403,"msg":"'***' and '***' are no keys","details":{"***":"name","operation_id":"op_***","value":"***"}}"#);
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test(start_paused = true)]
async fn an_echo_in_a_header_an_object_or_what_does_not_read_is_starred_out_too() {
    let echo = Fate::Refused(404, vec![("ngrok-operation-id", KEY)], String::new());
    let error = Api::with([echo]).client().read(&id()).await.unwrap_err();
    assert_eq!(error.operation_id(), Some("***"));

    let api = Api::new();
    let id = api.client().push(cleared("shop")).await.unwrap().resource.id;
    api.state().resources[0]["description"] = format!("made with {KEY}").into();
    let received = api.client().read(&id).await.unwrap();
    assert_eq!(received.resource.description, "made with ***");
    assert!(!received.json.get().contains(KEY));

    let object = json!({ "id": KEY, "created_at": KEY }).to_string();
    for body in [object, format!("\"{KEY}\""), KEY.to_owned()] {
        let api = Api::with(vec![Fate::Refused(200, Vec::new(), body); 4]);
        let error = api.client().read(&id).await.unwrap_err().to_string();
        assert!(!error.contains(KEY), "{error}");
    }
    let leaked: &'static str = Box::leak(format!("text/{KEY}").into_boxed_str());
    let api = Api::with(vec![Fate::DoneAndSaid(200, leaked, String::new()); 4]);
    let query = ListQuery::<TlsCertificate>::default();
    assert!(!api.client().list(&query).next_page().await.unwrap_err().to_string().contains(KEY));
}

#[tokio::test(start_paused = true)]
async fn what_is_shown_of_a_server_neither_moves_the_cursor_nor_fills_the_screen() {
    let msg = format!("\u{1b}[2Jgone\r\n\u{202e}backwards\u{7}{}", "long ".repeat(1000));
    let api = Api::with([refusal(&msg, json!({ "operation_id": "op_\u{1b}[31m1" }))]);
    let error = api.client().read(&id()).await.unwrap_err();
    let problem = error.problem().unwrap();
    assert_eq!(problem.msg.chars().count(), SHOWN_CHARS_MAX + 1);
    assert!(problem.msg.starts_with("[2Jgonebackwardslong long") && problem.msg.ends_with('…'));
    assert_eq!(error.operation_id(), Some("op_[31m1"));
    assert!(!error.to_string().contains(char::is_control));
}

#[tokio::test(start_paused = true)]
async fn a_problem_of_another_shape_is_none() {
    for body in ["", "<h1>no</h1>", "[]", r#"{"msg":7}"#, r#"{"details":"text"}"#] {
        let api = Api::with([Fate::Refused(403, Vec::new(), body.into())]);
        let error = api.client().read(&id()).await.unwrap_err();
        assert!(error.is_refused() && error.problem().is_none() && error.code().is_none(), "{body}");
        assert!(error.to_string().ends_with("the API answered 403"), "{error}");
    }
    let many: serde_json::Map<_, _> = (0..100).map(|number| (format!("{number:03}"), "x".into())).collect();
    let api = Api::with([refusal("many", many.into())]);
    assert_eq!(api.client().read(&id()).await.unwrap_err().problem().unwrap().details.len(), 16);
}

#[test]
fn no_formatting_shows_a_key() {
    assert_eq!(format!("{:?}", ApiKey::new(KEY).unwrap()), "ApiKey(***)");
    let request = http::Request::new(certgate_client::RequestBody::default());
    assert!(format!("{request:?}").contains("0 bytes"));
}
