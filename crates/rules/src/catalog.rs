//! Every rule there is.

use crate::code::ApiCode;
use crate::rule::Rule;
use crate::rules::{chain, clients, input, key, leaf, limit, setting, ssh};

/// All rules, by code.
pub static RULES: &[&Rule] = &[
    &input::certificate_missing::RULE,
    &input::private_key_missing::RULE,
    &input::certificate_slot_holds_key::RULE,
    &input::key_slot_holds_certificate::RULE,
    &input::pem_block_type_unexpected::RULE,
    &input::pem_block_has_headers::RULE,
    &input::certificate_unreadable::RULE,
    &input::pem_block_damaged::RULE,
    &input::text_encoding_unsupported::RULE,
    &input::blocks_over_limit::RULE,
    &input::container_unreadable::RULE,
    &input::input_needs_converting::RULE,
    &leaf::leaf_expired::RULE,
    &leaf::leaf_not_yet_valid::RULE,
    &leaf::leaf_has_no_san::RULE,
    &leaf::leaf_is_a_ca::RULE,
    &leaf::hostname_not_covered::RULE,
    &chain::chain_out_of_order::RULE,
    &chain::chain_includes_root::RULE,
    &chain::chain_duplicate::RULE,
    &chain::chain_incomplete::RULE,
    &chain::chain_not_trusted::RULE,
    &key::key_does_not_match_leaf::RULE,
    &key::key_encrypted::RULE,
    &key::key_unsupported::RULE,
    &ssh::public_key_missing::RULE,
    &ssh::public_key_unreadable::RULE,
    &ssh::public_key_type_unsupported::RULE,
    &ssh::public_key_is_certificate::RULE,
    &ssh::public_key_weak::RULE,
    &ssh::host_key_shared::RULE,
    &ssh::principals_empty::RULE,
    &ssh::principal_is_wildcard::RULE,
    &ssh::principal_is_any_host::RULE,
    &ssh::principal_has_port::RULE,
    &ssh::principal_has_brackets::RULE,
    &ssh::principal_has_comma::RULE,
    &ssh::principal_has_whitespace::RULE,
    &ssh::principal_has_control_character::RULE,
    &ssh::principal_not_lower_case::RULE,
    &ssh::principal_has_trailing_dot::RULE,
    &ssh::principal_not_ascii::RULE,
    &ssh::principal_address_not_canonical::RULE,
    &ssh::principals_over_limit::RULE,
    &ssh::principal_empty_text::RULE,
    &ssh::principal_repeated::RULE,
    &ssh::principal_too_long::RULE,
    &ssh::time_unreadable::RULE,
    &ssh::lifetime_not_positive::RULE,
    &ssh::lifetime_over_policy::RULE,
    &ssh::lifetime_forever::RULE,
    &ssh::certificate_expired::RULE,
    &ssh::certificate_not_yet_valid::RULE,
    &ssh::backdating_missing::RULE,
    &ssh::ssh_certificate_unreadable::RULE,
    &ssh::authority_signature_sha1::RULE,
    &ssh::authority_key_is_certificate::RULE,
    &ssh::certificate_is_for_users::RULE,
    &ssh::certificate_has_options::RULE,
    &ssh::authority_signature_invalid::RULE,
    &ssh::authority_key_weak::RULE,
    &ssh::serial_zero::RULE,
    &ssh::key_id_empty::RULE,
    &ssh::key_id_too_long::RULE,
    &ssh::trust_line_for_every_host::RULE,
    &ssh::trust_line_unreadable::RULE,
    &ssh::trust_line_key_revoked::RULE,
    &ssh::authority_key_type_unknown::RULE,
    &ssh::authority_key_size_unsupported::RULE,
    &ssh::authority_key_size_without_rsa::RULE,
    &ssh::authority_curve_unsupported::RULE,
    &ssh::authority_curve_without_ecdsa::RULE,
    &ssh::authority_key_size_weak::RULE,
    &ssh::critical_option_unknown::RULE,
    &ssh::extension_unknown::RULE,
    &ssh::option_value_missing::RULE,
    &ssh::option_value_unexpected::RULE,
    &ssh::source_address_malformed::RULE,
    &limit::description_too_long::RULE,
    &limit::metadata_too_long::RULE,
    &limit::host_certificate_description_too_long::RULE,
    &limit::host_certificate_metadata_too_long::RULE,
    &limit::authority_id_malformed::RULE,
    &limit::ssh_authority_description_too_long::RULE,
    &limit::ssh_authority_metadata_too_long::RULE,
    &limit::user_certificate_description_too_long::RULE,
    &limit::user_certificate_metadata_too_long::RULE,
    &clients::scts_too_few::RULE,
    &setting::ignore_matches_nothing::RULE,
    &setting::ignore_expired::RULE,
];

/// The rule called `word`: its name or its code, whatever the case.
#[must_use]
pub fn rule(word: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| {
        rule.name().eq_ignore_ascii_case(word) || rule.code().to_string().eq_ignore_ascii_case(word)
    })
}

/// The rules that foretell a code of the API, given as `ERR_NGROK_1923`, whatever the case, or `1923`: first those
/// whose code it is, then those that may cause it.
#[must_use]
pub fn rules_for_api_code(word: &str) -> Vec<&'static Rule> {
    let number = {
        let word = word.to_ascii_uppercase();
        word.strip_prefix("ERR_NGROK_").unwrap_or(&word).parse::<u16>().ok()
    };
    let is_meant = |code: &ApiCode| Some(code.number()) == number;
    let own = RULES.iter().filter(|rule| rule.api_code().as_ref().is_some_and(is_meant));
    let may_cause = RULES.iter().filter(|rule| rule.may_cause().iter().any(is_meant));
    own.chain(may_cause).copied().collect()
}
