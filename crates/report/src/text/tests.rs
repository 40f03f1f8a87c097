use std::sync::Arc;

use certgate_facts::{Reading, Source};
use certgate_rules::{Slot, TlsUpload, Verdict};

use super::*;
use crate::fixture;

fn written(verdicts: impl IntoIterator<Item = Verdict<TlsUpload>>, style: Style) -> String {
    written_of(&verdicts.into_iter().map(Judged::from).collect::<Vec<_>>(), style)
}

fn written_of(verdicts: &[Judged], style: Style) -> String {
    let mut out = Vec::new();
    write(&mut out, verdicts, style).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(verdict: Verdict<TlsUpload>) -> String {
    written([verdict], Style::PLAIN)
}

/// The first finding, and nothing that follows it.
fn first(verdict: Verdict<TlsUpload>) -> String {
    plain(verdict).split("\n\n").next().unwrap().to_owned()
}

/// A certificate file of these bytes, without a private key.
fn certificate_alone(bytes: Vec<u8>) -> Verdict<TlsUpload> {
    let reading = Reading::of(Source::from_bytes("site.pem", bytes).unwrap());
    fixture::judged(TlsUpload::new(Slot::whole(Arc::new(reading)), Slot::absent()))
}

#[test]
fn a_finding_across_two_files_shows_both() {
    insta::assert_snapshot!(plain(fixture::rule("key-does-not-match-leaf", "bad-same-size")), @"
    error[CG301 key-does-not-match-leaf]: the private key does not match the leaf
      --> bad-same-size.key:3:1
       |
     3 | -----BEGIN PRIVATE KEY-----
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ this key is rsa 2048
       |
      ::: bad-same-size.pem:3:1
       |
     3 | -----BEGIN CERTIFICATE-----
       | --------------------------- the leaf, `gate.example.com`, holds another key: rsa 2048
    ...
    25 | -----BEGIN CERTIFICATE-----
       | --------------------------- certificate 2, `Test root rsa-2048-c`, is the one this key fits
       |
       = API: would be refused with ERR_NGROK_1923
       = help: the key fits certificate 2, `Test root rsa-2048-c`: put that one first, or give the key of the leaf

    warning[CG202 chain-includes-root]: the chain includes its root, `Test root rsa-2048-c`
      --> bad-same-size.pem:25:1
       |
    25 | -----BEGIN CERTIFICATE-----
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ self-signed: clients trust it because they have it, not because it is sent
       |
       = help: leave it out: it is sent with every handshake for nothing

    bad-same-size.pem + bad-same-size.key: API refuses (ERR_NGROK_1923), clients not asked; 1 error, 1 warning
    ");
}

#[test]
fn a_finding_at_several_places_of_a_file_shows_them_together() {
    insta::assert_snapshot!(first(fixture::rule("chain-out-of-order", "bad-reversed")), @"
    error[CG201 chain-out-of-order]: certificate 1, `gate.example.com`, is not signed by the next one, `Test root rsa-2048-c`
      --> bad-reversed.pem:3:1
       |
     3 | -----BEGIN CERTIFICATE-----
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ issued by `Test intermediate p521-b`
    ...
    20 | -----BEGIN CERTIFICATE-----
       | --------------------------- this is another one
       |
       = API: would be refused with ERR_NGROK_1926
       = help: this order passes: 1 `gate.example.com`, 4 `Test intermediate p521-b`, 3 `Test upper intermediate p384-b`, 2 `Test root rsa-2048-c`
    ");
}

#[test]
fn damage_is_shown_at_its_character() {
    insta::assert_snapshot!(first(fixture::rule("pem-block-damaged", "bad-base64")), @"
    error[CG008 pem-block-damaged]: `*` is not a base64 symbol
     --> bad-base64.pem:6:20
      |
    3 | -----BEGIN CERTIFICATE-----
      | --------------------------- in this block
    ...
    6 | ****************************************************************
      |                    ^
      |
      = API: would be refused with ERR_NGROK_1923
      = help: copy the block again from where it came: readers pass over a block they cannot decode, without a word
    ");
}

#[test]
fn damage_in_a_private_key_shows_no_more_than_the_place() {
    insta::assert_snapshot!(first(fixture::rule("pem-block-damaged", "bad-key")), @"
    error[CG008 pem-block-damaged]: `*` is not a base64 symbol
     --> bad-key.key:4:20
      |
    3 | -----BEGIN PRIVATE KEY-----
      | --------------------------- in this block
    4 | ****************************************************************
      |                    ^
      |
      = API: would be refused with ERR_NGROK_1901
      = help: copy the block again from where it came: readers pass over a block they cannot decode, without a word
    ");
}

#[test]
fn an_empty_source_is_named_without_an_excerpt() {
    insta::assert_snapshot!(plain(fixture::rule("certificate-missing", "bad-empty")), @"
    error[CG001 certificate-missing]: the certificate file is empty
    --> bad-empty.pem
     = API: would be refused with ERR_NGROK_1922
     = help: give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`

    bad-empty.pem + bad-empty.key: API refuses (ERR_NGROK_1922), clients not asked; 1 error
    ");
}

#[test]
fn of_nothing_found_one_line_remains() {
    insta::assert_snapshot!(plain(fixture::rule("chain-incomplete", "good-not-self-signed")), @"good-not-self-signed.pem + good-not-self-signed.key: API accepts, clients: no objection found");
}

#[test]
fn quiet_leaves_the_lines_that_sum_up_and_several_uploads_a_total() {
    let verdicts = [fixture::seed(), fixture::rule("key-encrypted", "bad-pbes2")];
    insta::assert_snapshot!(written(verdicts, Style { quiet: true, ..Style::PLAIN }), @"
    example.com.pem + example.com.key: API accepts, clients refuse; 3 warnings
    bad-pbes2.pem + bad-pbes2.key: API refuses (ERR_NGROK_1902), clients not asked; 1 error, 1 warning
    2 uploads: 1 accepted, 1 refused; 1 error, 4 warnings
    ");
}

#[test]
fn colours_are_written_when_asked_for_and_only_then() {
    let verdict = || [fixture::rule("key-does-not-match-leaf", "bad-same-size")];
    let coloured = written(verdict(), Style { color: true, ..Style::PLAIN });
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[91merror[CG301 key-does-not-match-leaf]\u{1b}[0m"),
        "{coloured}"
    );
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mAPI refuses (ERR_NGROK_1923)\u{1b}[0m"), "{coloured}");
    assert!(!written(verdict(), Style::PLAIN).contains('\u{1b}'));
}

#[test]
fn a_long_line_is_cut_around_the_place_and_its_column_stays_right() {
    let good = fixture::reading("chain/p256-depth-1.pem");
    let text = String::from_utf8(good.source().bytes().to_vec()).unwrap();
    let at = text.find("-----BEGIN CERTIFICATE-----").unwrap() + 27;
    let body: String = text[at..].lines().take_while(|line| !line.starts_with("-----END")).collect();
    let mut body = body.trim_end_matches('=').repeat(3000);
    body.replace_range(700_000..700_001, "!");
    let one_line = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    assert!(one_line.len() > 1_000_000);
    let shown = first(certificate_alone(one_line.into_bytes()));
    assert!(shown.contains("--> site.pem:2:700001\n"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() < 140), "{shown}");
    insta::assert_snapshot!(shown, @"
    error[CG008 pem-block-damaged]: `!` is not a base64 symbol
     --> site.pem:2:700001
      |
     ::: site.pem:1:1
      |
    1 | -----BEGIN CERTIFICATE-----
      | --------------------------- in this block
      |
      = API: would be refused with ERR_NGROK_1922
      = help: copy the block again from where it came: readers pass over a block they cannot decode, without a word
    ");
}

#[test]
fn a_file_that_is_one_line_is_cut_too() {
    let shown = first(certificate_alone(vec![b'A'; 1 << 20]));
    insta::assert_snapshot!(shown, @"
    error[CG001 certificate-missing]: the certificate file holds no PEM block
    --> site.pem:1:1
     = API: would be refused with ERR_NGROK_1922
     = help: give the chain as PEM, leaf first: blocks of `-----BEGIN CERTIFICATE-----`
    ");
}

#[test]
fn a_narrow_terminal_cuts_more() {
    let shown =
        written([fixture::rule("pem-block-damaged", "bad-base64")], Style { width: 10, ..Style::PLAIN });
    insta::assert_snapshot!(shown, @"
    error[CG008 pem-block-damaged]: `*` is not a base64 symbol
     --> bad-base64.pem:6:20
      |
    3 | -----BEGIN CERTIFICATE-----
      | --------------------------- in this block
    ...
    6 | *****************************************************...
      |                    ^
      |
      = API: would be refused with ERR_NGROK_1923
      = help: copy the block again from where it came: readers pass over a block they cannot decode, without a word

    warning[CG202 chain-includes-root]: the chain includes its root, `Test root p256-c`
      --> bad-base64.pem:29:1
       |
    29 | -----BEGIN CERTIFICATE-----
       | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ self-signed: clients trust it because they have it, not because it is sent
       |
       = help: leave it out: it is sent with every handshake for nothing

    bad-base64.pem + bad-base64.key: API refuses (ERR_NGROK_1923), clients refuse; 1 error, 1 warning
    ");
}

#[test]
fn a_file_name_cannot_steer_the_terminal() {
    let certificate = Slot::whole(fixture::text("evil\u{1b}[2J\n.pem", ""));
    let shown = plain(fixture::judged(TlsUpload::new(certificate, Slot::absent())));
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(shown.contains("evil\\u{1b}[2J\\u{a}.pem"), "{shown}");
}

#[test]
fn nothing_written_of_any_fixture_holds_a_line_of_a_private_key() {
    for (name, verdict) in fixture::all() {
        let source = verdict.case().private_key().reading().source();
        let key = String::from_utf8_lossy(source.text()).into_owned();
        let is_secret = |line: &&str| line.len() >= 16 && !line.contains("-----") && !line.contains(' ');
        let secret: Vec<&str> = key.lines().filter(is_secret).collect();
        let holds_certificates = verdict.case().private_key().entries().any(|entry| entry.is_certificate());
        let holds_public = key.contains("PUBLIC KEY") || holds_certificates;
        let shown = written([verdict], Style::PLAIN);
        let leaked = secret.iter().find(|line| shown.contains(&line[..16]));
        assert!(holds_public || leaked.is_none(), "{name}: {leaked:?}");
    }
}

#[test]
fn a_line_of_openssh_says_what_it_is_and_of_the_api_only_where_it_goes_there() {
    let summed_up = |path: &str| written_of(&fixture::documents(path), Style { quiet: true, ..Style::PLAIN });
    insta::assert_snapshot!(summed_up("ssh/ed25519.pub"), @"ed25519.pub:2: ssh public key, API accepts");
    insta::assert_snapshot!(summed_up("ssh/ed25519-host-cert.pub"), @"ed25519-host-cert.pub:2: ssh host certificate, clients: no objection found; 2 warnings");
    insta::assert_snapshot!(summed_up("ssh/ed25519-user-cert.pub"), @"ed25519-user-cert.pub:2: ssh user certificate; 1 warning");
    insta::assert_snapshot!(summed_up("rules/certificate-has-options/bad-critical-cert.pub"), @"bad-critical-cert.pub:2: ssh host certificate, clients refuse; 1 error");
    insta::assert_snapshot!(summed_up("rules/ssh-certificate-unreadable/bad-cut-off-cert.pub"), @"bad-cut-off-cert.pub:2: ssh certificate, clients refuse; 1 error");
    insta::assert_snapshot!(summed_up("rules/trust-line-key-revoked/bad-authority.known_hosts"), @"
    bad-authority.known_hosts:2: line of known hosts; 1 warning
    bad-authority.known_hosts:3: line of known hosts; nothing found
    2 cases: 1 warning
    ");
}

#[test]
fn uploads_and_lines_of_openssh_are_counted_together() {
    let mut verdicts = vec![Judged::from(fixture::seed())];
    verdicts.extend(fixture::documents("ssh/ed25519.pub"));
    verdicts.extend(fixture::documents("ssh/ed25519-host-cert.pub"));
    insta::assert_snapshot!(written_of(&verdicts, Style { quiet: true, ..Style::PLAIN }), @"
    example.com.pem + example.com.key: API accepts, clients refuse; 3 warnings
    ed25519.pub:2: ssh public key, API accepts
    ed25519-host-cert.pub:2: ssh host certificate, clients: no objection found; 2 warnings
    3 cases: 2 accepted, 0 refused; 5 warnings
    ");
}

#[test]
fn a_finding_about_a_trusted_authority_shows_the_line_that_revokes_it() {
    let judged = fixture::documents("rules/trust-line-key-revoked/bad-authority.known_hosts");
    insta::assert_snapshot!(written_of(&judged, Style::PLAIN), @"
    warning[CG453 trust-line-key-revoked]: the authority's key is revoked in the same file: where both lines match, clients refuse all it signed
     --> bad-authority.known_hosts:2:1
      |
    2 | @cert-authority *.example.com,192.0.2.* ssh-ed25519 *****************************************...
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ trusts SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
    3 | @revoked * ssh-ed25519 ******************************************************************** c...
      | ---------------------------------------------------------------- revoked here
      |
      = help: take the line out once no host shows a certificate of that authority; the `@revoked` line stays

    bad-authority.known_hosts:2: line of known hosts; 1 warning

    bad-authority.known_hosts:3: line of known hosts; nothing found

    2 cases: 1 warning
    ");
}

#[test]
fn of_very_many_cases_those_with_findings_are_shown() {
    let good = "@cert-authority *.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOUIEH743pVrjH05w2rN34Ia/Tdf31p6EhbiQPdGV+FQ\n";
    let of = |good_lines: usize, bad_lines: usize| {
        let lines = good.repeat(good_lines) + &good.replacen("*.example.com", "*", 1).repeat(bad_lines);
        let judged = fixture::documents_in(&fixture::text("known_hosts", &lines));
        written_of(&judged, Style { quiet: true, ..Style::PLAIN })
    };
    let all = of(CASES_SHOWN_MAX - 1, 1);
    assert_eq!(all.lines().count(), CASES_SHOWN_MAX + 1);
    let most = of(CASES_SHOWN_MAX, 1);
    insta::assert_snapshot!(most, @"
    known_hosts:501: line of known hosts; 1 warning
    and 500 more cases; `--format json` has them all
    501 cases: 1 warning
    ");
    let bad = of(1, CASES_SHOWN_MAX + 3);
    assert!(
        bad.contains("\nand 4 more cases; `--format json` has them all\n504 cases: 503 warnings"),
        "{bad}"
    );
}

#[test]
fn a_request_for_a_host_certificate_is_summed_up_by_the_file_of_its_key() {
    let quiet = Style { quiet: true, ..Style::PLAIN };
    let line = |key: &str, principal: &str| {
        let mut out = Vec::new();
        write(&mut out, &[fixture::host_request(key, principal)], quiet).unwrap();
        String::from_utf8(out).unwrap()
    };
    insta::assert_snapshot!(line("ssh/ed25519.pub", "web-1.example.com") + &line("keys/ed25519-a.key", "*"), @"
    ed25519.pub: ssh host certificate request, API accepts, clients: no objection found
    ed25519-a.key: ssh host certificate request, API refuses (ERR_NGROK_1934), clients refuse; 2 errors
    ");
}
