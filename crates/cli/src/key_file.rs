//! Who may touch a file that holds a secret.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use certgate_sign::check_key_file_mode;
use rustix::process::geteuid;

/// What the group may do that a file of root's is lent to: reading.
const GROUP_READ: u32 = 0o040;

/// Whether nobody may use a file but those it is for; if not, what is wrong and what to do. A pipe is between those who hold its
/// ends.
pub(crate) fn check(metadata: &Metadata) -> Result<(), String> {
    if !metadata.is_file() || check_key_file_mode(mode(metadata)).is_ok() {
        return Ok(());
    }
    let permissions = metadata.mode() & 0o7777;
    Err(format!(
        "others than its owner may use it: it has mode {permissions:04o}; make it 0600 with chmod 600"
    ))
}

/// The mode of a file, without what root lends: a service manager gives secrets as files of root's that a group may read in
/// which there is nobody but the service.
pub(crate) fn mode(metadata: &Metadata) -> u32 {
    mode_for(geteuid().as_raw(), metadata.uid(), metadata.mode())
}

const fn mode_for(user: u32, owner: u32, mode: u32) -> u32 {
    if owner == 0 && user != 0 { mode & !GROUP_READ } else { mode }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_may_read_a_file_that_root_lends_to_another_user_and_nothing_more() {
        let passes = |user, owner, mode| check_key_file_mode(mode_for(user, owner, mode)).is_ok();
        for mode in [0o100_440, 0o100_640, 0o100_400] {
            assert!(passes(1000, 0, mode), "{mode:o}");
        }
        for mode in [0o100_444, 0o100_460, 0o100_450, 0o100_644] {
            assert!(!passes(1000, 0, mode), "{mode:o}");
        }
        for (user, owner) in [(1000, 1000), (1000, 1001), (0, 0), (0, 1000)] {
            assert!(!passes(user, owner, 0o100_440), "{user} {owner}");
            assert!(passes(user, owner, 0o100_400), "{user} {owner}");
        }
    }
}
