//! Lists, a page at a time.

use serde_json::{Value, json};

use crate::harness::Served;

const LIST: &str = "/ssh_certificate_authorities";

fn ids(page: &Value) -> Vec<String> {
    let items = page["ssh_certificate_authorities"].as_array().unwrap();
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn pages_are_newest_first_and_lead_from_one_to_the_next() {
    let served = Served::new();
    let mut due: Vec<String> = (0..7).map(|_| served.authority()).collect();
    due.sort();
    due.reverse();
    for limit in [1, 2, 3, 6, 7, 100] {
        let (mut found, mut path) = (Vec::new(), format!("{LIST}?limit={limit}"));
        loop {
            let page = served.get(&path).is(200).json();
            assert_eq!(page["uri"], format!("{}{LIST}", served.origin));
            found.extend(ids(&page));
            assert!(ids(&page).len() <= limit);
            let Some(next) = page["next_page_uri"].as_str() else { break };
            let last = found.last().unwrap();
            assert_eq!(next, format!("{}{LIST}?before_id={last}&limit={limit}", served.origin));
            path = next.strip_prefix(&served.origin).unwrap().to_owned();
        }
        assert_eq!(found, due, "{limit} at a time");
    }
}

#[test]
fn a_page_that_is_exactly_full_is_the_last() {
    let served = Served::new();
    served.authority();
    let page = served.get(&format!("{LIST}?limit=1")).is(200).json();
    assert_eq!((ids(&page).len(), &page["next_page_uri"]), (1, &Value::Null));
}

#[test]
fn a_page_may_begin_behind_what_is_not_there_any_more() {
    let served = Served::new();
    let mut made: Vec<String> = (0..3).map(|_| served.authority()).collect();
    made.sort();
    served.delete(&format!("{LIST}/{}", made[1])).is(204);
    let page = served.get(&format!("{LIST}?before_id={}", made[1])).is(200).json();
    assert_eq!(ids(&page), [made[0].clone()]);
}

#[test]
fn what_cannot_be_asked_of_a_list_has_its_code() {
    let served = Served::new();
    for (query, code) in [
        ("limit=0", 233),
        ("limit=101", 233),
        ("limit=x", 244),
        ("before_id=cert_2rwwl6y1UCOM1WjSQhSj2VPegVh", 227),
        ("before_id=sshca_1", 223),
        ("beforeId=sshca_1", 231),
        ("limit=1&limit=2", 232),
        ("limit=%", 230),
        ("filter=obj.color+%3D%3D+%22x%22", 250),
    ] {
        served.get(&format!("{LIST}?{query}")).refuses(400, code);
    }
    served.get("/ssh_host_certificates?filter=x").refuses(400, 231);
    served.get(&format!("{LIST}?")).is(200);
    served.post(&format!("{LIST}?limit=1"), &json!({})).refuses(400, 231);
}
