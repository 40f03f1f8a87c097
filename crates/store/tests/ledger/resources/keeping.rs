//! Creating, reading, listing, changing, deleting.

use certgate_store::{
    Conflict, Deleting, Entry, Error, NewResource, PAGE_RESOURCES_BYTES_MAX, RESOURCE_CONTENT_BYTES_MAX,
    RESOURCE_TEXT_BYTES_MAX, Relation, ResourceFacts, ResourceFilter, ResourceKind, ResourceRecord,
    ResourceUpdate, TimeField, wait,
};

use super::{Place, entries, id, ids, resource};
use crate::harness::{day, now};

const KIND: ResourceKind = ResourceKind::TlsCertificate;

fn said(description: &str, metadata: &str) -> NewResource {
    let (description, metadata) = (description.to_owned(), metadata.to_owned());
    NewResource { description, metadata, ..resource(KIND, 1) }
}

pub(crate) fn a_resource_is_kept_as_it_was_given(place: &dyn Place) {
    let store = place.open();
    let due = ResourceRecord {
        kind: KIND,
        id: id(1),
        created_at: now(),
        description: "ä description".to_owned(),
        metadata: "{\"a\": 1}\n".to_owned(),
        facts: ResourceFacts {
            subject_common_name: Some("ä".to_owned()),
            serial_number: Some(String::new()),
            not_before: Some(day(1)),
            not_after: None,
        },
        content: vec![0, 255, b'\n'],
    };
    let new = NewResource {
        content: due.content.clone(),
        facts: due.facts.clone(),
        ..said(&due.description, &due.metadata)
    };
    assert_eq!(wait(store.create(new, now())).unwrap(), due);
    for store in [store, place.open()] {
        assert_eq!(wait(store.resource(KIND, &id(1))).unwrap().as_ref(), Some(&due));
        assert_eq!(
            wait(store.resources(KIND, ResourceFilter::EVERYTHING, None, 10)).unwrap().resources,
            std::slice::from_ref(&due)
        );
    }
}

pub(crate) fn an_id_is_taken_once_and_for_all(place: &dyn Place) {
    let store = place.open();
    wait(store.create(resource(KIND, 1), now())).unwrap();
    for _ in ["while it is there", "once it is deleted"] {
        let error = wait(store.create(resource(KIND, 1), now())).unwrap_err();
        assert!(matches!(error, Error::Conflict(Conflict::ResourceTaken { .. })), "{error}");
        wait(store.delete(KIND, &id(1), now())).unwrap();
    }
}

pub(crate) fn what_is_too_long_is_not_kept(place: &dyn Place) {
    let store = place.open();
    let long = "x".repeat(RESOURCE_TEXT_BYTES_MAX + 1);
    let content = vec![0; RESOURCE_CONTENT_BYTES_MAX + 1];
    for new in [said(&long, ""), said("", &long), NewResource { content, ..said("", "") }] {
        assert!(matches!(wait(store.create(new, now())), Err(Error::TextUnfit { .. })));
    }
    wait(store.create(said(&long[1..], &long[1..]), now())).unwrap();
    let update = ResourceUpdate { description: None, metadata: Some(long) };
    assert!(matches!(wait(store.update(KIND, &id(1), update, now())), Err(Error::TextUnfit { .. })));
}

pub(crate) fn an_update_changes_what_it_names(place: &dyn Place) {
    let store = place.open();
    wait(store.create(said("old", "old"), now())).unwrap();
    let steps = [
        (Some("new"), None, ("new", "old")),
        (None, Some("new"), ("new", "new")),
        (Some(""), Some(""), ("", "")),
        (Some("last"), None, ("last", "")),
    ];
    for (description, metadata, due) in steps {
        let update = ResourceUpdate {
            description: description.map(str::to_owned),
            metadata: metadata.map(str::to_owned),
        };
        let updated = wait(store.update(KIND, &id(1), update, day(1))).unwrap().unwrap();
        assert_eq!((updated.description.as_str(), updated.metadata.as_str()), due);
        assert_eq!(updated.created_at, now());
        assert_eq!(wait(store.resource(KIND, &id(1))).unwrap(), Some(updated));
    }
}

pub(crate) fn an_update_that_changes_nothing_leaves_no_record(place: &dyn Place) {
    let store = place.open();
    let created = wait(store.create(said("d", "m"), now())).unwrap();
    let same = ResourceUpdate { description: Some("d".to_owned()), metadata: None };
    for update in [same, ResourceUpdate::default()] {
        assert_eq!(wait(store.update(KIND, &id(1), update, now())).unwrap().unwrap(), created);
    }
    assert_eq!(entries(place).len(), 1);
}

