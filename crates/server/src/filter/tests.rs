use std::thread;

use certgate_api::{CertificateAuthority, SshCertificateAuthority, TlsCertificate};
use proptest::prelude::*;

use super::*;

/// 2026-11-01T00:00:00Z.
const NOW: i64 = 1_793_491_200;
const DAY_SECS: i64 = 86_400;

fn read_as<R: Served>(filter: &str) -> Result<ResourceFilter, String> {
    super::read::<R>(filter, Timestamp::from_unix_secs(NOW)).map_err(|refusal| {
        assert_eq!(refusal.code(), Some(250), "{filter}");
        refusal.problem("op_1").msg
    })
}

fn read(filter: &str) -> Result<ResourceFilter, String> {
    read_as::<TlsCertificate>(filter)
}

fn text(field: TextField, relation: Relation, text: &str) -> ResourceFilter {
    ResourceFilter::Text(field, TextTest::Compare(relation, text.to_owned()))
}

fn is(text_is: &str) -> ResourceFilter {
    text(TextField::Description, Relation::Equal, text_is)
}

fn not_after(relation: Relation, secs: i64) -> ResourceFilter {
    ResourceFilter::Time(TimeField::NotAfter, relation, Timestamp::from_unix_secs(NOW + secs))
}

fn not(filter: ResourceFilter) -> ResourceFilter {
    ResourceFilter::Not(Box::new(filter))
}

