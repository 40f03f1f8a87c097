//! What is under a passphrase, opened: PKCS #5 (RFC 8018), the schemes of PKCS #12 (RFC 7292 §C), and the encryption that
//! PEM headers announce.

mod cipher;
mod derivation;
mod digest;
pub(crate) mod naming;
mod pem_header;
mod rc4;
mod scheme;
mod scrypt;
mod seed;

pub(crate) use cipher::{Cipher, encrypt_aes_256};
pub(crate) use derivation::{Budget, Purpose, pbkdf2, pkcs12_derivation};
pub(crate) use digest::Digest;
pub(crate) use pem_header::decrypt_with_headers;
pub(crate) use scheme::{Derivation, decrypt};
