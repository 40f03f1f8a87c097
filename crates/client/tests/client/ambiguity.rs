//! Creations whose answers get lost.

use std::collections::BTreeSet;
use std::time::Duration;

use certgate_api::TlsCertificateId;
use certgate_client::{CREATED_EARLIER_SECS_MAX, FAULT_ATTEMPTS_MAX, LOOK_PAUSES, TransportFault};
use serde_json::{Value, json};

use crate::api::{Api, Fate, problem};
use crate::cases::{cleared, cleared_host};

/// Every way in which something is created and nobody is told.
fn lost() -> Vec<Fate> {
    let say = |status: u16, content_type: &'static str, text: &str| {
        Fate::DoneAndSaid(status, content_type, text.into())
    };
    vec![
        Fate::DoneAndCut,
        Fate::DoneAndSilent,
        say(500, "application/json", &problem(500, "ERR_NGROK_0")),
        say(504, "text/html", "<h1>gateway</h1>"),
        say(201, "application/json", "{\"id\":\"cert_"),
        say(201, "text/html", "<h1>created</h1>"),
        say(201, "application/json", "{\"id\":\"sshca_2rwwl5w69mehWeDVlbshgAxOzQS\"}"),
    ]
}

#[tokio::test(start_paused = true)]
async fn what_was_created_is_found_and_not_created_again() {
    for fate in lost() {
        let api = Api::with([fate]);
        let found = api.client().push(cleared("shop")).await.unwrap();
        assert_eq!(api.calls(), ["POST /tls_certificates", "GET /tls_certificates"]);
        assert_eq!(api.state().resources[0]["id"], found.resource.id.to_string());
        assert!(found.json.get().contains(&found.resource.id.to_string()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_certificate_is_found_by_all_that_was_asked() {
    let api = Api::with([Fate::DoneAndCut]);
    let found = api.client().push(cleared_host("web-1.example.com")).await.unwrap();
    assert_eq!((api.count("POST"), api.held()), (1, 1));
    assert_eq!(found.resource.principals, ["web-1.example.com"]);
    // The key without its comment is the same key.
    let api = Api::with([Fate::DoneAndCut]);
    let pushing = async { api.client().push(cleared_host("web-1.example.com")).await };
    let changing = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        api.state().resources[0]["public_key"] = crate::cases::HOST_KEY.trim_end_matches(" web-1").into();
    };
    tokio::join!(pushing, changing).0.unwrap();
    assert_eq!(api.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_created_is_created_after_a_second_look() {
    for fate in
        [Fate::Fault(TransportFault::Interrupted), Fate::Fault(TransportFault::TimedOut), server_error()]
    {
        let api = Api::with([fate]);
        api.client().push(cleared("shop")).await.unwrap();
        let (post, get) = ("POST /tls_certificates", "GET /tls_certificates");
        assert_eq!(api.calls(), [post, get, get, post]);
        assert_eq!(api.held(), 1);
    }
}

fn server_error() -> Fate {
    Fate::Refused(500, Vec::new(), problem(500, "ERR_NGROK_0"))
}

#[tokio::test(start_paused = true)]
async fn what_is_created_late_is_found_by_the_second_look() {
    let api = Api::with([Fate::CutAndDoneAfter(LOOK_PAUSES[0] + LOOK_PAUSES[1] / 2)]);
    api.client().push(cleared("shop")).await.unwrap();
    assert_eq!((api.count("POST"), api.count("GET"), api.held()), (1, 2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_time_is_given_it_before_the_first_look() {
    let busy = Fate::Refused(503, vec![("retry-after", "17")], problem(503, "ERR_NGROK_1501"));
    let api = Api::with([busy]);
    api.client().push(cleared("shop")).await.unwrap();
    let at: Vec<u64> = api.state().seen.iter().map(|seen| seen.at.as_secs()).collect();
    assert_eq!(at, [0, 17, 17 + LOOK_PAUSES[1].as_secs(), 17 + LOOK_PAUSES[1].as_secs()]);
}

#[tokio::test(start_paused = true)]
async fn what_was_never_received_is_sent_again_without_a_look() {
    let api = Api::with([Fate::Fault(TransportFault::NotConnected)]);
    api.client().push(cleared("shop")).await.unwrap();
    assert_eq!(api.calls(), ["POST /tls_certificates", "POST /tls_certificates"]);
}

#[tokio::test(start_paused = true)]
async fn where_looking_fails_it_is_said_that_nothing_is_known() {
    let refuse = |status, code| Fate::Refused(status, Vec::new(), problem(status, code));
    let mut script = vec![Fate::DoneAndCut];
    script.extend(vec![refuse(503, "ERR_NGROK_1501"); 4]);
    let api = Api::with(script);
    let error = api.client().push(cleared("shop")).await.unwrap_err();
    assert!(error.is_ambiguous() && error.is_retryable() && !error.is_refused());
    assert_eq!((api.count("POST"), api.count("GET")), (1, 4));
    insta::assert_snapshot!(error, @"POST /tls_certificates: the connection broke: connection reset; it may have been created all the same, and looking for it failed: GET /tls_certificates: the API answered 503 ERR_NGROK_1501: as scripted (operation op_2rwwl6y1UCOM1WjSQhSj2VPegVh) (4 attempts)");

    let api = Api::with([server_error(), refuse(403, "ERR_NGROK_204")]);
    let error = api.client().push(cleared("shop")).await.unwrap_err();
    assert!(error.is_ambiguous());
    assert_eq!(error.status(), Some(500), "the status is that of the creation");
}

#[tokio::test(start_paused = true)]
async fn creations_have_an_end_and_what_is_known_then_is_said() {
    let api = Api::new();
    for _ in 0..20 {
        api.state().script.extend([server_error(), Fate::Answered, Fate::Answered]);
    }
    let error = api.client().push(cleared("shop")).await.unwrap_err();
    assert!(error.is_ambiguous());
    assert_eq!(error.attempts(), FAULT_ATTEMPTS_MAX);
    assert_eq!(u32::try_from(api.count("POST")).unwrap(), FAULT_ATTEMPTS_MAX);
    insta::assert_snapshot!(error, @"POST /tls_certificates: the API answered 500 ERR_NGROK_0: as scripted (operation op_2rwwl6y1UCOM1WjSQhSj2VPegVh); it may have been created all the same, and was not found: list before you create it again (4 attempts)");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_does_not_hide_what_may_have_been_created() {
    let script = [Fate::Fault(TransportFault::Interrupted), Fate::Answered, Fate::Answered];
    let api = Api::with(script);
    api.state().script.push_back(Fate::Refused(403, Vec::new(), problem(403, "ERR_NGROK_204")));
    let error = api.client().push(cleared("shop")).await.unwrap_err();
    assert!(error.is_ambiguous() && !error.is_refused());
    assert_eq!((error.status(), error.code()), (Some(403), Some(204)));
}

/// Pushes with a lost answer where a resource stands already, and tells how often it was created.
async fn creations_beside(
    age_secs: i64,
    change: impl Fn(&mut Value),
    is_known: bool,
    is_dated: bool,
) -> usize {
    let api = Api::new();
    api.state().clock_secs -= age_secs;
    let held = api.client().push(cleared("shop")).await.unwrap().resource.id;
    change(&mut api.state().resources[0]);
    api.state().clock_secs += age_secs;
    api.state().seen.clear();
    api.state().is_dated = is_dated;
    api.state().script.push_back(Fate::Fault(TransportFault::Interrupted));
    let known: BTreeSet<TlsCertificateId> = is_known.then_some(held).into_iter().collect();
    let client = api.client();
    let pushed = match is_known {
        true => client.push_besides(cleared("shop"), &known).await,
        false => client.push(cleared("shop")).await,
    };
    pushed.unwrap();
    api.count("POST")
}

#[tokio::test(start_paused = true)]
async fn only_what_is_new_and_equal_is_taken_for_the_outcome() {
    let same = |_: &mut Value| {};
    // Within the tolerance it is taken, beyond it is not.
    assert_eq!(creations_beside(CREATED_EARLIER_SECS_MAX - 5, same, false, true).await, 1);
    assert_eq!(creations_beside(CREATED_EARLIER_SECS_MAX + 5, same, false, true).await, 2);
    assert_eq!(creations_beside(0, same, true, true).await, 2, "it was known before");
    let changes: [fn(&mut Value); 4] = [
        |held| held["description"] = "shop 2".into(),
        |held| held["metadata"] = Value::Null,
        |held| held["certificate_pem"] = crate::cases::read("seed/example.com.pem").source().name().into(),
        |held| {
            let pem = held["certificate_pem"].as_str().unwrap().to_owned();
            held["certificate_pem"] = pem.split_inclusive("-----END CERTIFICATE-----").next().unwrap().into();
        },
    ];
    for change in changes {
        assert_eq!(creations_beside(0, change, false, true).await, 2);
    }
    let unwrapped = |held: &mut Value| {
        let pem = held["certificate_pem"].as_str().unwrap().replace('\n', "\r\n");
        held["certificate_pem"] = format!("a comment\n{pem}\n\n").into();
    };
    assert_eq!(creations_beside(0, unwrapped, false, true).await, 1, "line breaks make no difference");
}

#[tokio::test(start_paused = true)]
async fn without_a_date_only_what_was_unknown_is_new() {
    let api = Api::with([Fate::DoneAndCut]);
    api.state().is_dated = false;
    let known = BTreeSet::new();
    api.client().push_besides(cleared("shop"), &known).await.unwrap();
    assert_eq!(api.count("POST"), 1);
    assert_eq!(creations_beside(0, |_| {}, true, false).await, 2);
    // With neither, nothing can be told from what was there before.
    let api = Api::with([Fate::DoneAndCut]);
    api.state().is_dated = false;
    let error = api.client().push(cleared("shop")).await.unwrap_err();
    assert!(error.is_ambiguous(), "{error}");
    assert_eq!(api.count("POST"), 1);
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_the_server_is_the_one_that_counts() {
    for clock_secs in [-86_400, 86_400] {
        let api = Api::with([Fate::DoneAndCut]);
        api.state().clock_secs += clock_secs;
        api.client().push(cleared("shop")).await.unwrap();
        assert_eq!(api.count("POST"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn two_creations_of_the_same_have_two_outcomes() {
    let api = Api::with([Fate::DoneAndCut, Fate::DoneAndCut]);
    let client = api.client();
    let (one, other) = tokio::join!(client.push(cleared("shop")), client.push(cleared("shop")));
    assert_ne!(one.unwrap().resource.id, other.unwrap().resource.id);
    assert_eq!((api.count("POST"), api.held()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_search_goes_through_all_pages_and_no_further_than_what_may_be_new() {
    let api = Api::new();
    // Two dozen older ones; the newest of all is created and lost.
    {
        let mut state = api.state();
        state.clock_secs -= 86_400;
        for number in 0..24 {
            let body = json!({ "description": format!("old {number}"), "certificate_pem": "" });
            let held = state.made("tls_certificates", &body.to_string());
            state.resources.push(held);
        }
        state.clock_secs += 86_400;
        state.page_items = 4;
        state.script.push_back(Fate::DoneAndCut);
    }
    api.client().push(cleared("shop")).await.unwrap();
    assert_eq!((api.count("POST"), api.count("GET")), (1, 1));
    // Where the newest are not first, they are looked for to the end.
    api.state().page_items = 1;
    api.state().script.push_back(Fate::Fault(TransportFault::Interrupted));
    api.client().push(cleared("another shop")).await.unwrap();
    assert_eq!((api.count("POST"), api.count("GET")), (3, 1 + 2 * 25));
}
