//! Marks: texts that leave this place and come back are known again by them.
//!
//! A mark is the HMAC with SHA-256 (RFC 2104) of a text, under a key that HKDF makes of the master key for one purpose. Who
//! has the same master key makes the same marks, in whatever process; who has not makes none.

use aws_lc_rs::{constant_time, hmac};
use zeroize::Zeroizing;

use super::{MasterKey, derive};
use crate::error::Error;

impl MasterKey {
    /// The mark of a text, in hexadecimal. That of another purpose is another one.
    ///
    /// # Errors
    ///
    /// [`Error::SealFailed`] if the provider fails.
    pub fn mark(&self, purpose: &str, text: &str) -> Result<String, Error> {
        let mut key = Zeroizing::new([0; 32]);
        derive(&*self.key, purpose.as_bytes(), b"certgate mark", &mut *key)?;
        let key = hmac::Key::new(hmac::HMAC_SHA256, &*key);
        Ok(certgate_facts::hex(hmac::sign(&key, text.as_bytes()).as_ref()))
    }

    /// Whether a mark is that of `text`, in a time that does not depend on how much of it is right.
    ///
    /// # Errors
    ///
    /// [`Error::SealFailed`] if the provider fails.
    pub fn is_mark_of(&self, purpose: &str, text: &str, mark: &str) -> Result<bool, Error> {
        let due = self.mark(purpose, text)?;
        Ok(constant_time::verify_slices_are_equal(due.as_bytes(), mark.as_bytes()).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::super::MASTER_KEY_BYTES;
    use super::*;

    fn key(byte: u8) -> MasterKey {
        MasterKey::new(Zeroizing::new([byte; MASTER_KEY_BYTES])).unwrap()
    }

    #[test]
    fn a_mark_is_of_one_text_for_one_purpose_by_one_key() {
        let mark = key(1).mark("session", "ak_1.5").unwrap();
        assert_eq!(mark.len(), 64);
        assert!(key(1).is_mark_of("session", "ak_1.5", &mark).unwrap());
        assert!(!key(1).is_mark_of("session", "ak_1.6", &mark).unwrap());
        assert!(!key(1).is_mark_of("other", "ak_1.5", &mark).unwrap());
        assert!(!key(2).is_mark_of("session", "ak_1.5", &mark).unwrap());
        for wrong in ["", &mark[..63], &format!("{mark}0"), &mark.to_uppercase()] {
            assert!(!key(1).is_mark_of("session", "ak_1.5", wrong).unwrap(), "{wrong}");
        }
    }
}
