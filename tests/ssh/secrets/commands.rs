//! What commands print, those that fail too.

use super::{Hidden, OPEN, world};
use crate::harness::{Certgate, Folder};

/// Arguments for every command, in which `KEY` stands for each private key file, and each file with a passphrase, in turn: wherever
/// a user could put one by mistake.
const MISTAKES: [&[&str]; 31] = [
    &["ca", "import", "new", "--key", "KEY", "--passphrase-file", "wrong"],
    &["ca", "import", "new", "--key", "KEY", "--certificate", "KEY"],
    &["ca", "import", "new", "--agent", "KEY"],
    &["ca", "create", "new", "--agent", "KEY"],
    &["ca", "create", "new", "--passphrase-file", "KEY", "--key-type", "none"],
    &["ca", "show", "KEY"],
    &["issue", "--ca", "ed25519", "--public-key", "KEY", "--principal", "web.example.com", "--out", "out"],
    &["issue", "--ca", "ed25519", "--public-key", "KEY", "--format", "json", "--dry-run"],
    &[
        "issue",
        "--ca",
        "locked",
        "--public-key",
        "host.pub",
        "--principal",
        "web",
        "--passphrase-file",
        "KEY",
    ],
    &["issue", "--ca", "ed25519", "--inventory", "KEY"],
    &["issue", "--inventory", "KEY", "--format", "json", "--dry-run"],
    &["renew", "KEY"],
    &["renew", "KEY", "--format", "json", "--dry-run"],
    &["renew", "locked-cert.pub", "--passphrase-file", "KEY"],
    &["revoke", "--key", "KEY", "--reason", "a test"],
    &["audit", "close", "2", "--certificate", "KEY"],
    &["verify", "KEY", "--host", "web", "--authority", "locked.pub"],
    &["verify", "locked-cert.pub", "--host", "web", "--authority", "KEY"],
    &["verify", "locked-cert.pub", "--host", "web", "--known-hosts", "KEY", "--format", "json"],
    &["verify", "locked-cert.pub", "--host", "web", "--authority", "locked.pub", "--krl", "KEY"],
    &["show", "KEY"],
    &["show", "KEY", "--format", "json"],
    &["krl", "show", "KEY"],
    &["krl", "query", "KEY", "host.pub"],
    &["krl", "build", "--out", "list", "--overwrite", "--revoke-key", "KEY"],
    &["krl", "build", "--out", "list", "--overwrite", "--revoke-certificate", "KEY"],
    &["krl", "build", "--out", "list", "--overwrite", "--from-json", "KEY"],
    &["known-hosts", "--authority", "KEY", "--host", "web"],
    &["known-hosts", "--revoked", "KEY"],
    &["needs-renewal", "KEY", "--format", "json"],
    &["doctor", "--sshd-config", "KEY"],
];

/// Arguments of commands that do what they are for.
const GOOD: [&[&str]; 27] = [
    &["ca", "create", "new", "--passphrase-file", "passphrase"],
    &["ca", "import", "again", "--key", "state/authorities/new", "--passphrase-file", "passphrase"],
    &["ca", "import", "again", "--key", "state/authorities/new", "--passphrase-file", "wrong"],
    &["ca", "rotate", "prepare", "next", "--replacing", "locked", "--passphrase-file", "passphrase"],
    &["ca", "list", "--format", "json"],
    &["ca", "show", "locked", "--format", "json"],
    &["ca", "show", "locked"],
    &[
        "issue",
        "--ca",
        "locked",
        "--public-key",
        "host.pub",
        "--principal",
        "web.example.com",
        "--out",
        "locked-cert.pub",
        "--passphrase-file",
        "passphrase",
    ],
    &[
        "issue",
        "--ca",
        "locked",
        "--public-key",
        "host.pub",
        "--principal",
        "web",
        "--passphrase-file",
        "wrong",
    ],
    &[
        "issue",
        "--ca",
        "locked",
        "--public-key",
        "host.pub",
        "--principal",
        "web",
        "--passphrase-file",
        "passphrase",
        "--dry-run",
        "--format",
        "json",
    ],
    &[
        "issue",
        "--ca",
        "rsa-3072",
        "--public-key",
        "host.pub",
        "--principal",
        "web.example.com",
        "--out",
        "-",
    ],
    &[
        "issue",
        "--ca",
        "ecdsa-p521",
        "--public-key",
        "host.pub",
        "--principal",
        "web.example.com",
        "--out",
        "x",
    ],
    &["issue", "--ca", "ecdsa-p256", "--public-key", "host.pub", "--principal", "*", "--format", "json"],
    &["renew", "locked-cert.pub", "--passphrase-file", "passphrase", "--format", "json"],
    &["renew", "locked-cert.pub", "--passphrase-file", "passphrase", "--dry-run"],
    &["list"],
    &["list", "--format", "json"],
    &["export", "--as", "api-request", "--authority-id", "sshca_2sXyMf7vVbN4kQeTzRw8Lh1cJdA"],
    &["export", "--as", "files", "--out-dir", "."],
    &["audit", "verify"],
    &["audit", "head"],
    &["audit", "export"],
    &["revoke", "--ca", "locked", "--serial", "1", "--reason", "a test"],
    &["krl", "build", "--from-ledger", "--out", "list", "--format", "json"],
    &["krl", "show", "list", "--format", "json"],
    &["known-hosts", "--from-ledger", "--host", "*.example.com"],
    &[
        "sshd-config",
        "--certificate",
        "/etc/ssh/host-cert.pub",
        "--systemd-timer",
        "--state",
        "/var/lib/certgate",
    ],
];

