//! Passphrases: out of a file, or asked for on the terminal. Never an argument, never shown.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use signal_hook::consts::SIGINT;
use signal_hook::{flag, low_level};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::key_file;

/// The longest passphrase that is taken, in bytes.
const PASSPHRASE_BYTES_MAX: usize = 4096;

/// A passphrase; it is wiped when dropped, and nothing shows it.
pub(crate) type Passphrase = Zeroizing<Vec<u8>>;

/// What opens a key that is there: the first line of a file, or what is typed.
pub(crate) fn of_key(what: &str, file: Option<&Path>) -> Result<Passphrase, Failure> {
    match file {
        Some(file) => {
            let passphrase = of_file(file)?;
            if passphrase.is_empty() {
                let name = file.display().to_string();
                let name = name.escape_debug();
                return Err(Failure::input(format!(
                    "the passphrase file `{name}` begins with an empty line"
                )));
            }
            Ok(passphrase)
        }
        None => asked(&format!("Passphrase for {what}: ")),
    }
}

/// What a new key is to be encrypted with: the first line of a file, or what is typed twice.
pub(crate) fn for_new_key(what: &str, file: Option<&Path>) -> Result<Passphrase, Failure> {
    let passphrase = new(what, file)?;
    if passphrase.is_empty() {
        return Err(Failure::input("the passphrase is empty")
            .with_hint("give one, or say --without-passphrase if the key is to lie there open"));
    }
    if passphrase.contains(&0) {
        return Err(Failure::input("the passphrase has a NUL byte")
            .with_hint("OpenSSH could not be given it; if the file is UTF-16, make it UTF-8"));
    }
    Ok(passphrase)
}

/// What a new container is to be sealed with, likewise.
pub(crate) fn for_new_container(what: &str, file: Option<&Path>) -> Result<Passphrase, Failure> {
    let passphrase = new(what, file)?;
    match &passphrase[..] {
        [] => {
            Err(Failure::input("the passphrase is empty")
                .with_hint("write PEM for what is to lie there open"))
        }
        text if text.contains(&0) => {
            Err(Failure::input("the passphrase has a NUL byte")
                .with_hint("if the file is UTF-16, make it UTF-8"))
        }
        _ => Ok(passphrase),
    }
}

fn new(what: &str, file: Option<&Path>) -> Result<Passphrase, Failure> {
    let Some(file) = file else {
        let first = asked(&format!("New passphrase for {what}: "))?;
        if *asked("The same again: ")? != *first {
            return Err(Failure::input("the two passphrases differ").with_hint("nothing was made: try again"));
        }
        return Ok(first);
    };
    of_file(file)
}

/// What opens something, where there is a terminal to ask for it.
pub(crate) fn asked_if_possible(what: &str) -> Option<Passphrase> {
    asked(&format!("Passphrase for {what}: ")).ok()
}

/// The first line of a file; it may be empty.
pub(crate) fn of_file(path: &Path) -> Result<Passphrase, Failure> {
    first_line("passphrase", path)
}

/// The first line of a file that nobody but its owner may use; `what` is what it holds.
pub(crate) fn first_line(what: &str, path: &Path) -> Result<Passphrase, Failure> {
    let name = path.display().to_string();
    let cannot = |why: &dyn std::fmt::Display| {
        Failure::input(format!("cannot read the {what} file `{}`: {why}", name.escape_debug()))
    };
    // Room from the start: a buffer that grows leaves copies behind that nobody wipes.
    let mut bytes = Zeroizing::new(vec![0; PASSPHRASE_BYTES_MAX + 1]);
    let mut file = File::open(path).map_err(|error| cannot(&error))?;
    let metadata = file.metadata().map_err(|error| cannot(&error))?;
    key_file::check(&metadata).map_err(|why| cannot(&why))?;
    let mut length = 0;
    while let Some(room) = bytes.get_mut(length..).filter(|room| !room.is_empty()) {
        match file.read(room).map_err(|error| cannot(&error))? {
            0 => break,
            more => length += more,
        }
    }
    let text = bytes.get(..length).unwrap_or_default();
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if line.len() > PASSPHRASE_BYTES_MAX {
        return Err(cannot(&format!("its first line has more than {PASSPHRASE_BYTES_MAX} bytes")));
    }
    Ok(Zeroizing::new(line.strip_suffix(b"\r").unwrap_or(line).to_vec()))
}

/// There is one terminal, whatever the number of threads.
static TERMINAL: Mutex<()> = Mutex::new(());

/// Asks on the terminal, wherever standard input and output go. Ctrl-C ends the process, once the terminal is as it was.
fn asked(question: &str) -> Result<Passphrase, Failure> {
    let _alone = TERMINAL.lock().unwrap_or_else(PoisonError::into_inner);
    let is_interrupted = Arc::new(AtomicBool::new(false));
    let handler = flag::register(SIGINT, Arc::clone(&is_interrupted));
    let answer = rpassword::prompt_password(question);
    if let Ok(handler) = handler {
        low_level::unregister(handler);
    }
    if is_interrupted.load(Ordering::Relaxed) {
        // Where it does not end the process, the answer is an error.
        let _ = low_level::emulate_default_handler(SIGINT);
    }
    let answer = answer.map_err(|error| {
        Failure::input(format!("a passphrase is needed, and there is no terminal to ask for it: {error}"))
            .with_hint("give it in a file with --passphrase-file")
    })?;
    Ok(Zeroizing::new(answer.into_bytes()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn read_of_mode(bytes: &[u8], mode: u32) -> Result<Passphrase, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        for_new_key("a key", Some(&path))
    }

    fn read(bytes: &[u8]) -> Result<Passphrase, Failure> {
        read_of_mode(bytes, 0o600)
    }

    #[test]
    fn a_file_that_others_may_use_is_refused_with_its_mode() {
        for mode in [0o644, 0o640, 0o604, 0o620, 0o700] {
            let refused = read_of_mode(b"open sesame", mode).unwrap_err().to_string();
            assert!(refused.contains("passphrase`"), "{refused}");
            assert!(refused.contains(&format!("mode {mode:04o}")), "{refused}");
        }
        assert!(read_of_mode(b"open sesame", 0o400).is_ok());
    }

    #[test]
    fn the_first_line_counts_without_its_end() {
        for text in ["open sesame", "open sesame\n", "open sesame\r\nmore\n"] {
            assert_eq!(*read(text.as_bytes()).unwrap(), b"open sesame");
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(read(b"").is_err());
        assert!(read(b"\nsecond line").is_err());
        assert!(read(b"o\0p\0e\0n\0").is_err(), "no tool of OpenSSH takes a NUL byte");
        assert!(read(&[b'x'; PASSPHRASE_BYTES_MAX]).is_ok());
        assert!(read(&[b'x'; PASSPHRASE_BYTES_MAX + 1]).is_err());
    }
}
