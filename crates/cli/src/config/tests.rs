//! Configurations, sound and not.

use super::*;

/// One with everything in it.
pub(super) const GOOD: &str = r#"
project = "shop"
fail_on = "warning"
max_lifetime = "90d"
expires_soon = 0.25
for = "aws-acm"
hostnames = ["www.example.com", "192.0.2.1"]
trust = ["mozilla", "ca.pem"]

[levels]
chain-includes-root = "allow"
CG101 = "error"

[[override]]
path = "staging/**"
levels.leaf-expired = "warning"
levels.CG104 = "allow"
for = "gcp"

[[override]]
path = "/etc/ssl"
hostnames = ["gate.example.com"]
trust = ["none"]

[[ignore]]
rule = "leaf-expired"
path = "legacy"
reason = "kept to reproduce a report"
until = 2027-01-31

[[ignore]]
rule = "CG104"
fingerprint = "00112233445566778899AABBCCDDEEFF:2"
reason = " so it came "

[[tls_certificate]]
name = "www"
certificate = "www.pem"
private_key = "www.key"
metadata.team = "web"

[[ssh_host_certificate]]
name = "web-1"
public_key = "web-1.pub"
ca = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS"
renew = 0.5
"#;

/// What is wrong with a configuration, and how that is told.
pub(super) const BAD: &[(&str, &str)] = &[
    (
        "fail-on = \"error\"",
        "certgate.toml:1:1: `fail-on` is unknown here: expected project, tls_certificate, ssh_host_certificate, fail_on, max_lifetime, expires_soon, for, hostnames, trust, levels, override or ignore; did you mean `fail_on`?",
    ),
    ("fail_on = \"warn\"", "certgate.toml:1:11: `warn` is none of \"error\", \"warning\", \"never\""),
    (
        "for = \"aws\"",
        "certgate.toml:1:7: `aws` is no upload target: there are ngrok, aws-acm, azure-key-vault, cloudflare, fastly, gcp",
    ),
    (
        "[[override]]\npath = \"a\"\nfor = \"fastl\"",
        "certgate.toml:3:7: `fastl` is no upload target: there are ngrok, aws-acm, azure-key-vault, cloudflare, fastly, gcp; did you mean `fastly`?",
    ),
    ("fail_on = 1", "certgate.toml:1:11: expected a text in quotes"),
    ("max_lifetime = \"soon\"", "certgate.toml:1:16: `soon`: not a length of time"),
    ("expires_soon = \"1/3\"", "certgate.toml:1:16: `1/3`: not a fraction"),
    ("expires_soon = 1.0", "certgate.toml:1:16: `1.0`: not a fraction"),
    (
        "hostnames = [\"https://a\"]",
        "certgate.toml:1:14: `https://a` is neither a host name nor an address; write it as clients ask for it, such as `www.example.com`, without scheme and port",
    ),
    ("trust = \"ca.pem\"", "certgate.toml:1:9: `trust` is a list: write it in brackets"),
    ("levels = \"error\"", "certgate.toml:1:10: `levels` is a table: write it as [levels]"),
    (
        "[levels]\nleaf-expird = \"error\"",
        "certgate.toml:2:1: there is no rule `leaf-expird`; did you mean `leaf-expired`?",
    ),
    (
        "[levels]\nleaf-expired = \"eror\"",
        "certgate.toml:2:16: `eror` is none of \"allow\", \"warning\", \"error\"; did you mean \"error\"?",
    ),
    ("[levels]\nleaf-expired = true", "certgate.toml:2:16: expected a text in quotes"),
    (
        "[levels]\nleaf-expired = \"error\"\nCG101 = \"allow\"",
        "certgate.toml:3:1: `leaf-expired` has a level in line 2, too; a rule is one by its name and by its code",
    ),
    (
        "[override]\npath = \"a\"",
        "certgate.toml:1:1: `override` is a list of tables: write each as [[override]]",
    ),
    ("[[override]]\nlevels.CG101 = \"allow\"", "certgate.toml:1:1: an override without path"),
    (
        "[[override]]\npaths = [\"a\"]",
        "certgate.toml:2:1: `paths` is unknown here: expected path, for, levels, hostnames or trust; did you mean `path`?",
    ),
    (
        "[[override]]\npath = \"../a\"",
        "certgate.toml:2:8: `..` leads out of the folder of this file; write a path within",
    ),
    (
        "[[override]]\npath = \"\"",
        "certgate.toml:2:8: `` names no file; write a path, such as \"legacy\" or \"**/*.pem\"",
    ),
    ("[[override]]\npath = \"[ab].pem\"", "certgate.toml:2:8: `[` is no wildcard here; there are `*`"),
    ("[[ignore]]\npath = \"a\"\nreason = \"b\"", "certgate.toml:1:1: an ignore without rule"),
    (
        "[[ignore]]\nrule = \"CG101\"\npath = \"a\"",
        "certgate.toml:1:1: an ignore without reason; reason = \"…\" says why it is accepted",
    ),
    (
        "[[ignore]]\nrule = \"CG101\"\npath = \"a\"\nreason = \" \"",
        "certgate.toml:4:10: the reason is empty; reason = ",
    ),
    (
        "[[ignore]]\nrule = \"CG101\"\nreason = \"b\"",
        "certgate.toml:1:1: an ignore without path and fingerprint; say where, or allow the rule: leaf-expired = \"allow\" under [levels]",
    ),
    (
        "[[ignore]]\nrule = \"CG101\"\nfingerprint = \"0011\"\nreason = \"b\"",
        "certgate.toml:3:15: `0011` is no fingerprint, which has 32 hexadecimal digits; `certgate check --format json` shows",
    ),
    (
        "[[ignore]]\nrule = \"CG101\"\npath = \"a\"\nreason = \"b\"\nuntil = \"2027-01-31\"",
        "certgate.toml:5:9: `until` is a day: write it as 2027-01-31, without quotes and time",
    ),
    (
        "[[ignore]]\nrule = \"CG101\"\npath = \"a\"\nreason = \"b\"\nuntil = 2027-01-31T00:00:00Z",
        "certgate.toml:5:9: `until` is a day",
    ),
    ("[[ignore]]\nrule = \"CG101\"\npath = \"a\"\nreason = \"b\"\nuntil = 2027-02-29", "certgate.toml:5:9: "),
    (
        "[[ignore]]\nrule = \"ignore-expired\"\npath = \"a\"\nreason = \"b\"",
        "certgate.toml:2:8: `ignore-expired` is about ignores, and is not ignored; write ignore-expired = \"allow\" under [levels]",
    ),
    ("[[tls_certificate]]\nnam = \"a\"", "certgate.toml:2:1: `nam` is unknown here: expected name,"),
    ("[[ignore]\n", "certgate.toml:1:"),
];

