//! What every ledger does, however it is kept: behaviours, each run on ledgers of its own.

mod audit;
mod authorities;
mod finding;
mod imports;
mod issuing;
mod order;
mod retiring;
mod revoking;

use std::thread;

use certgate_store::Ledger;

/// Where a ledger is kept. Every call opens the same one again; they work on it side by side.
pub(crate) trait Store {
    fn open(&self) -> Box<dyn Ledger + Send>;
}

/// What a ledger does.
type Behaviour = (&'static str, fn(&dyn Store));

/// Names the functions that are behaviours.
macro_rules! behaviours {
    ($($module:ident: $($name:ident)+;)+) => { &[$($((stringify!($name), $module::$name as fn(&dyn Store)),)+)+] };
}

const BEHAVIOURS: &[Behaviour] = behaviours! {
    authorities:
        an_authority_that_replaces_none_signs_at_once
        a_successor_is_prepared_published_and_switched_to
        a_switch_is_undone_and_a_withdrawal_too
        names_and_keys_are_taken_once
        what_is_not_there_is_named
        what_is_unfit_is_not_kept
        every_step_that_does_not_start_here_is_refused
        an_authority_has_one_successor;
    retiring:
        an_authority_does_not_retire_while_a_certificate_can_be_used
        what_may_have_been_signed_keeps_an_authority_from_retiring
        an_authority_retires_by_a_long_word_and_comes_back;
    issuing:
        serials_count_up_from_one_for_each_authority
        serials_start_where_they_are_told
        a_request_that_cannot_be_signed_uses_up_no_serial
        one_signature_that_fails_leaves_the_others
        a_signer_that_never_signs_is_not_asked_for_ever
        many_batches_are_reported_in_order
        only_what_signs_reserves
        what_was_reserved_is_completed_or_abandoned
        what_was_reserved_long_ago_is_abandoned_in_batches
        what_is_closed_stays_closed;
    order:
        everything_is_durable_before_it_is_signed
        everything_is_recorded_before_it_is_handed_out
        each_batch_carries_the_time_at_which_it_was_made
        what_was_abandoned_while_being_signed_is_not_handed_out
        what_is_being_signed_is_recorded_although_no_more_can_be_reserved
        bytes_are_recorded_under_their_own_serial_only
        bytes_with_another_serial_are_not_reserved
        two_at_once_never_share_a_serial;
    imports:
        certificates_are_imported_once
        an_import_pushes_the_counter_and_a_random_serial_does_not
        serial_zero_may_be_imported_often
        a_serial_that_is_taken_is_not_given_again
        what_was_reserved_is_completed_by_its_import
        what_the_authority_did_not_sign_for_a_host_is_refused;
    finding:
        every_filter_finds_what_it_names
        standings_are_the_same_in_the_ledger_and_in_the_record
        all_pages_come_and_in_order
        the_latest_is_the_one_reserved_last
        unfinished_ones_show_what_was_to_be_signed;
    revoking:
        serials_are_revoked_in_runs_that_never_overlap
        a_key_id_and_a_key_stay_revoked
        another_encoding_makes_no_other_key
        principals_and_hosts_are_those_of_now
        the_key_of_an_authority_takes_all_it_signed
        what_was_not_recorded_can_be_revoked
        a_revocation_is_found_again_with_its_reason
        what_cannot_be_revoked_is_refused
        revoked_serials_are_skipped_until_none_is_left
        versions_of_the_list_increase_and_lose_nothing;
    audit:
        every_change_is_one_record
        nothing_is_written_where_nothing_changes
        records_come_in_pages_and_are_linked;
};

/// Runs every behaviour on a store of its own, and verifies what it left. One that fails is named by the panic: it
/// runs in a thread of its name.
pub(crate) fn holds(fresh: impl Fn() -> Box<dyn Store + Send>) {
    for (name, behaviour) in BEHAVIOURS {
        let store = fresh();
        let run = move || {
            behaviour(store.as_ref());
            store.open().verify_audit().unwrap();
        };
        let thread = thread::Builder::new().name((*name).to_owned()).spawn(run).unwrap();
        assert!(thread.join().is_ok(), "{name}");
    }
}
