//! The rules about SSH keys, host certificates, and requests for them.

pub mod host_key_missing;
pub mod principal_address_not_canonical;
pub mod principal_empty_text;
pub mod principal_has_brackets;
pub mod principal_has_comma;
pub mod principal_has_control_character;
pub mod principal_has_port;
pub mod principal_has_trailing_dot;
pub mod principal_has_whitespace;
pub mod principal_is_any_host;
pub mod principal_is_wildcard;
pub mod principal_not_ascii;
pub mod principal_not_lower_case;
pub mod principal_repeated;
pub mod principals_empty;
pub mod principals_over_limit;
