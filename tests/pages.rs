//! The page of every rule: what stands in it is what the program does.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::harness::{
    Card, Certgate, Kind, Upload, cards, files_below, rule_uploads, rules_about, workspace,
};

const SECTIONS: [&str; 5] = ["## What", "## Why", "## Example", "## How to fix", "## References"];

fn page_path(card: &Card) -> PathBuf {
    let name = format!("{}.md", card.name().replace('-', "_"));
    let pages = files_below(&workspace().join("crates/rules/src/rules"), "md");
    let mut found = pages.into_iter().filter(|path| path.ends_with(&name));
    found.next().unwrap_or_else(|| panic!("{name} is missing"))
}

fn page(card: &Card) -> String {
    std::fs::read_to_string(page_path(card)).unwrap()
}

fn is_about_tls(card: &Card) -> bool {
    static RULES: OnceLock<BTreeSet<String>> = OnceLock::new();
    RULES.get_or_init(|| rules_about(Kind::TlsUpload)).contains(card.name())
}

/// The lines between a heading and the next.
fn section<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    page.lines()
        .skip_while(|line| *line != heading)
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .collect()
}

#[test]
fn every_page_has_its_title_summary_code_line_and_sections() {
    for card in cards() {
        let page = page(&card);
        let mut lines = page.lines();
        assert_eq!(lines.next(), Some(format!("# {}", card.name()).as_str()));
        let head: Vec<_> =
            lines.take_while(|line| !line.starts_with("## ")).filter(|line| !line.is_empty()).collect();
        let [summary, codes] = head[..] else { panic!("{}: {head:?}", card.name()) };
        assert_eq!(summary, card.summary(), "{}", card.name());
        let api = match (card.api_code(), card.level()) {
            (Some(code), _) => format!(" · `{code}`"),
            (None, "error") if card.name() == "blocks-over-limit" => {
                " · the API publishes no such limit".to_owned()
            }
            // An authority of one's own signs too, and the API is not all there is.
            (None, _) if !is_about_tls(&card) => String::new(),
            // Somebody asked for the name; the API does not.
            (None, _) if card.name() == "hostname-not-covered" => " · the API accepts it".to_owned(),
            (None, "error") => " · the API's code depends on what is left".to_owned(),
            (None, _) => " · the API accepts it".to_owned(),
        };
        assert_eq!(codes, format!("`{}` · {}{api}", card.code(), card.level()), "{}", card.name());
        let sections: Vec<_> = page.lines().filter(|line| line.starts_with("## ")).collect();
        assert_eq!(sections, SECTIONS, "{}", card.name());
        for heading in SECTIONS {
            let has_text = section(&page, heading).iter().any(|line| !line.is_empty());
            assert!(has_text, "{}: nothing under {heading}", card.name());
        }
    }
}

#[test]
fn no_line_of_a_page_is_longer_than_120_characters_outside_of_examples() {
    for card in cards() {
        let mut in_example = false;
        for (number, line) in (1..).zip(page(&card).lines()) {
            in_example ^= line.starts_with("```");
            assert!(in_example || line.chars().count() <= 120, "{}:{number}", page_path(&card).display());
        }
    }
}

#[test]
fn every_page_refers_to_a_standard_and_to_the_api_or_to_openssh() {
    for card in cards() {
        let page = page(&card);
        let references = section(&page, "## References");
        let listed = references.iter().filter(|line| !line.is_empty());
        assert!(listed.clone().all(|line| line.starts_with("- ")), "{}", card.name());
        let names = |word: &str| listed.clone().any(|line| line.contains(word));
        let has_standard = names("RFC ") && names("§");
        let has_openssh = ["draft-ietf-sshm-cert", "(1)", "(5)", "(8)"].into_iter().any(names);
        if is_about_tls(&card) {
            assert!(has_standard, "{}: no standard with its clause", card.name());
            assert!(names("API "), "{}: no word of the API's", card.name());
        } else {
            let has_source = has_standard || has_openssh || names("API ") || names("SARIF ");
            assert!(has_source, "{}: no source", card.name());
        }
        if let Some(code) = card.api_code() {
            assert!(names(code), "{}: not its code", card.name());
        }
    }
}

#[test]
fn the_example_of_every_page_about_tls_is_found_in_one_of_its_fixtures() {
    let uploads = rule_uploads();
    let mut faults = Vec::new();
    for card in cards().into_iter().filter(is_about_tls) {
        let page = page(&card);
        let example = section(&page, "## Example");
        let level = if card.level() == "allow" { "warning" } else { card.level() };
        let title = format!("{level}[{} {}]: ", card.code(), card.name());
        let shown = example.iter().find_map(|line| line.strip_prefix(&title));
        let shown = shown.unwrap_or_else(|| panic!("{}: the example has no `{title}`", card.name()));
        let of_rule = uploads.iter().filter(|upload| upload.is_bad() && upload.rule() == card.name());
        let found: Vec<String> = of_rule.flat_map(|upload| messages(upload, &card)).collect();
        if !found.iter().any(|message| message == shown) {
            faults.push(format!("{}: {shown}\nis none of {found:#?}", card.name()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn messages(upload: &Upload, card: &Card) -> Vec<String> {
    let case = upload.check().arguments(["--format", "json"]).run().case();
    let own = case.findings().into_iter().filter(|finding| finding.rule() == card.name());
    own.map(|finding| finding.message().to_owned()).collect()
}

#[test]
fn no_page_shows_key_material() {
    for path in files_below(&workspace().join("crates/rules/src/rules"), "md") {
        let text = std::fs::read_to_string(&path).unwrap();
        let texts = text.split_whitespace().filter(|text| !text.starts_with("<https://"));
        let words = texts.flat_map(|text| {
            text.split(|character: char| !(character.is_ascii_alphanumeric() || "+/=".contains(character)))
        });
        for word in words.filter(|word| !word.starts_with('/')) {
            assert!(word.len() < 40 || word.contains("rfc"), "{}: {word}", path.display());
        }
    }
}

#[test]
fn explain_prints_the_page() {
    for card in cards() {
        let run = Certgate::new(["explain", card.name()]).exits(0);
        assert_eq!(run.stdout.trim_end(), page(&card).trim_end());
    }
}