pub(crate) fn what_is_not_there_is_neither_read_nor_changed_nor_deleted(place: &dyn Place) {
    let store = place.open();
    wait(store.create(resource(KIND, 1), now())).unwrap();
    wait(store.delete(KIND, &id(1), now())).unwrap();
    for id in [id(1), id(2)] {
        assert_eq!(wait(store.resource(KIND, &id)).unwrap(), None);
        assert_eq!(wait(store.update(KIND, &id, ResourceUpdate::default(), now())).unwrap(), None);
        assert_eq!(wait(store.delete(KIND, &id, now())).unwrap(), Deleting::Unknown);
        assert_eq!(wait(store.secret(KIND, &id)).unwrap(), None);
    }
}

pub(crate) fn a_deleted_resource_stays_in_the_records(place: &dyn Place) {
    let store = place.open();
    wait(store.create(said("d", "m"), now())).unwrap();
    assert_eq!(wait(store.delete(KIND, &id(1), day(1))).unwrap(), Deleting::Deleted);
    assert_eq!(ids(store.as_ref(), KIND), []);
    match entries(place).as_slice() {
        [Entry::ResourceCreated(created), Entry::ResourceDeleted { resource: 1 }] => {
            assert_eq!((created.id.as_str(), created.description.as_str()), ("id_000001", "d"));
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) fn pages_come_greatest_first_and_lose_nothing(place: &dyn Place) {
    let store = place.open();
    // In another order than that of their ids.
    for number in (0..50).map(|number| number * 7 % 50) {
        wait(store.create(resource(KIND, number), now())).unwrap();
    }
    for number in [0, 10, 24, 49] {
        wait(store.delete(KIND, &id(number), now())).unwrap();
    }
    let due: Vec<_> = (0..50).rev().filter(|number| ![0, 10, 24, 49].contains(number)).map(id).collect();
    for limit in [1, 7, 46, 1000, usize::MAX] {
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let page = wait(store.resources(KIND, ResourceFilter::EVERYTHING, before.clone(), limit))
                .unwrap()
                .resources;
            assert!(page.len() <= limit);
            let Some(last) = page.last() else { break };
            before = Some(last.id.clone());
            found.extend(page.into_iter().map(|resource| resource.id));
        }
        assert_eq!(found, due, "{limit} at a time");
    }
    // What a page begins behind need not be there any more.
    let behind = wait(store.resources(KIND, ResourceFilter::EVERYTHING, Some(id(24)), 1)).unwrap();
    assert_eq!(behind.resources[0].id, id(23));
    assert!(behind.has_more);
    assert_eq!(wait(store.resources(KIND, ResourceFilter::EVERYTHING, None, 0)).unwrap().resources, []);
}

pub(crate) fn a_page_ends_early_where_its_resources_are_large(place: &dyn Place) {
    let store = place.open();
    let (part, facts) = (PAGE_RESOURCES_BYTES_MAX * 2 / 5, ResourceFacts::default());
    for (number, bytes) in
        [(1, 3), (2, part), (3, part), (4, part), (5, RESOURCE_CONTENT_BYTES_MAX), (6, part)]
    {
        let facts = ResourceFacts { not_after: Some(day(9)), ..facts.clone() };
        let new = NewResource { facts, content: vec![7; bytes], ..resource(KIND, number) };
        wait(store.create(new, now())).unwrap();
    }
    let ends_soon = ResourceFilter::Time(TimeField::NotAfter, Relation::Less, day(10));
    for filter in [ResourceFilter::EVERYTHING, ends_soon] {
        let (mut pages, mut before) = (Vec::new(), None);
        loop {
            let page = wait(store.resources(KIND, filter.clone(), before, 100)).unwrap();
            before = page.resources.last().map(|last| last.id.clone());
            pages.push(page.resources.into_iter().map(|one| one.id).collect::<Vec<_>>());
            if !page.has_more {
                break;
            }
        }
        assert_eq!(pages, [vec![id(6)], vec![id(5)], vec![id(4), id(3)], vec![id(2), id(1)]]);
    }
}

pub(crate) fn kinds_do_not_mix(place: &dyn Place) {
    let store = place.open();
    for kind in ResourceKind::ALL {
        if kind != ResourceKind::SshCertificateAuthority {
            wait(store.create(resource(kind, 1), now())).unwrap();
        }
    }
    wait(store.delete(KIND, &id(1), now())).unwrap();
    for kind in ResourceKind::ALL {
        let is_there = kind != KIND && kind != ResourceKind::SshCertificateAuthority;
        assert_eq!(ids(store.as_ref(), kind).len(), usize::from(is_there), "{kind:?}");
        assert_eq!(wait(store.resource(kind, &id(1))).unwrap().is_some(), is_there, "{kind:?}");
    }
}

pub(crate) fn texts_of_any_characters_are_kept(place: &dyn Place) {
    let store = place.open();
    let text = "\0a\u{f8ff}0\u{f8ff}1\0\u{1f511}";
    let kept = wait(store.create(said(text, text), now())).unwrap();
    assert_eq!((kept.description.as_str(), kept.metadata.as_str()), (text, text));
    assert_eq!(wait(store.resource(kept.kind, &kept.id)).unwrap(), Some(kept));
}
