//! What is in the ledger and on the disk, whatever happens to those who write it.

mod killed;
mod limits;

use std::fmt::Write as _;

use crate::harness::{Folder, base64};

/// The line of a host's public key, cheaply made: an Ed25519 key need not be a point to be certified.
fn host_line(group: usize, number: usize) -> String {
    let mut blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20".to_vec();
    blob.extend(u64::try_from(group).unwrap().to_be_bytes());
    blob.extend(u64::try_from(number).unwrap().to_be_bytes());
    blob.extend([7; 16]);
    format!("ssh-ed25519 {} host-{group}-{number}\n", base64(&blob))
}

/// Hosts of a group: their keys in a folder of the group's number, and an inventory `GROUP/hosts.csv`.
fn group(folder: &Folder, group: usize, count: usize) {
    std::fs::create_dir(folder.path(&group.to_string())).unwrap();
    let mut inventory = "public_key,principals\n".to_owned();
    for number in 0..count {
        folder.write(&format!("{group}/{number}.pub"), host_line(group, number));
        writeln!(inventory, "{number}.pub,host-{group}-{number}.example.com").unwrap();
    }
    folder.write(&format!("{group}/hosts.csv"), inventory);
}

/// `issue` for the inventory of a group.
fn issuing(group: usize) -> [String; 3] {
    ["issue".to_owned(), "--inventory".to_owned(), format!("{group}/hosts.csv")]
}
