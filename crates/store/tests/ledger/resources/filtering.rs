//! Resources that a filter lets through.

use certgate_facts::Timestamp;
use certgate_store::{
    Error, NewResource, Relation, ResourceFacts, ResourceFilter, ResourceId, ResourceKind, ResourceRecord,
    ResourceUpdate, Resources, TextField, TextTest, TimeField, wait,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use super::{Place, id, resource};
use crate::harness::{day, now};

const KIND: ResourceKind = ResourceKind::TlsCertificate;
/// Texts that are alike, and what databases could take for something else.
const TEXTS: [&str; 10] = ["", "a", "ab", "b", "ä", "äb", "A", "%", "'; --", "a_b\\"];

/// Whether a filter lets a resource through, as it says itself.
fn passes(filter: &ResourceFilter, resource: &ResourceRecord) -> bool {
    match filter {
        ResourceFilter::All(parts) => parts.iter().all(|part| passes(part, resource)),
        ResourceFilter::Any(parts) => parts.iter().any(|part| passes(part, resource)),
        ResourceFilter::Not(part) => !passes(part, resource),
        ResourceFilter::Text(field, test) => {
            let text = match field {
                TextField::Id => Some(resource.id.as_str()),
                TextField::Description => Some(resource.description.as_str()),
                TextField::Metadata => Some(resource.metadata.as_str()),
                TextField::SubjectCommonName => resource.facts.subject_common_name.as_deref(),
                TextField::SerialNumber => resource.facts.serial_number.as_deref(),
            };
            text.is_some_and(|text| match test {
                TextTest::In(texts) => texts.iter().any(|one| one == text),
                TextTest::Compare(relation, other) => is(text, *relation, other.as_str()),
                TextTest::Contains(part) => text.contains(part.as_str()),
                TextTest::StartsWith(part) => text.starts_with(part.as_str()),
                TextTest::EndsWith(part) => text.ends_with(part.as_str()),
                TextTest::Length(relation, letters) => {
                    is(u32::try_from(text.chars().count()).unwrap(), *relation, *letters)
                }
            })
        }
        ResourceFilter::Time(field, relation, other) => {
            let at = match field {
                TimeField::CreatedAt => Some(resource.created_at),
                TimeField::NotBefore => resource.facts.not_before,
                TimeField::NotAfter => resource.facts.not_after,
            };
            at.is_some_and(|at| is(at, *relation, *other))
        }
    }
}

fn is<T: Ord>(one: T, relation: Relation, other: T) -> bool {
    match relation {
        Relation::Less => one < other,
        Relation::AtMost => one <= other,
        Relation::Equal => one == other,
        Relation::AtLeast => one >= other,
        Relation::Greater => one > other,
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(TEXTS.as_slice()).prop_map(str::to_owned), 1 => (0_u32..60).prop_map(|n| id(n).to_string())]
}

fn relations() -> impl Strategy<Value = Relation> {
    select(Relation::ALL.as_slice())
}

/// Close together and far apart, so that blocks of all lengths have a part in it.
fn times() -> impl Strategy<Value = Timestamp> {
    let now = now().unix_secs();
    prop_oneof![
        (-3_i64..400).prop_map(move |step| now + step),
        (-3_i64..40).prop_map(move |step| now + step * 5000),
        (-3_i64..40).prop_map(move |step| now + step * 3_000_000),
        Just(-1),
        any::<i64>(),
    ]
    .prop_map(Timestamp::from_unix_secs)
}

fn tests() -> impl Strategy<Value = ResourceFilter> {
    let fields = select(vec![
        TextField::Id,
        TextField::Description,
        TextField::Metadata,
        TextField::SubjectCommonName,
        TextField::SerialNumber,
    ]);
    let test = prop_oneof![
        prop::collection::vec(texts(), 0..4).prop_map(TextTest::In),
        (relations(), texts()).prop_map(|(relation, text)| TextTest::Compare(relation, text)),
        texts().prop_map(TextTest::Contains),
        texts().prop_map(TextTest::StartsWith),
        texts().prop_map(TextTest::EndsWith),
        (relations(), 0_u32..4).prop_map(|(relation, letters)| TextTest::Length(relation, letters)),
    ];
    let of_time = select(vec![TimeField::CreatedAt, TimeField::NotBefore, TimeField::NotAfter]);
    prop_oneof![
        (fields, test).prop_map(|(field, test)| ResourceFilter::Text(field, test)),
        (of_time, relations(), times())
            .prop_map(|(field, relation, at)| ResourceFilter::Time(field, relation, at)),
    ]
}

fn filters() -> impl Strategy<Value = ResourceFilter> {
    tests().prop_recursive(4, 16, 3, |part| {
        let parts = prop::collection::vec(part.clone(), 0..4);
        prop_oneof![
            3 => parts.clone().prop_map(ResourceFilter::All),
            2 => parts.prop_map(ResourceFilter::Any),
            1 => part.prop_map(|part| ResourceFilter::Not(Box::new(part))),
        ]
    })
}

fn facts() -> impl Strategy<Value = ResourceFacts> {
    let text = || prop::option::weighted(0.9, texts());
    let time = || prop::option::weighted(0.9, times());
    (text(), text(), time(), time()).prop_map(
        |(subject_common_name, serial_number, not_before, not_after)| ResourceFacts {
            subject_common_name,
            serial_number,
            not_before,
            not_after,
        },
    )
}

/// Resources of all sorts; all that there are of the kind come back, the greatest ids first.
fn filled(store: &dyn Resources, runner: &mut TestRunner, count: u32) -> Vec<ResourceRecord> {
    let mut all = Vec::new();
    for number in 0..count {
        let some = (facts(), texts(), texts(), 0_i64..400).new_tree(runner).unwrap().current();
        let (facts, description, metadata, secs) = some;
        let new = NewResource { facts, description, metadata, ..resource(KIND, number) };
        let at = Timestamp::from_unix_secs(now().unix_secs() + secs);
        all.push(wait(store.create(new.clone(), at)).unwrap());
        if number % 8 == 0 {
            let kind = ResourceKind::CertificateAuthority;
            wait(store.create(NewResource { kind, ..new }, at)).unwrap();
        }
    }
    all.sort_by(|one, other| other.id.cmp(&one.id));
    all
}

pub(crate) fn any_filter_lets_through_what_it_says(place: &dyn Place) {
    let store = place.open();
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 1500, failure_persistence: None, ..Config::default() },
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let all = filled(store.as_ref(), &mut runner, 60);
    let found = std::cell::Cell::new(0);
    let asked = (filters(), prop::option::of((0_u32..60).prop_map(id)), 1_usize..70);
    runner
        .run(&asked, |(filter, before, limit)| {
            let due: Vec<_> = all
                .iter()
                .filter(|one| before.as_ref().is_none_or(|before| one.id < *before) && passes(&filter, one))
                .take(limit)
                .cloned()
                .collect();
            found.set(found.get() + due.len());
            prop_assert_eq!(wait(store.resources(KIND, filter, before, limit)).unwrap().resources, due);
            Ok(())
        })
        .unwrap();
    assert!(found.get() > 2000, "{}", found.get());
}