/// Reads a configuration that is called `certgate.toml`.
pub(super) fn read_text(text: &str) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("certgate.toml");
    std::fs::write(&path, text).unwrap();
    let shown = format!("{}/", folder.path().display());
    Config::at(path, Origin::Named).map_err(|failure| failure.all_in_lines().replace(&shown, ""))
}

#[track_caller]
fn refused(text: &str) -> String {
    read_text(text).err().unwrap_or_else(|| panic!("{text:?} is read"))
}

#[test]
fn what_is_set_is_read() {
    let config = read_text(GOOD).unwrap_or_else(|message| panic!("{message}"));
    let settings = config.settings().unwrap();
    assert!(config.fail_on(None) == FailOn::Warning && config.fail_on(Some(FailOn::Never)) == FailOn::Never);
    assert_eq!(config.max_lifetime(None).to_string(), "90d");
    assert_eq!(config.expires_soon().to_string(), "0.25");
    let levels: Vec<_> = settings.levels.iter().map(|set| (set.rule.name(), set.level.value)).collect();
    assert_eq!(levels, [("chain-includes-root", Level::Allow), ("leaf-expired", Level::Error)]);
    assert_eq!(settings.overrides.len(), 2);
    let [first, second] = &settings.ignores[..] else { panic!("two are ignored") };
    assert_eq!((first.rule.name(), &*first.reason), ("leaf-expired", "kept to reproduce a report"));
    assert_eq!(second.fingerprint.as_deref(), Some("00112233445566778899aabbccddeeff"));
    assert_eq!(&*second.reason, "so it came");
}

#[test]
fn an_ignore_holds_to_the_end_of_its_last_day() {
    let config = read_text(GOOD).unwrap_or_else(|message| panic!("{message}"));
    let ignore = &config.settings().unwrap().ignores[0];
    assert!(ignore.is_in_force("2027-01-31T23:59:59Z".parse().unwrap()));
    assert!(!ignore.is_in_force("2027-02-01T00:00:00Z".parse().unwrap()));
}

#[test]
fn faults_are_told_with_their_place_and_a_way_out() {
    for (text, expected) in BAD {
        let message = refused(text);
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_in_which_they_stand() {
    let text =
        "[[ignore]]\nrule = \"CG1\"\n[[override]]\npath = \"..\"\nlevels.a = \"b\"\n[levels]\nx = \"y\"\n";
    let lines: Vec<String> = refused(text).lines().map(|line| line[..15].to_owned()).collect();
    assert_eq!(lines, ["certgate.toml:2", "certgate.toml:4", "certgate.toml:5", "certgate.toml:7"]);
}

#[test]
fn a_configuration_that_is_not_there_says_what_one_is() {
    let message = Config::at("no/such.toml".into(), Origin::Named).err().unwrap().all_in_lines();
    assert!(message.contains("`no/such.toml`") && message.contains("certgate config schema"), "{message}");
}

#[test]
fn a_configuration_has_limits() {
    let ignore = "[[ignore]]\nrule = \"CG101\"\npath = \"a\"\nreason = \"b\"\n";
    let within = ignore.repeat(ignore::IGNORES_MAX);
    assert!(read_text(&within).is_ok());
    let message = refused(&(within + ignore));
    assert!(message.starts_with("certgate.toml:1:1: more than 1000 ignores; a baseline"), "{message}");
    let one = "[[override]]\npath = \"a\"\n";
    assert!(read_text(&one.repeat(settings::OVERRIDES_MAX)).is_ok());
    let message = refused(&one.repeat(settings::OVERRIDES_MAX + 1));
    assert!(message.starts_with("certgate.toml:1:1: more than 100 overrides; "), "{message}");
    let long = "x".repeat(501);
    let message = refused(&ignore.replace("\"b\"", &format!("\"{long}\"")));
    assert!(
        message.starts_with("certgate.toml:4:10: the reason has 501 characters, more than 500"),
        "{message}"
    );
    let message = refused(&" ".repeat(certgate_facts::SOURCE_BYTES_MAX + 1));
    assert!(message.contains("larger than the limit of 16777216 bytes"), "{message}");
}
