//! What is sent again, how often, and after how long.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use certgate_api::{TlsCertificate, TlsCertificateId, Update};
use certgate_client::{
    Client, Error, FAULT_ATTEMPTS_MAX, LIMITED_ATTEMPTS_MAX, ListQuery, PAUSE_MAX, Pause, PauseReason,
    RETRY_AFTER_MAX, TransportFault,
};
use tokio::time::Instant;

use crate::api::{Api, Fate, http_date, problem};
use crate::cases::cleared;

fn status(status: u16) -> Fate {
    Fate::Refused(status, Vec::new(), problem(status, "ERR_NGROK_1501"))
}

fn limited(retry_after: &'static [(&'static str, &'static str)]) -> Fate {
    Fate::Refused(429, retry_after.to_vec(), problem(429, "ERR_NGROK_226"))
}

fn id() -> TlsCertificateId {
    "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap()
}

/// Every fault that may pass by itself.
fn passing() -> [Fate; 7] {
    [
        status(500),
        status(502),
        status(503),
        Fate::Fault(TransportFault::NotConnected),
        Fate::Fault(TransportFault::Interrupted),
        Fate::Fault(TransportFault::TimedOut),
        Fate::Refused(200, Vec::new(), "{\"id\": \"cert_2rww".into()),
    ]
}

/// An API that holds one certificate, and its id.
async fn holding_one() -> (Api, TlsCertificateId) {
    let api = Api::new();
    let id = api.client().push(cleared("held")).await.unwrap().resource.id;
    api.state().seen.clear();
    (api, id)
}

async fn all_verbs(client: &Client<Api>, id: &TlsCertificateId) -> [Result<(), Error>; 4] {
    let update = Update { description: Some("new".into()), metadata: None };
    [
        client.read(id).await.map(drop),
        client.list(&ListQuery::<TlsCertificate>::default()).next_page().await.map(drop),
        client.update(id, &update).await.map(drop),
        client.delete(id).await,
    ]
}

