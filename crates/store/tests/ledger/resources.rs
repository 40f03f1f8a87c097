//! What every store of resources does, however it is kept: behaviours, each run on a store of its own.

mod api_keys;
mod authorities;
mod filtering;
mod groups;
mod keeping;
mod overview;
mod rate;
mod secrets;

use std::thread;

use certgate_store::{
    Entry, Ledger, NewResource, ResourceFacts, ResourceFilter, ResourceId, ResourceKind, Resources, wait,
};

/// Where resources are kept. Every call opens the same store again, or the ledger beside it.
pub(crate) trait Place: Sync {
    fn open(&self) -> Box<dyn Resources>;
    fn ledger(&self) -> Box<dyn Ledger + Send>;
}

/// What a store does.
type Behaviour = (&'static str, fn(&dyn Place));

/// Names the functions that are behaviours.
macro_rules! behaviours {
    ($($module:ident: $($name:ident)+;)+) => { &[$($((stringify!($name), $module::$name as fn(&dyn Place)),)+)+] };
}

const BEHAVIOURS: &[Behaviour] = behaviours! {
    keeping:
        a_resource_is_kept_as_it_was_given
        texts_of_any_characters_are_kept
        an_id_is_taken_once_and_for_all
        what_is_too_long_is_not_kept
        an_update_changes_what_it_names
        an_update_that_changes_nothing_leaves_no_record
        what_is_not_there_is_neither_read_nor_changed_nor_deleted
        a_deleted_resource_stays_in_the_records
        pages_come_greatest_first_and_lose_nothing
        a_page_ends_early_where_its_resources_are_large
        kinds_do_not_mix;
    filtering:
        any_filter_lets_through_what_it_says
        pages_of_a_filter_lose_nothing
        a_filter_that_is_too_large_is_not_asked
        what_is_changed_or_deleted_is_filtered_as_it_is;
    overview:
        what_ends_first_comes_first
        what_has_ended_or_has_no_end_or_is_gone_does_not_end
        what_was_created_last_comes_first
        all_is_counted_and_what_ended_by_then;
    secrets:
        a_secret_goes_with_its_resource
        a_rotation_seals_every_secret_anew
        nothing_is_sealed_by_another_master_key_than_what_is_there
        a_rotation_that_fails_changes_nothing
        a_rotation_can_be_repeated;
    authorities:
        an_authority_is_in_the_ledger_too
        a_certificate_is_in_the_ledger_and_a_resource
        an_authority_in_use_stays
        an_authority_that_is_deleted_signs_no_more
        a_certificate_of_an_authority_that_went_meanwhile_is_no_resource
        a_signature_that_fails_leaves_something_unfinished
        what_is_revoked_is_not_certified
        serial_zero_is_given_where_it_is_asked_for_and_counts_nothing;
    api_keys:
        an_api_key_is_kept_until_it_is_revoked
        a_key_opens_until_it_is_revoked_and_comes_with_what_is_asked_for
        the_id_of_an_api_key_is_taken_once
        api_keys_come_in_the_order_in_which_they_were_made;
    rate:
        requests_are_counted_over_a_window_that_rolls
        requests_at_the_same_time_are_all_counted;
    groups:
        whoever_asks_at_the_same_time_gets_an_answer_each
        what_nobody_waits_for_is_kept_whole_or_not_at_all
        two_stores_on_one_place_see_each_other;
};

/// Runs every behaviour on a store of its own, and verifies what it left.
pub(crate) fn holds(fresh: impl Fn() -> Box<dyn Place + Send>) {
    for (name, behaviour) in BEHAVIOURS {
        let place = fresh();
        let run = move || {
            behaviour(place.as_ref());
            place.ledger().verify_audit().unwrap();
        };
        let thread = thread::Builder::new().name((*name).to_owned()).spawn(run).unwrap();
        assert!(thread.join().is_ok(), "{name}");
    }
}

/// An id of one letter and a number.
pub(crate) fn id(number: u32) -> ResourceId {
    format!("id_{number:06}").parse().unwrap()
}

/// A resource that says little.
pub(crate) fn resource(kind: ResourceKind, number: u32) -> NewResource {
    NewResource {
        kind,
        id: id(number),
        authority: None,
        description: String::new(),
        metadata: String::new(),
        facts: ResourceFacts::default(),
        content: number.to_be_bytes().to_vec(),
        secret: None,
    }
}

/// The ids of all resources of a kind.
pub(crate) fn ids(store: &dyn Resources, kind: ResourceKind) -> Vec<ResourceId> {
    wait(store.resources(kind, ResourceFilter::EVERYTHING, None, 1000))
        .unwrap()
        .resources
        .into_iter()
        .map(|resource| resource.id)
        .collect()
}

/// All entries of the audit chain.
pub(crate) fn entries(place: &dyn Place) -> Vec<Entry> {
    let ledger = place.ledger();
    certgate_store::AuditRecords::of(ledger.as_ref()).map(|record| record.unwrap().entry).collect()
}