#[test]
fn comparisons_and_their_opposites_are_read() {
    for (filter, due) in [
        (r#"obj.description == "a""#, is("a")),
        (r#""a" == obj.description"#, is("a")),
        ("obj.description == 'a\\'b'", is("a'b")),
        (r#"obj.description != "a""#, not(is("a"))),
        (r#"!(obj.description == "a")"#, not(is("a"))),
        (r#"!!(obj.description == "a")"#, is("a")),
        (r#"!(obj.description != "a")"#, is("a")),
        ("obj.description == null", is("")),
        (r#"obj.metadata < "a""#, text(TextField::Metadata, Relation::Less, "a")),
        (r#""a" < obj.metadata"#, text(TextField::Metadata, Relation::Greater, "a")),
        (r#"!(obj.metadata <= "a")"#, text(TextField::Metadata, Relation::Greater, "a")),
        (r#"obj.serial_number >= "a""#, text(TextField::SerialNumber, Relation::AtLeast, "a")),
        (r#"obj.subject_common_name > "a""#, text(TextField::SubjectCommonName, Relation::Greater, "a")),
        ("obj.not_after == null", ResourceFilter::Any(Vec::new())),
        ("null != obj.not_after", ResourceFilter::EVERYTHING),
    ] {
        assert_eq!(read(filter), Ok(due), "{filter}");
    }
}

#[test]
fn conditions_are_put_together_and_turned_round() {
    let (a, b, c) = (is("a"), is("b"), is("c"));
    let said = |name: &str| format!(r#"obj.description == "{name}""#);
    let (x, y, z) = (said("a"), said("b"), said("c"));
    let (all, any) = (ResourceFilter::All, ResourceFilter::Any);
    for (filter, due) in [
        (format!("{x} && {y} && {z}"), all(vec![a.clone(), b.clone(), c.clone()])),
        (format!("{x} || {y} && {z}"), any(vec![a.clone(), all(vec![b.clone(), c.clone()])])),
        (format!("({x} || {y}) && {z}"), all(vec![any(vec![a.clone(), b.clone()]), c.clone()])),
        (format!("!({x} && ({y} || !({z})))"), any(vec![not(a), all(vec![not(b), c])])),
    ] {
        assert_eq!(read(&filter), Ok(due), "{filter}");
    }
}

#[test]
fn lists_parts_and_lengths_are_read() {
    let description = |test| ResourceFilter::Text(TextField::Description, test);
    let texts = TextTest::In(vec!["a".to_owned(), "b".to_owned()]);
    let longer = |letters| description(TextTest::Length(Relation::Greater, letters));
    let at = |secs| not_after(Relation::Equal, secs);
    for (filter, due) in [
        (r#"obj.description in ["a", "b"]"#, description(texts.clone())),
        (r#"!(obj.description in ["a", "b"])"#, not(description(texts))),
        ("obj.id in []", ResourceFilter::Text(TextField::Id, TextTest::In(Vec::new()))),
        (
            r#"obj.not_after in [timestamp("2026-11-02T00:00:00Z"), timestamp(time.now)]"#,
            ResourceFilter::Any(vec![at(DAY_SECS), at(0)]),
        ),
        (r#"obj.description.contains("a")"#, description(TextTest::Contains("a".to_owned()))),
        (r#"obj.description.startsWith("")"#, description(TextTest::StartsWith(String::new()))),
        (r#"!obj.description.endsWith("ä")"#, not(description(TextTest::EndsWith("ä".to_owned())))),
        ("size(obj.description) > 0", longer(0)),
        ("0 < obj.description.size()", longer(0)),
        ("size(obj.description) > -1", ResourceFilter::EVERYTHING),
        ("size(obj.description) == -1", ResourceFilter::Any(Vec::new())),
        ("size(obj.description) <= 5000000000", ResourceFilter::EVERYTHING),
        ("size(obj.description) >= 5000000000", ResourceFilter::Any(Vec::new())),
    ] {
        assert_eq!(read(filter), Ok(due), "{filter}");
    }
}

#[test]
fn times_are_read() {
    for (filter, relation, secs) in [
        (r#"obj.not_after < timestamp("2026-11-01T00:00:01Z")"#, Relation::Less, 1),
        (r#"obj.not_after < timestamp("2026-11-01T02:00:00+02:00")"#, Relation::Less, 0),
        ("timestamp(time.now) >= obj.not_after", Relation::AtMost, 0),
        (r#"obj.not_after > timestamp(time.now).add("7d")"#, Relation::Greater, 7 * DAY_SECS),
        (r#"obj.not_after > timestamp(time.now).subtract("1h30m").add("5s")"#, Relation::Greater, -5395),
        (r#"obj.not_after == timestamp("2026-11-02T00:00:00Z").subtract("1d")"#, Relation::Equal, 0),
    ] {
        assert_eq!(read(filter), Ok(not_after(relation, secs)), "{filter}");
    }
}

#[test]
fn what_is_asked_of_the_creation_is_told_of_the_id_too() {
    let created =
        |relation| ResourceFilter::Time(TimeField::CreatedAt, relation, Timestamp::from_unix_secs(NOW));
    let id = |random| id_at::<TlsCertificate>(Timestamp::from_unix_secs(NOW), [random; 16]).unwrap();
    let below = text(TextField::Id, Relation::Less, &id(0));
    let above = text(TextField::Id, Relation::Greater, &id(u8::MAX));
    assert_eq!(
        read("obj.created_at < timestamp(time.now)"),
        Ok(ResourceFilter::All(vec![below, created(Relation::Less)]))
    );
    assert_eq!(
        read("obj.created_at > timestamp(time.now)"),
        Ok(ResourceFilter::All(vec![above, created(Relation::Greater)]))
    );
    // Times that no id can tell.
    for (filter, bound) in [
        (r#"obj.created_at < timestamp("1999-01-01T00:00:00Z")"#, Some((Relation::Less, "cert"))),
        (r#"obj.created_at > timestamp("1999-01-01T00:00:00Z")"#, None),
        (r#"obj.created_at > timestamp("2999-01-01T00:00:00Z")"#, Some((Relation::Greater, "cert~"))),
        (r#"obj.created_at < timestamp("2999-01-01T00:00:00Z")"#, None),
    ] {
        let Ok(ResourceFilter::All(parts)) = read(filter) else { panic!("{filter}") };
        let bound = bound.map(|(relation, id)| text(TextField::Id, relation, id));
        assert_eq!(parts.split_last().unwrap().1, bound.as_slice(), "{filter}");
    }
}

#[test]
fn every_kind_has_fields_of_its_own() {
    let ask = |field: &str| format!("obj.{field} != null");
    let all =
        "id, created_at, description, metadata, subject_common_name, not_before, not_after, serial_number";
    type Read = fn(&str) -> Result<ResourceFilter, String>;
    let kinds: [(Read, usize); 3] = [
        (read_as::<TlsCertificate>, 8),
        (read_as::<CertificateAuthority>, 7),
        (read_as::<SshCertificateAuthority>, 4),
    ];
    for (read, count) in kinds {
        let mut permitted: Vec<&str> = all.split(", ").collect();
        let refused = permitted.split_off(count);
        for field in &permitted {
            assert!(read(&ask(field)).is_ok(), "{field}");
        }
        for field in refused.iter().chain(&["uri", "certificate_pem", "private_key_type", "x"]) {
            let message = read(&ask(field)).unwrap_err();
            let permitted = permitted.join(", ");
            let due = format!("'obj.{field}' cannot be asked for here; permitted fields: {permitted}");
            assert!(message.ends_with(&due), "{message}");
        }
    }
}

#[test]
fn what_no_filter_may_have_is_refused_and_named() {
    for (filter, due) in [
        ("obj.description + \"a\" == \"b\"", "arithmetic is not supported"),
        ("size(obj.description) * 2 > 1", "arithmetic"),
        ("-size(obj.description) < 0", "arithmetic"),
        ("obj.description == \"a\" ? true : false", "? and :"),
        ("obj.description[0] == \"a\"", "an index"),
        ("obj.description.all(x, x == \"a\")", "a macro"),
        ("[1].exists(x, x == 1)", "a macro"),
        ("has(obj.description)", "has()"),
        ("obj.description.matches(\"a\")", "'matches' cannot be called"),
        ("type(obj.description) == string", "'type' cannot be called"),
        ("duration(\"1h\") == \"a\"", "'duration' cannot be called"),
        ("obj.description", "a field without a comparison"),
        ("true", "a value without a comparison"),
        ("obj.description == true", "neither a string nor a whole number"),
        ("obj.description == b\"a\"", "neither a string nor a whole number"),
        ("obj.description == 1.5", "neither a string nor a whole number"),
        ("obj.description == 1u", "neither a string nor a whole number"),
        ("obj.description == {\"a\": 1}", "a map"),
        ("obj.description == [\"a\"]", "a list outside of `in`"),
        ("(obj.id == \"a\") == (obj.id == \"b\")", "a comparison inside of a comparison"),
        ("(obj.id == \"a\" && obj.id == \"b\") == \"a\"", "a condition inside of a comparison"),
        ("obj.description.x == \"a\"", "a field of a field"),
        ("obj", "there is no 'obj'"),
        ("x == \"a\"", "there is no 'x'"),
        ("x.id == \"a\"", "there is no 'x'"),
        ("obj.id.startsWith(\"cert\")", "startsWith() is not permitted on obj.id"),
        ("obj.serial_number.contains(\"1\")", "contains() is not permitted on obj.serial_number"),
        ("obj.id.endsWith(\"1\")", "endsWith() is not permitted on obj.id"),
        ("obj.not_after.contains(\"1\")", "obj.not_after is a time"),
        ("obj.not_after < \"2026-11-01T00:00:00Z\"", "obj.not_after is a time"),
        ("obj.not_after < null", "obj.not_after is a time"),
        ("obj.not_after in [\"a\"]", "obj.not_after is a time"),
        ("obj.description == 1", "obj.description is a text"),
        ("obj.description < null", "obj.description is a text"),
        ("obj.description in [1]", "obj.description is a text"),
        ("obj.description.contains(1)", "obj.description is a text"),
        ("size(obj.description) == \"a\"", "size() is a number"),
        ("size(obj.not_after) == 1", "obj.not_after is a time"),
        ("size(\"a\") == 1", "compare a field"),
        ("\"a\" in obj.description", "obj.description is no list"),
        ("[\"a\"] in obj.description", "a list outside of `in`"),
        ("\"a\" in [\"a\"]", "`in` takes a field"),
        ("obj.description in \"a\"", "`in` takes a field"),
        ("obj.description == obj.metadata", "two fields"),
        ("\"a\" == \"a\"", "compare a field"),
        ("obj.not_after < timestamp(\"2025-05-10Z\")", "timestamp() takes whole seconds"),
        ("obj.not_after < timestamp(\"2025-05-10T00:00:00.5Z\")", "timestamp() takes whole seconds"),
        ("obj.not_after < timestamp(5)", "timestamp() takes whole seconds"),
        ("obj.not_after < timestamp(x.now)", "timestamp() takes whole seconds"),
        ("obj.not_after < time.now", "inside of timestamp()"),
        ("obj.not_after < timestamp(time.now).add(\"7w\")", "units: d, h, m, s"),
        ("obj.not_after < timestamp(time.now).add(7)", "units: d, h, m, s"),
        ("obj.not_after < timestamp(time.now).add(\"106751991167300d\")", "units: d, h, m, s"),
        ("obj.description.add(\"7d\") == \"a\"", "'add' cannot be called"),
        ("obj.id = \"x\"", "no CEL from line 1, column 8"),
        ("obj.id ==\n", "no CEL from line"),
        ("obj.id == \"x", "no CEL from line 1, column 11"),
        ("&&", "no CEL"),
        (" ", "no CEL"),
    ] {
        let message = read(filter).expect_err(filter);
        assert!(message.starts_with("invalid filter: ") && message.contains(due), "{filter}: {message}");
    }
}

#[test]
fn a_filter_has_so_many_bytes_tests_and_levels_and_no_more() {
    let padded = |bytes: usize| format!("{:bytes$}", r#"obj.id == "a""#);
    assert!(read(&padded(FILTER_BYTES_MAX)).is_ok());
    assert!(read(&padded(FILTER_BYTES_MAX + 1)).unwrap_err().contains("it has 4097 bytes"));
    let listed = |count: usize| format!("obj.id in [{}]", vec!["\"a\""; count].join(","));
    assert!(read(&listed(200)).is_ok());
    assert!(read(&listed(201)).unwrap_err().contains("too many tests"));
    let deep = |depth: usize| {
        let (opening, closing) =
            ("(obj.id == \"b\" && (obj.id == \"c\" || ".repeat(depth), "))".repeat(depth));
        format!("{opening}obj.id == \"a\"{closing}")
    };
    assert!(read(&deep(10)).is_ok());
    assert!(read(&deep(20)).unwrap_err().contains("too many in each other"));
}

/// What could be put into itself without an end.
const REPEATED: [&str; 34] = [
    "(",
    "[",
    "{",
    "!",
    "-",
    "a?",
    "a?b:",
    "a(",
    "a<",
    "a+",
    "a.b",
    ".b",
    "a[0]",
    "a.all(b,",
    "a && ",
    "a || b && ",
    "\"",
    "\\",
    "'''",
    "\u{0}",
    "é",
    "1",
    "{a:",
    "timestamp(time.now).add(\"1d\")",
    ".add(\"1d\")",
    "size(",
    "!(",
    "obj.id in [",
    "obj.id==\"a\"&&",
    "obj.id==\"a\"||!(",
    "a.b(c)",
    "\n",
    "//",
    "a{b:",
];

#[test]
fn what_is_deep_or_strange_is_read_or_refused_on_a_small_stack() {
    let run = || {
        for part in REPEATED {
            let half = part.repeat(FILTER_BYTES_MAX / 2 / part.len());
            let mirrored: String = half
                .chars()
                .rev()
                .map(|letter| "([{".find(letter).map_or(letter, |at| [')', ']', '}'][at]))
                .collect();
            for start in ["", "obj.id", "timestamp(time.now)"] {
                let _ = read(&format!("{start}{half}a"));
                let _ =
                    read(&format!("{start}{}", part.repeat((FILTER_BYTES_MAX - start.len()) / part.len())));
                let _ = read(&format!("{start}{half}{mirrored}"));
            }
        }
    };
    thread::Builder::new().stack_size(1024 * 1024).spawn(run).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(words in prop::collection::vec(prop::sample::select(vec![
        "obj", ".", "id", "description", "not_after", "created_at", "==", "!=", "<", ">=", "&&", "||", "!", "(", ")", "[",
        "]", ",", "in", "\"a\"", "''", "null", "1", "-1", "true", "timestamp", "time.now", "add", "\"1d\"", "size",
        "contains", "+", "?", ":", " ", "obj.id == \"a\"", "obj.not_after < timestamp(time.now)", "ä", "has", "all",
    ]), 0..20)) {
        let _ = read(&words.concat());
        let _ = read(&words.join(" "));
    }
}
