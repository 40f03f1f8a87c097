//! Rules in the catalog, their files, their pages and their fixtures: the same ones, both ways.

use std::collections::BTreeSet;

use crate::harness::{cards, files_below, fixtures, relative, rule_fixtures, workspace};

fn cataloged() -> BTreeSet<String> {
    cards().iter().map(|card| card.name().to_owned()).collect()
}

/// Names of the files in the folders of the families, as rules are called.
fn filed(extension: &str) -> BTreeSet<String> {
    let root = workspace().join("crates/rules/src/rules");
    let in_family = files_below(&root, extension)
        .into_iter()
        .filter(|path| path.parent().is_some_and(|folder| folder != root));
    in_family.map(|path| path.file_stem().unwrap().to_string_lossy().replace('_', "-")).collect()
}

#[test]
fn every_rule_has_a_file_and_every_file_is_in_the_catalog() {
    assert_eq!(filed("rs"), cataloged());
}

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    assert_eq!(filed("md"), cataloged());
}

#[test]
fn every_rule_has_fixtures_and_every_folder_of_fixtures_a_rule() {
    let folders = std::fs::read_dir(fixtures().join("rules")).unwrap();
    let names: BTreeSet<String> =
        folders.map(|folder| folder.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(names, cataloged());
}

#[test]
fn every_rule_has_a_bad_fixture_and_every_bad_one_a_good_twin() {
    let all = rule_fixtures();
    for rule in cataloged() {
        assert!(
            all.iter().any(|fixture| fixture.is_bad() && fixture.rule() == rule),
            "{rule} has no bad fixture"
        );
    }
    for bad in all.iter().filter(|fixture| fixture.is_bad()) {
        let twin = bad.good_twin();
        let has_twin = all.iter().any(|good| (good.kind, good.stem()) == (twin.kind, twin.stem()));
        assert!(has_twin, "{} has no good twin", bad.path);
    }
}

#[test]
fn every_file_beside_a_fixture_belongs_to_one() {
    let known: BTreeSet<String> =
        rule_fixtures().into_iter().map(|fixture| fixture.stem().to_owned()).collect();
    for extension in ["at", "description", "hostname", "key", "metadata", "public", "target", "trust"] {
        for path in files_below(&fixtures().join("rules"), extension) {
            assert!(known.contains(&relative(&path.with_extension(""))), "{}", path.display());
        }
    }
}

#[test]
fn codes_and_names_are_unique_and_codes_ascend() {
    let cards = cards();
    let codes: Vec<&str> = cards.iter().map(|card| card.code()).collect();
    assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    assert_eq!(cataloged().len(), cards.len());
}

#[test]
fn every_rule_stands_in_the_folder_of_its_code() {
    for card in cards() {
        let family = match &card.code()[..3] {
            "CG5" if ("CG520".."CG550").contains(&card.code()) => "target",
            "CG0" => "input",
            "CG1" => "leaf",
            "CG2" => "chain",
            "CG3" => "key",
            "CG4" => "ssh",
            "CG5" => "limit",
            "CG7" => "setting",
            other => panic!("{other} has no family"),
        };
        let path = format!("crates/rules/src/rules/{family}/{}.rs", card.name().replace('-', "_"));
        assert!(workspace().join(&path).exists(), "{path}");
    }
}
