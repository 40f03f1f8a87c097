use proptest::prelude::*;

use super::*;

/// What comes of a text: its fault, and the texts it was meant as.
fn normal(text: &str) -> (Option<PrincipalFault>, Vec<String>) {
    let form = NormalForm::of(text);
    (form.fault(), form.texts().to_vec())
}

#[test]
fn names_and_addresses_in_normal_form_stay_as_they_are() {
    for text in [
        "web-1.example.com",
        "web_1",
        "3com.example.com",
        "_web",
        "xn--bcher-kva.example",
        "192.0.2.7",
        "2001:db8::1",
        "::1",
        "::192.0.2.1",
        "fe80::1",
        // An alias may be any text.
        "blue/web",
        "prod:web",
    ] {
        assert_eq!(normal(text), (None, vec![text.to_owned()]));
        assert_eq!(text.parse::<Principal>().unwrap().as_str(), text);
    }
}

#[test]
fn a_text_gets_the_fault_that_says_most_and_loses_all_of_them() {
    use PrincipalFault::*;
    for (text, fault, expected) in [
        ("[WEB.example.com]:22", Port, "web.example.com"),
        ("WEB.example.com.:22", Port, "web.example.com"),
        ("web:", Port, "web"),
        ("web:ssh", Port, "web"),
        ("[2001:DB8:0::1]:22", Port, "2001:db8::1"),
        ("1:2:3:4:5:6:7:8:22", Port, "1:2:3:4:5:6:7:8"),
        ("[web", Brackets, "web"),
        ("[[::1]]", Brackets, "::1"),
        (" web,\tDB. , ", Comma, "web db"),
        ("web,web", Comma, "web"),
        ("web DB", Whitespace, "web db"),
        ("web\u{3000}", Whitespace, "web"),
        ("\u{200B}WEB", ControlCharacter, "web"),
        ("\u{1b}web", ControlCharacter, "web"),
        ("WEB.", TrailingDot, "web"),
        ("web..", TrailingDot, "web"),
        ("BÜCHER.example.", NotAscii, "xn--bcher-kva.example"),
        ("ｗｅｂ。example", NotAscii, "web.example"),
        ("１０.0.0.１", NotAscii, "10.0.0.1"),
        ("010.1", AddressNotCanonical, "8.0.0.1"),
        ("192.000.002.007", AddressNotCanonical, "192.0.2.7"),
        ("0X7F.1", AddressNotCanonical, "127.0.0.1"),
        ("192.168.001.089", AddressNotCanonical, "192.168.1.89"),
        ("::C000:201", AddressNotCanonical, "::192.0.2.1"),
        ("::FFFF:C000:201", AddressNotCanonical, "192.0.2.1"),
        ("*.EXAMPLE.com", NotLowerCase, "*.example.com"),
        ("*.example.com:22", Port, "*.example.com"),
        ("2001:DB8::*", NotLowerCase, "2001:db8::*"),
        ("2001:db8::*:22", Wildcard, "2001:db8::*:22"),
        ("*.example.com", Wildcard, "*.example.com"),
    ] {
        let expected: Vec<String> = expected.split(' ').map(str::to_owned).collect();
        assert_eq!(normal(text), (Some(fault), expected), "{text}");
    }
}

#[test]
fn nothing_is_guessed() {
    use PrincipalFault::*;
    for (text, fault) in [
        ("", Empty),
        (" \n", Empty),
        ("\u{200B}", ControlCharacter),
        ("web\0.example.net", ControlCharacter),
        (",", Comma),
        ("web,*", Comma),
        ("a,b,c,d,e,f,g,h,i", Comma),
        ("*", AnyHost),
        ("*.*", AnyHost),
        ("?", AnyHost),
        ("*:22", Port),
        (":22", Port),
        ("root@WEB:22", Port),
        ("ssh://web:22", Port),
        ("$(reboot).EXAMPLE:22", Port),
        ("[]", Brackets),
        ("web[1-3]", Brackets),
        ("web]:22x", Brackets),
        (".", TrailingDot),
        ("fe80::1%eth0", AddressNotCanonical),
        ("256.0.0.1", AddressNotCanonical),
        ("010.0.0.1", AddressNotCanonical),
        ("010.0.0.1:22", Port),
        ("2001:db8:::1", AddressNotCanonical),
        ("web-\u{FFFD}", NotAscii),
        ("-----BEGIN PRIVATE KEY-----\nabc\n", Whitespace),
    ] {
        assert_eq!(normal(text), (Some(fault), vec![]), "{text}");
    }
}

#[test]
fn long_texts_are_not_repaired_and_take_no_stack() {
    for unit in ["[", "A", "a:1", ",", "ü", "*", "?a"] {
        let text = unit.repeat(4 * REPAIRED_BYTES_MAX);
        let form = NormalForm::of(&text);
        assert!(form.texts().iter().all(|form| *form == text), "{unit}");
    }
    let nested = format!("{}web{}", "[".repeat(900), "]:1".repeat(900));
    assert!(nested.len() <= REPAIRED_BYTES_MAX);
    assert_eq!(normal(&nested), (Some(PrincipalFault::Port), vec!["web".to_owned()]));
    let name = "A".repeat(NAME_BYTES_MAX);
    assert_eq!(NormalForm::of(&name).texts(), [name.to_lowercase()]);
    assert_eq!(NormalForm::of(&format!("{name}A")).texts(), [""; 0]);
}

#[test]
fn format_characters_are_the_ones_that_rust_spells_out_too() {
    for character in ('\0'..=char::MAX).filter(|character| first_unseen(&character.to_string()).is_some()) {
        assert_ne!(character.escape_debug().to_string(), character.to_string(), "{:x}", u32::from(character));
    }
}

/// Texts out of the parts that faults are made of.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z0-9]{1,4}",
        "[A-Z0-9x.:]{1,6}",
        "(0x|0)?[0-9]{1,3}\\.",
        prop::sample::select(vec![
            "*",
            "?",
            ".",
            "..",
            "[",
            "]",
            ":",
            ":22",
            "]:22",
            "::",
            "::ffff:",
            "fe80::",
            "%eth0",
            ",",
            " ",
            "\n",
            "\u{a0}",
            "\0",
            "\u{7f}",
            "\u{85}",
            "\u{202e}",
            "\u{feff}",
            "\u{200d}",
            "ü",
            "ß",
            "İ",
            "。",
            "，",
            "：22",
            "［",
            "web",
            "xn--",
            "xn--bcher-kva",
            "example.com",
            "/",
            "@",
            "_",
            "-",
            "$(x)",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn what_is_normalised_has_no_fault_and_stays_as_it_is(text in texts()) {
        for normal in NormalForm::of(&text).texts() {
            let again = NormalForm::of(normal);
            prop_assert_eq!(again.texts(), std::slice::from_ref(normal));
            match again.fault() {
                None => prop_assert_eq!(normal.parse::<Principal>().unwrap().to_string(), normal.clone()),
                fault => prop_assert_eq!(fault, Some(PrincipalFault::Wildcard)),
            }
        }
    }

    #[test]
    fn any_text_has_a_fault_or_is_a_principal(text in any::<String>()) {
        prop_assert_eq!(text.parse::<Principal>().err(), NormalForm::of(&text).fault());
    }
}
