//! What `ssh` makes of a host before it looks for it among principals, against what we call its normal form.

use std::process::{Command, Stdio};

use certgate_rules::{NormalForm, PrincipalFault};

/// The host name that the client ends up with; `None` where it refuses to look for such a host.
fn asked_of_ssh(host: &str) -> Option<String> {
    let mut command = Command::new("ssh");
    command.args(["-G", "-F", "none", "--", host]).stdin(Stdio::null());
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin");
    let output = command.output().unwrap_or_else(|error| panic!("install openssh-client: {error}"));
    let text = String::from_utf8_lossy(&output.stdout);
    let name = text.lines().find_map(|line| line.strip_prefix("hostname ")).map(str::to_owned);
    assert_eq!(name.is_some(), output.status.success(), "{host}");
    name
}

#[test]
fn a_client_that_is_given_another_form_looks_for_the_normal_one() {
    for text in [
        "WEB-1.Example.COM",
        "2001:DB8:0:0::7",
        "0000:0000::0001",
        "1:0:0:2:0:0:0:3",
        "::C000:201",
        "64:FF9B::192.0.2.1",
        "127.1",
        "192.0.513",
        "0X7F.1",
        "192.000.002.007",
        "3221225991",
        "0",
    ] {
        let form = NormalForm::of(text);
        assert!(form.fault().is_some(), "{text}");
        assert_eq!(form.texts(), [asked_of_ssh(text).unwrap()], "{text}");
    }
}

#[test]
fn a_client_looks_for_a_normal_form_as_it_is() {
    for text in [
        "web-1.example.com",
        "web_1",
        "3com.example.com",
        "xn--bcher-kva.example",
        "192.0.2.7",
        "255.255.255.255",
        "2001:db8::7",
        "1:0:0:2::3",
        "2001:db8:0:1:1:1:1:1",
        "::192.0.2.1",
        "::1",
        "fe80::1",
    ] {
        assert_eq!(NormalForm::of(text).fault(), None, "{text}");
        assert_eq!(asked_of_ssh(text).as_deref(), Some(text));
    }
}

#[test]
fn a_client_that_is_given_some_other_texts_looks_for_them_as_they_are() {
    // Whoever types the normal form does not find them.
    for (text, fault) in [
        ("web.example.com.", PrincipalFault::TrailingDot),
        ("[2001:db8::1]", PrincipalFault::Brackets),
        ("bücher.example", PrincipalFault::NotAscii),
        ("::ffff:192.0.2.7", PrincipalFault::AddressNotCanonical),
        ("192.0.2.256", PrincipalFault::AddressNotCanonical),
        ("192.168.001.089", PrincipalFault::AddressNotCanonical),
        ("2001:db8:::1", PrincipalFault::AddressNotCanonical),
    ] {
        assert_eq!(NormalForm::of(text).fault(), Some(fault), "{text}");
        assert_eq!(asked_of_ssh(text).as_deref(), Some(text));
    }
}

#[test]
fn a_number_that_begins_with_0_is_octal_to_clients_and_not_repaired() {
    assert_eq!(NormalForm::of("010.0.0.1").texts(), [""; 0]);
    assert_eq!(asked_of_ssh("010.0.0.1").as_deref(), Some("8.0.0.1"));
}

#[test]
fn a_client_looks_for_no_host_with_a_comma_white_space_or_control_characters() {
    for text in [" web", "web ", "web\n", "web db", "web\u{7f}", "web\u{1b}[31m", "web,db"] {
        let fault = NormalForm::of(text).fault();
        let expected = [PrincipalFault::Comma, PrincipalFault::ControlCharacter, PrincipalFault::Whitespace];
        assert!(fault.is_some_and(|fault| expected.contains(&fault)), "{text:?}");
        assert_eq!(asked_of_ssh(text), None, "{text:?}");
    }
}
