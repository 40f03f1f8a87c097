//! `certgate ssh ca create`, `import`, `list` and `show`.

mod import;

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use crate::harness::{Agent, Folder};

const PASSPHRASE: &str = "correct horse battery staple";

#[test]
fn an_authority_of_each_type_is_made_with_a_key_that_ssh_keygen_opens_with_its_passphrase() {
    let folder = Folder::new();
    folder.write_secret("passphrase", format!("{PASSPHRASE}\nsecond line\n"));
    for (key_type, shown) in [
        ("ed25519", "ssh-ed25519"),
        ("ecdsa-p256", "ecdsa-sha2-nistp256"),
        ("ecdsa-p384", "ecdsa-sha2-nistp384"),
        ("ecdsa-p521", "ecdsa-sha2-nistp521"),
        ("rsa-3072", "ssh-rsa"),
        ("rsa-4096", "ssh-rsa"),
    ] {
        let create = ["ca", "create", key_type, "--key-type", key_type, "--passphrase-file", "passphrase"];
        let run = folder.certgate(create).exits(0);
        assert!(run.stdout.starts_with(&format!("{shown} AAAA")), "{run:?}");
        assert_eq!(run.stdout.lines().count(), 1);
        assert!(run.stderr.starts_with(&format!("authority {key_type} signs with SHA256:")), "{run:?}");
        let key = format!("state/authorities/{key_type}");
        let mode = std::fs::metadata(folder.path(&key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600);
        let public = folder.keygen_ok(&["-y", "-P", PASSPHRASE, "-f", &key]);
        let blob = |line: &str| line.split(' ').nth(1).unwrap().trim().to_owned();
        assert_eq!(blob(&public), blob(&run.stdout));
        assert!(!folder.openssh("ssh-keygen", &["-y", "-P", "", "-f", &key]).status.success(), "it is open");
        let bits = key_type.rsplit_once('-').map_or("256", |(_, bits)| bits.trim_start_matches('p'));
        folder.write("made.pub", &run.stdout);
        assert!(folder.keygen_ok(&["-l", "-f", "made.pub"]).starts_with(&format!("{bits} SHA256:")));
    }
    let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(
        (mode("state"), mode("state/authorities"), mode("state/ledger.sqlite3")),
        (0o700, 0o700, 0o600)
    );
    folder.is_sound();
}

#[test]
fn an_authority_is_listed_and_shown_with_all_there_is_to_it() {
    let folder = Folder::with_authority();
    folder.issue("host", &["web.example.com"], &[]);
    folder.issue("host", &["web.example.com"], &[]);
    folder.certgate(["revoke", "--ca", "hosts", "--serial", "1", "--reason", "a test"]).exits(0);
    let line = folder.line("hosts.pub");
    let fingerprint = folder.keygen_ok(&["-l", "-f", "hosts.pub"]).split(' ').nth(1).unwrap().to_owned();
    let text = folder.certgate(["ca", "list"]).exits(0).stdout;
    assert_eq!(text, format!("hosts  signing  {fingerprint}  1 valid certificates\n"));
    let mut json = folder.certgate(["ca", "show", "hosts", "--format", "json"]).exits(0).json();
    assert_eq!(json, folder.certgate(["ca", "list", "--format", "json"]).exits(0).json());
    for time in ["created_at", "state_since"] {
        let moment = json["authorities"][0][time].take();
        assert!(moment.as_str().is_some_and(|text| text.ends_with('Z') && text.len() == 20), "{moment}");
    }
    let nothing = serde_json::Value::Null;
    let certificates = json!({
        "valid": 1, "not_yet_valid": 0, "expired": 0, "revoked": 1, "unfinished": 0, "abandoned": 0,
    });
    let expected = json!({ "version": 1, "authorities": [{
        "name": "hosts", "public_key": line, "key_type": "ed25519", "fingerprint": fingerprint,
        "custody": "file", "key_file": "authorities/hosts", "state": "signing", "state_since": nothing,
        "created_at": nothing, "succeeds": nothing, "next_serial": "3", "certificates": certificates,
    }] });
    assert_eq!(json, expected);
    let text = folder.certgate(["ca", "show", "hosts"]).exits(0).stdout;
    for part in [
        "authority hosts",
        "signing since",
        &fingerprint,
        "authorities/hosts",
        "1 valid, 0 not yet valid, 0 expired, 1 revoked",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(folder.certgate(["ca", "show", "hosts", "--public-key"]).exits(0).stdout, line + "\n");
    folder.certgate(["ca", "list", "--state", "empty"]).exits(2);
}

#[test]
fn names_and_keys_are_taken_once_and_nothing_is_overwritten() {
    let folder = Folder::with_authority();
    folder.key("held", &["ed25519"]);
    let agent = Agent::start(&folder);
    agent.add(&folder, &["held"]);
    agent.with(folder.certgate(["ca", "create", "token", "--agent", "held.pub"])).exits(0);
    folder.write("state/authorities/stray", "somebody's key");
    let before = folder.contents();
    let cases: [(&[&str], &str); 10] = [
        (&["create", "hosts", "--without-passphrase"], "an authority is called hosts already"),
        (&["create", "again", "--agent", "held.pub"], "the key is that of authority token already"),
        (&["import", "again", "--key", "held"], "the key is that of authority token already"),
        (&["import", "hosts", "--key", "held"], "already"),
        (&["create", "stray", "--without-passphrase"], "is there already"),
        (&["create", "UPPER", "--without-passphrase"], "NAME"),
        (&["create", "../up", "--without-passphrase"], "NAME"),
        (&["create", "new", "--agent", "host.pub"], "the agent holds no key SHA256:"),
        (&["create", "new", "--key-type", "dsa"], "expected one of ed25519, ecdsa-p256"),
        (&["create", "new", "--without-passphrase", "--passphrase-file", "x"], "cannot be used with"),
    ];
    for (arguments, message) in cases {
        let run = agent.with(folder.certgate(["ca"]).arguments(arguments)).exits(2);
        assert!(run.stderr.to_lowercase().contains(&message.to_lowercase()), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert_eq!(folder.contents(), before, "{arguments:?}");
    }
    folder.is_sound();
}

#[test]
fn passphrases_come_from_the_first_line_of_a_file_and_are_never_empty() {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    for (text, message) in [
        ("", "the passphrase is empty"),
        ("\nsecond line", "the passphrase is empty"),
        (&*"x".repeat(4097), "its first line has more than 4096 bytes"),
    ] {
        folder.write_secret("passphrase", text);
        let run = folder.certgate(["ca", "create", "hosts", "--passphrase-file", "passphrase"]).exits(2);
        assert!(run.stderr.contains(message), "{run:?}");
        assert!(!folder.path("state/authorities/hosts").exists());
    }
    let run = folder.certgate(["ca", "create", "hosts", "--passphrase-file", "missing"]).exits(2);
    assert!(run.stderr.contains("cannot read the passphrase file `missing`"), "{run:?}");
    folder.write_secret("passphrase", format!("{PASSPHRASE}\r\n"));
    folder.certgate(["ca", "create", "hosts", "--passphrase-file", "passphrase"]).exits(0);
    folder.write_secret("wrong", "Correct horse battery staple\n");
    folder.write_secret("none", "\n");
    let web = ["issue", "--public-key", "host.pub", "--principal", "web.example.com"];
    let run = folder.certgate(web).arguments(["--passphrase-file", "wrong"]).exits(2);
    assert!(run.stderr.contains("passphrase") && !run.stderr.contains("horse"), "{run:?}");
    let run = folder.certgate(web).arguments(["--passphrase-file", "none"]).exits(2);
    assert!(run.stderr.contains("the passphrase file `none` begins with an empty line"), "{run:?}");
    assert_eq!(folder.listed(&[]).len(), 0, "nothing was reserved");
    folder.certgate(web).arguments(["--passphrase-file", "passphrase"]).exits(0);
}

#[test]
fn a_passphrase_file_that_others_may_read_is_refused_and_a_pipe_is_not() {
    let folder = Folder::new();
    folder.write_secret("passphrase", PASSPHRASE);
    std::fs::set_permissions(folder.path("passphrase"), PermissionsExt::from_mode(0o640)).unwrap();
    let run = folder.certgate(["ca", "create", "hosts", "--passphrase-file", "passphrase"]).exits(2);
    assert!(
        run.stderr.contains("`passphrase`: others than its owner may use it: it has mode 0640"),
        "{run:?}"
    );
    assert!(run.stderr.contains("chmod 600"), "{run:?}");
    assert!(!folder.path("state/authorities/hosts").exists());
    let through_pipe = ["/bin/sh", "-c", "cat passphrase | \"$0\" \"$@\""];
    let create = ["ca", "create", "hosts", "--passphrase-file", "/dev/stdin"];
    folder.certgate_after(&through_pipe, &create).exits(0);
    folder.keygen_ok(&["-y", "-P", PASSPHRASE, "-f", "state/authorities/hosts"]);
}

/// Words that take the terminal away.
const ALONE: [&str; 2] = ["setsid", "--wait"];

#[test]
fn without_a_terminal_a_passphrase_is_asked_for_in_vain_and_the_way_out_is_told() {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    folder.write_secret("passphrase", PASSPHRASE);
    let hint = "hint: give it in a file with --passphrase-file";
    let run = folder.certgate_after(&ALONE, &["ca", "create", "hosts"]).exits(2);
    assert!(run.stderr.contains("there is no terminal") && run.stderr.contains(hint), "{run:?}");
    folder.certgate(["ca", "create", "hosts", "--passphrase-file", "passphrase"]).exits(0);
    let issue = ["issue", "--public-key", "host.pub", "--principal", "web.example.com"];
    let run = folder.certgate_after(&ALONE, &issue).exits(2);
    assert!(run.stderr.contains("there is no terminal") && run.stderr.contains(hint), "{run:?}");
    assert_eq!(folder.listed(&[]).len(), 0, "nothing was reserved");
}

/// Runs `certgate ssh` on a terminal of its own where these lines are typed; what the terminal showed comes back.
fn typed(folder: &Folder, arguments: &str, lines: &str) -> (i32, String) {
    let command = format!("CERTGATE_STATE=state {} ssh {arguments}", env!("CARGO_BIN_EXE_certgate"));
    folder.write("typed", lines);
    let script = format!("script --quiet --return --command '{command}' /dev/null < typed");
    let output = folder.openssh("sh", &["-c", &script]);
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn on_a_terminal_a_new_passphrase_is_asked_for_twice_and_then_opens_the_key() {
    let folder = Folder::new();
    folder.key("host", &["ed25519"]);
    let (code, shown) = typed(&folder, "ca create hosts", "one thing\nanother\n");
    assert!(code == 2 && shown.contains("the two passphrases differ"), "{shown}");
    assert!(!folder.path("state/authorities/hosts").exists());
    let (code, shown) = typed(&folder, "ca create hosts", "one thing\none thing\n");
    assert!(code == 0 && shown.contains("New passphrase for authority hosts: "), "{shown}");
    folder.keygen_ok(&["-y", "-P", "one thing", "-f", "state/authorities/hosts"]);
    let issue = "issue --public-key host.pub --principal web.example.com";
    let (code, shown) = typed(&folder, issue, "another\n");
    assert!(code == 2 && shown.contains("Passphrase for `"), "{shown}");
    let (code, shown) = typed(&folder, issue, "one thing\n");
    assert!(code == 0 && shown.contains("issued serial 1"), "{shown}");
}

#[test]
fn ctrl_c_at_a_passphrase_makes_nothing_and_leaves_the_terminal_as_it_was() {
    let folder = Folder::new();
    // Before it asks, Ctrl-C would be for the shell, too.
    let keys = "for _ in $(seq 400); do grep -q \"New passphrase\" shown && break; sleep 0.05; done; sleep 0.5; \
                printf \"half\\003\"; sleep 1";
    let command = format!(
        "CERTGATE_STATE=state {} ssh ca create hosts; echo code $?; stty -a",
        env!("CARGO_BIN_EXE_certgate")
    );
    folder.write("shown", "");
    let script = format!("{{ {keys}; }} | script --quiet --flush --command '{command}' shown");
    folder.openssh("sh", &["-c", &script]);
    let shown = String::from_utf8_lossy(&folder.read("shown")).into_owned();
    assert!(shown.contains("New passphrase for authority hosts: "), "{shown}");
    assert!(shown.contains("code 130"), "it ends by the signal: {shown}");
    for setting in ["isig", "icanon", "echo"] {
        assert!(shown.split_whitespace().any(|word| word == setting), "{setting}: {shown}");
    }
    assert!(!folder.path("state/authorities/hosts").exists());
}

#[test]
fn a_key_file_that_others_can_read_or_that_holds_another_key_does_not_sign() {
    let folder = Folder::with_authority();
    folder.authority("other", &[]);
    let key = folder.path("state/authorities/hosts");
    let issue = || {
        let arguments = ["issue", "--ca", "hosts", "--public-key", "host.pub", "--principal", "web"];
        folder.certgate(arguments).exits(2).stderr
    };
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        std::fs::set_permissions(&key, PermissionsExt::from_mode(mode)).unwrap();
        let said = issue();
        assert!(said.contains(&format!("{mode:04o}")) && said.contains("chmod 600"), "{mode:o}: {said}");
    }
    folder.copy("state/authorities/other", "state/authorities/hosts");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(issue().contains("holds another key than authority hosts has"));
    folder.copy("host.pub", "state/authorities/hosts");
    assert!(issue().contains("authorities/hosts"));
    std::fs::remove_file(&key).unwrap();
    assert!(issue().contains("cannot read the key file"));
    assert_eq!(folder.listed(&[]).len(), 0, "nothing was reserved");
}

#[test]
fn serials_start_at_one_or_anywhere_and_count_up() {
    let folder = Folder::with_authority();
    folder.authority("dice", &["--random-serials"]);
    folder.authority("more-dice", &["--random-serials"]);
    for authority in ["hosts", "dice", "more-dice"] {
        for _ in 0..3 {
            folder.issue("host", &["web.example.com"], &["--ca", authority]);
        }
    }
    let serials = |authority: &str| -> Vec<u64> {
        let listed = folder.listed(&["--ca", authority]);
        listed.iter().map(|entry| entry["serial"].as_str().unwrap().parse().unwrap()).collect()
    };
    assert_eq!(serials("hosts"), [1, 2, 3]);
    let (dice, more) = (serials("dice"), serials("more-dice"));
    for found in [&dice, &more] {
        assert!(found[0] > 1_000_000 && found[0] < 1 << 62, "{found:?}");
        assert_eq!(found[1..], [found[0] + 1, found[0] + 2]);
    }
    assert_ne!(dice, more);
}