#[track_caller]
fn says_nothing(hidden: &Hidden, run: Certgate, what: &str) -> i32 {
    let run = run.run();
    let found = hidden.found_in([run.stdout, run.stderr].concat().as_bytes());
    assert_eq!(found, None, "{what}");
    run.code
}

#[test]
fn no_command_that_does_its_work_shows_or_keeps_a_secret() {
    let (folder, hidden) = world();
    let mut codes = [0; 3];
    for arguments in GOOD {
        let code = says_nothing(&hidden, folder.certgate(arguments), &arguments.join(" "));
        codes[usize::try_from(code).unwrap()] += 1;
    }
    // The two with the wrong passphrase and the key that is taken fail, and one is refused.
    assert_eq!(codes, [GOOD.len() - 4, 1, 3]);
    hidden.is_in_no_file(&folder);
}

/// Every file that is secret.
fn secret_files() -> impl Iterator<Item = String> {
    let keys = OPEN.iter().chain(&["locked"]).map(|name| format!("state/authorities/{name}"));
    keys.chain(["passphrase".to_owned()])
}

#[test]
fn no_command_shows_or_keeps_a_secret_that_it_is_given_by_mistake() {
    let (folder, hidden) = world();
    folder.certgate(GOOD[7]).exits(0);
    let mut count = 0;
    for key in secret_files() {
        for arguments in MISTAKES {
            let arguments =
                arguments.iter().map(|argument| if *argument == "KEY" { &key } else { *argument });
            let arguments: Vec<&str> = arguments.collect();
            says_nothing(&hidden, folder.certgate(&arguments), &arguments.join(" "));
            count += 1;
        }
        for arguments in [
            &["check", &key][..],
            &["check", &key, "--format", "json"],
            &["check", "--certificate", &key, "--private-key", &key],
            &["show", &key],
        ] {
            let run = Certgate::new(arguments).folder(folder.root());
            says_nothing(&hidden, run, &arguments.join(" "));
        }
    }
    assert_eq!(count, 6 * MISTAKES.len());
    hidden.is_in_no_file(&folder);
}

/// The commands below these words, as `--help` lists them.
fn commands(folder: &Folder, words: &[String]) -> Vec<Vec<String>> {
    let help = folder.certgate(words).arguments(["--help"]).exits(0).stdout;
    let listed = help.split_once("\nCommands:\n").map(|(_, rest)| rest.split("\n\n").next().unwrap());
    // What is said of a command goes on further to the right.
    let lines = listed.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("  "));
    let names = lines.filter(|line| !line.starts_with(' ')).map(|line| line.split(' ').next().unwrap());
    let below = names.filter(|name| *name != "help").flat_map(|name| {
        let deeper = [words, &[name.to_owned()]].concat();
        commands(folder, &deeper)
    });
    std::iter::once(words.to_owned()).chain(below).collect()
}

#[test]
fn help_names_no_secret_of_the_state_and_no_argument_takes_a_passphrase() {
    let (folder, hidden) = world();
    let commands = commands(&folder, &[]);
    assert!(commands.len() >= 30, "{commands:?}");
    for words in commands {
        let run = folder.certgate(&words).arguments(["--help"]);
        says_nothing(&hidden, run, &words.join(" "));
        let help = folder.certgate(&words).arguments(["--help"]).exits(0).stdout;
        for line in
            help.lines().filter(|line| line.trim_start().starts_with("--") && line.contains("passphrase"))
        {
            let is_safe = line.contains("--passphrase-file <FILE>") || line.contains("--without-passphrase");
            assert!(is_safe, "{words:?}: {line}");
        }
    }
}
