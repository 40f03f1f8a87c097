//! Arguments that would do nothing: whoever gives one means something by it, and is told that it is not done.

use crate::harness::Folder;

#[test]
fn an_argument_that_would_do_nothing_is_refused() {
    let folder = Folder::with_authority();
    folder.key("old", &["ed25519"]);
    folder.issue("host", &["web.example.com"], &[]);
    let state = folder.path("state").display().to_string();
    let cases: [(&[&str], &str); 14] = [
        (&["known-hosts", "--from-ledger", "--for-every-host", "--port", "2222"], "--port"),
        (
            &["known-hosts", "--authority", "hosts.pub", "--host", "a.example.com", "--state", &state],
            "--state",
        ),
        (&["revoke", "--key", "host.pub", "--ca", "hosts", "--reason", "a test"], "--ca"),
        (&["ca", "import", "hosts", "--certificate", "host-cert.pub", "--first-serial", "5"], "--key"),
        (&["ca", "import", "hosts", "--certificate", "host-cert.pub", "--passphrase-file", "x"], "--key"),
        (&["ca", "import", "old", "--agent", "old.pub", "--passphrase-file", "x"], "--passphrase-file"),
        (&["krl", "build", "--out", "list", "--revoke-key", "host.pub", "--state", &state], "--from-ledger"),
        (&["krl", "build", "--out", "list", "--revoke-key", "host.pub", "--ca", "hosts"], "--from-ledger"),
        (&["krl", "build", "--out", "list", "--authority", "hosts.pub"], "--revoke-serial"),
        (
            &["krl", "build", "--out", "list", "--any-authority", "--revoke-key", "host.pub"],
            "--revoke-serial",
        ),
        (&["krl", "build", "--out", "list", "--keys-as", "sha256"], "--revoke-key"),
        (&["export", "--as", "json", "--out-dir", "."], "--out-dir goes with --as files"),
        (&["export", "--as", "files", "--out-dir", ".", "--authority-id", "x"], "--as api-request"),
        (&["export", "--as", "api-request", "--authority-id", "x", "--out-dir", "."], "--as files"),
    ];
    let before = folder.contents();
    for (arguments, message) in cases {
        let run = folder.certgate(arguments).exits(2);
        assert!(run.stdout.is_empty() && run.stderr.contains(message), "{arguments:?}: {}", run.stderr);
        assert_eq!(folder.contents(), before, "{arguments:?}");
    }
}
