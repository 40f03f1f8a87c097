//! The private key.

pub mod key_does_not_match_leaf;
pub mod key_encrypted;
pub mod key_in_several_certificates;
pub mod key_type_refused_by_browsers;
pub mod key_unsupported;
pub mod rsa_exponent_unusual;
pub mod rsa_key_has_roca_form;
pub mod rsa_key_has_small_factor;
pub mod rsa_key_size_refused;
pub mod rsa_modulus_not_whole_bytes;
pub mod rsa_prime_shared;
pub mod rsa_primes_close;
