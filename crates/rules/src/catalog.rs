//! Every rule there is.

use crate::code::ApiCode;
use crate::rule::Rule;
use crate::rules::{chain, input, key, leaf, limit};

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
    &leaf::leaf_expired::RULE,
    &leaf::leaf_not_yet_valid::RULE,
    &leaf::leaf_has_no_san::RULE,
    &leaf::leaf_is_a_ca::RULE,
    &chain::chain_out_of_order::RULE,
    &chain::chain_includes_root::RULE,
    &chain::chain_duplicate::RULE,
    &chain::chain_incomplete::RULE,
    &key::key_does_not_match_leaf::RULE,
    &key::key_encrypted::RULE,
    &key::key_unsupported::RULE,
    &limit::description_too_long::RULE,
    &limit::metadata_too_long::RULE,
];

/// The rule called `word`: its name or its code, whatever the case.
#[must_use]
pub fn rule(word: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| {
        rule.name().eq_ignore_ascii_case(word) || rule.code().to_string().eq_ignore_ascii_case(word)
    })
}

/// The rules that foretell a code of the API, given as `ERR_NGROK_1923`, whatever the case, or `1923`.
pub fn rules_for_api_code(word: &str) -> impl Iterator<Item = &'static Rule> {
    let number = word.to_ascii_uppercase().trim_start_matches("ERR_NGROK_").parse::<u16>().ok();
    RULES
        .iter()
        .copied()
        .filter(move |rule| number.is_some() && rule.api_code().map(ApiCode::number) == number)
}
