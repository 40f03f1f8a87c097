//! Who may touch a key file.

use crate::error::Error;

/// The permission bits of a mode, set-id and sticky bits included.
const PERMISSIONS: u32 = 0o7777;
/// What the owner may be allowed: reading and writing.
const OWNER_READ_WRITE: u32 = 0o600;

/// Whether a key file's mode is 0600 or stricter. `mode` is POSIX `st_mode`; the bits for the type of file are ignored.
///
/// # Errors
///
/// [`Error::AuthorityKeyModeTooOpen`] if the group or others may do anything, or anyone may run it.
pub const fn check_key_file_mode(mode: u32) -> Result<(), Error> {
    let permissions = mode & PERMISSIONS;
    if permissions & !OWNER_READ_WRITE == 0 {
        Ok(())
    } else {
        Err(Error::AuthorityKeyModeTooOpen { mode: permissions })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_of_0600_and_stricter_pass() {
        for mode in [0o100_600, 0o600, 0o400, 0o200, 0] {
            assert!(check_key_file_mode(mode).is_ok(), "{mode:o}");
        }
    }

    #[test]
    fn all_others_are_refused_with_the_mode_and_the_remedy() {
        for mode in [0o100_644, 0o640, 0o601, 0o700, 0o4600, 0o604, 0o620] {
            let error = check_key_file_mode(mode).unwrap_err().to_string();
            assert!(error.contains(&format!("{:04o}", mode & 0o7777)), "{error}");
            assert!(error.contains("chmod 600"), "{error}");
        }
    }
}
