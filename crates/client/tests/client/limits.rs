//! How many requests are sent in which time.

use std::time::Duration;

use certgate_api::TlsCertificateId;
use certgate_client::{RateLimit, TransportFault};
use tokio::time::Instant;

use crate::api::{Api, Fate};
use crate::cases::cleared;

const MINUTE: Duration = Duration::from_secs(60);

/// Creates so many, four at once, and gives their descriptions in the order in which they came.
async fn created(api: &Api, count: usize) -> Vec<String> {
    let client = api.client();
    let next = std::cell::Cell::new(0);
    let worker = async || {
        while next.get() < count {
            let number = next.replace(next.get() + 1);
            client.push(cleared(&number.to_string())).await.unwrap();
        }
    };
    tokio::join!(worker(), worker(), worker(), worker());
    let state = api.state();
    state.resources.iter().map(|held| held["description"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn three_hundred_creations_all_arrive_in_order_and_are_never_too_many() {
    let mut orders = Vec::new();
    for _ in 0..2 {
        let api = Api::new();
        api.state().limit = Some((120, MINUTE));
        let began = Instant::now();
        orders.push(created(&api, 300).await);
        let refused = api.state().too_many;
        assert_eq!((refused, api.count("POST")), (0, 300));
        let took = began.elapsed();
        assert!((2 * MINUTE..2 * MINUTE + Duration::from_secs(10)).contains(&took), "{took:?}");
    }
    assert_eq!(orders[0], orders[1], "the order is the same each time");
    // Those that are under way together may overtake each other, and no one else.
    for (place, description) in orders[0].iter().enumerate() {
        assert!(description.parse::<usize>().unwrap().abs_diff(place) < 4, "{description} came as {place}");
    }
    let mut all: Vec<usize> = orders[0].iter().map(|description| description.parse().unwrap()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..300).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn no_window_of_the_server_holds_more_than_it_takes() {
    let api = Api::new();
    created(&api, 300).await;
    let at: Vec<Duration> = api.state().seen.iter().map(|seen| seen.at).collect();
    let most =
        at.iter().map(|from| at.iter().filter(|at| (*from..*from + MINUTE).contains(*at)).count()).max();
    assert_eq!(most, Some(120));
}

#[tokio::test(start_paused = true)]
async fn where_others_use_up_half_of_it_all_arrive_with_fewer_refusals_than_creations() {
    let api = Api::new();
    api.state().limit = Some((60, MINUTE));
    created(&api, 130).await;
    assert_eq!(api.held(), 130);
    assert!(api.state().too_many < 130, "{}", api.state().too_many);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_counts_failed_ones_too() {
    let api = Api::with(vec![Fate::Fault(TransportFault::Interrupted); 3]);
    let limit = RateLimit { requests: 2, window: MINUTE };
    let id: TlsCertificateId = "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap();
    let began = Instant::now();
    api.client().with_rate_limit(limit).read(&id).await.unwrap_err();
    assert_eq!(api.count("GET"), 4);
    assert!((MINUTE..MINUTE + Duration::from_secs(5)).contains(&began.elapsed()), "{:?}", began.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_gives_its_turn_back() {
    let api = Api::with([Fate::DoneAndSilent]);
    let client = api.client().with_rate_limit(RateLimit { requests: 1, window: Duration::from_secs(10) });
    let id: TlsCertificateId = "cert_2rwwl6y1UCOM1WjSQhSj2VPegVh".parse().unwrap();
    let dropped = tokio::time::timeout(Duration::from_secs(3), client.read(&id)).await;
    assert!(dropped.is_err());
    let began = Instant::now();
    assert!(client.read(&id).await.unwrap_err().is_not_found());
    assert!((10..11).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
}