fn ids_of(store: &dyn Resources, filter: &ResourceFilter) -> Vec<ResourceId> {
    let found = wait(store.resources(KIND, filter.clone(), None, 1000)).unwrap().resources;
    found.into_iter().map(|resource| resource.id).collect()
}

fn ends_before(at: Timestamp) -> ResourceFilter {
    ResourceFilter::Time(TimeField::NotAfter, Relation::Less, at)
}

pub(crate) fn pages_of_a_filter_lose_nothing(place: &dyn Place) {
    let store = place.open();
    for number in 0..50 {
        // The oldest end first, as is usual, but for some.
        let not_after = Some(day(i64::from(if number % 10 == 3 { 90 - number } else { number })));
        let facts = ResourceFacts { not_after, ..ResourceFacts::default() };
        wait(store.create(NewResource { facts, ..resource(KIND, number) }, now())).unwrap();
    }
    let filter = ends_before(day(40));
    let due = ids_of(store.as_ref(), &filter);
    assert_eq!(due.len(), 36);
    for limit in [1, 7, 36, 100] {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = wait(store.resources(KIND, filter.clone(), before.clone(), limit)).unwrap().resources;
            let Some(last) = page.last() else { break };
            before = Some(last.id.clone());
            found.extend(page.into_iter().map(|resource| resource.id));
        }
        assert_eq!(found, due, "{limit} at a time");
    }
    assert_eq!(wait(store.resources(KIND, filter, None, 0)).unwrap().resources, []);
}

pub(crate) fn a_filter_that_is_too_large_is_not_asked(place: &dyn Place) {
    let store = place.open();
    let texts = |count| ResourceFilter::Text(TextField::Id, TextTest::In(vec!["x".to_owned(); count]));
    assert_eq!(wait(store.resources(KIND, texts(ResourceFilter::TESTS_MAX), None, 1)).unwrap().resources, []);
    let refused = wait(store.resources(KIND, texts(ResourceFilter::TESTS_MAX + 1), None, 1));
    assert!(matches!(refused, Err(Error::TextUnfit { .. })));
}

pub(crate) fn what_is_changed_or_deleted_is_filtered_as_it_is(place: &dyn Place) {
    let store = place.open();
    let facts = ResourceFacts { not_after: Some(day(1)), ..ResourceFacts::default() };
    for number in 1..=3 {
        let new =
            NewResource { description: "old".to_owned(), facts: facts.clone(), ..resource(KIND, number) };
        wait(store.create(new, now())).unwrap();
    }
    let update = ResourceUpdate { description: Some("new".to_owned()), metadata: None };
    wait(store.update(KIND, &id(2), update, now())).unwrap();
    wait(store.delete(KIND, &id(1), now())).unwrap();
    let said = |text: &str| {
        ResourceFilter::Text(TextField::Description, TextTest::Compare(Relation::Equal, text.to_owned()))
    };
    assert_eq!(ids_of(store.as_ref(), &said("old")), [id(3)]);
    assert_eq!(ids_of(store.as_ref(), &said("new")), [id(2)]);
    assert_eq!(ids_of(store.as_ref(), &ends_before(day(2))), [id(3), id(2)]);
}