#[tokio::test(start_paused = true)]
async fn what_does_no_harm_twice_is_sent_again_after_a_fault() {
    for fate in passing() {
        let (api, id) = holding_one().await;
        // Each of the four meets the fault once; for a deletion an unreadable answer is one all the same.
        for _ in 0..4 {
            api.state().script.extend([fate.clone(), Fate::Answered]);
        }
        for outcome in all_verbs(&api.client(), &id).await {
            outcome.unwrap();
        }
        assert_eq!(api.count("PATCH"), 2);
        assert_eq!(api.count("GET"), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_against_faults_have_an_end() {
    for fate in passing() {
        let api = Api::with(vec![fate; 20]);
        let error = api.client().read(&id()).await.unwrap_err();
        assert_eq!(u32::try_from(api.count("GET")).unwrap(), FAULT_ATTEMPTS_MAX, "{error}");
        assert_eq!(error.attempts(), FAULT_ATTEMPTS_MAX);
        assert!(error.is_retryable() && !error.is_refused());
    }
}

#[tokio::test(start_paused = true)]
async fn what_will_not_pass_is_not_sent_again() {
    let final_ones = [
        status(400),
        status(403),
        status(404),
        status(415),
        status(302),
        Fate::Fault(TransportFault::NotTrusted),
        Fate::Refused(429, vec![("retry-after", "301")], problem(429, "ERR_NGROK_226")),
    ];
    for fate in final_ones {
        let api = Api::with(vec![fate.clone(); 16]);
        for outcome in all_verbs(&api.client(), &id()).await {
            outcome.unwrap_err();
        }
        api.client().push(cleared("shop")).await.unwrap_err();
        assert_eq!(api.calls().len(), 5);
    }
    // These say nothing of what a creation did; nobody asks them for the same again.
    let html = Fate::Refused(200, vec![("content-type", "text/html")], String::new());
    for fate in [Fate::Fault(TransportFault::TooLarge), html] {
        let api = Api::with(vec![fate; 8]);
        let error = api.client().read(&id()).await.unwrap_err();
        assert_eq!((api.calls().len(), error.is_retryable()), (1, false), "{error}");
        let error = api.client().push(cleared("shop")).await.unwrap_err();
        assert!(error.is_ambiguous());
        assert_eq!((api.count("POST"), api.count("GET")), (1, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_is_waited_out_whatever_the_verb() {
    let (api, id) = holding_one().await;
    for _ in 0..4 {
        api.state().script.extend([limited(&[]), limited(&[]), Fate::Answered]);
    }
    for outcome in all_verbs(&api.client(), &id).await {
        outcome.unwrap();
    }
    api.state().script.extend([limited(&[]), Fate::Answered]);
    api.client().push(cleared("shop")).await.unwrap();
    assert_eq!((api.count("POST"), api.held()), (2, 1), "the first was refused, and created nothing");
}

#[tokio::test(start_paused = true)]
async fn attempts_against_a_rate_limit_have_an_end_and_pauses_a_cap() {
    let api = Api::with(vec![limited(&[]); 40]);
    let pauses: Arc<Mutex<Vec<Pause>>> = Arc::default();
    let told = Arc::clone(&pauses);
    let client = api.client().with_pauses_told(move |pause| told.lock().unwrap().push(pause));
    let error = client.push(cleared("shop")).await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable() && !error.is_refused() && !error.is_ambiguous());
    assert_eq!((error.attempts(), error.code()), (LIMITED_ATTEMPTS_MAX, Some(226)));
    let pauses = pauses.lock().unwrap();
    assert_eq!(u32::try_from(pauses.len()).unwrap(), LIMITED_ATTEMPTS_MAX - 1);
    assert!(pauses.iter().all(|pause| pause.reason == PauseReason::RateLimited && pause.length <= PAUSE_MAX));
    assert!(pauses.iter().any(|pause| pause.length > Duration::from_secs(5)), "{pauses:?}");
}

/// How long the second attempt waits.
async fn wait_after(fate: Fate) -> Duration {
    let (api, id) = holding_one().await;
    api.state().script.push_back(fate);
    let began = Instant::now();
    api.client().read(&id).await.unwrap();
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn the_api_says_how_long_to_wait_in_seconds_or_by_a_date() {
    let about = |waited: Duration, secs: u64| {
        (secs * 1000..secs * 1000 + 100).contains(&u64::try_from(waited.as_millis()).unwrap())
    };
    for fate in
        [limited(&[("retry-after", "17")]), Fate::Refused(503, vec![("retry-after", "17")], problem(503, ""))]
    {
        let waited = wait_after(fate).await;
        assert!(about(waited, 17), "{waited:?}");
    }
    // The API's clock is what the date is compared with.
    let (api, id) = holding_one().await;
    let date = http_date(api.state().clock_secs + 3600 + 40);
    api.state().clock_secs += 3600;
    let leaked: &'static str = Box::leak(date.into_boxed_str());
    api.state().script.push_back(Fate::Refused(429, vec![("retry-after", leaked)], problem(429, "")));
    let began = Instant::now();
    api.client().read(&id).await.unwrap();
    assert!(about(began.elapsed(), 40) || about(began.elapsed(), 39), "{:?}", began.elapsed());
    // A date that is over asks for no pause.
    let waited = wait_after(limited(&[("retry-after", "Sun, 01 Nov 1998 00:00:00 GMT")])).await;
    assert!(about(waited, 0), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_time_to_wait_is_passed_over() {
    for text in ["soon", "-5", "1e3", "Sun, 32 Nov 2026 00:00:00 GMT", "Sunday, 01-Nov-26 00:00:00 GMT"] {
        let leaked: &'static [(&str, &str)] = Box::leak(Box::new([("retry-after", text)]));
        assert!(wait_after(limited(leaked)).await <= Duration::from_secs(3), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_longer_than_anyone_waits_here_is_said() {
    let secs = RETRY_AFTER_MAX.as_secs();
    let leaked: &'static str = Box::leak((secs + 1).to_string().into_boxed_str());
    let api = Api::with([Fate::Refused(429, vec![("retry-after", leaked)], problem(429, "ERR_NGROK_226"))]);
    let error = api.client().read(&id()).await.unwrap_err();
    assert!(error.is_rate_limited() && error.is_retryable());
    insta::assert_snapshot!(error, @"GET /tls_certificates/cert_2rwwl6y1UCOM1WjSQhSj2VPegVh: the API answered 429 ERR_NGROK_226: as scripted; it asks to wait for 301 seconds (operation op_2rwwl6y1UCOM1WjSQhSj2VPegVh)");
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_stops_calls_that_run_beside_it() {
    let (api, id) = holding_one().await;
    api.state().script.push_back(limited(&[("retry-after", "30")]));
    let client = api.client();
    let later = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        client.read(&id).await
    };
    let (one, other) = tokio::join!(client.read(&id), later);
    one.unwrap();
    other.unwrap();
    let at: Vec<u64> = api.state().seen.iter().map(|seen| seen.at.as_secs()).collect();
    assert_eq!(at, [0, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn pauses_between_faults_double_and_differ_from_client_to_client() {
    let mut longest = [0; 3];
    for seed in 0..50 {
        let api = Api::with(vec![status(500); 4]);
        let pauses: Arc<Mutex<Vec<u128>>> = Arc::default();
        let told = Arc::clone(&pauses);
        let tell = move |pause: Pause| told.lock().unwrap().push(pause.length.as_millis());
        api.client_of(seed).with_pauses_told(tell).read(&id()).await.unwrap_err();
        let pauses = pauses.lock().unwrap();
        assert_eq!(pauses.len(), longest.len());
        for (longest, pause) in longest.iter_mut().zip(pauses.iter()) {
            *longest = (*pause).max(*longest);
        }
    }
    assert!(
        longest.iter().zip([500, 1000, 2000]).all(|(longest, most)| (most * 3 / 4..=most).contains(longest)),
        "{longest:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_deletion_whose_answer_got_lost_succeeds_where_nothing_is_left() {
    for fate in [Fate::DoneAndCut, Fate::DoneAndSilent] {
        let (api, id) = holding_one().await;
        api.state().script.push_back(fate);
        api.client().delete(&id).await.unwrap();
        assert_eq!((api.count("DELETE"), api.held()), (2, 0));
    }
    // A request that never left can have deleted nothing.
    let api = Api::with([Fate::Fault(TransportFault::NotConnected)]);
    assert!(api.client().delete(&id()).await.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_takes_no_longer_than_it_may() {
    let (api, id) = holding_one().await;
    api.state().script.extend(vec![Fate::DoneAndSilent; 4]);
    let began = Instant::now();
    let error = api.client().with_attempt_max(Duration::from_secs(5)).read(&id).await.unwrap_err();
    assert!((20..24).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    insta::assert_snapshot!(error, @"GET /tls_certificates/cert_3LTw7k6IyuPGouc27iSCqExGVP6: no answer in time (4 attempts)");
}
