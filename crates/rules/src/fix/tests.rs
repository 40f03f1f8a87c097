use std::path::{Path, PathBuf};

use certgate_facts::{Content, PrivateKeyState, Source};

use super::*;
use crate::{TrustAnchors, uploads_of};

fn policy() -> Policy {
    Policy::new("2026-11-01".parse().unwrap(), TrustAnchors::Mozilla)
}

fn read(path: &Path) -> Arc<Reading> {
    let name = path.file_name().unwrap().to_str().unwrap();
    Arc::new(Reading::of(Source::read(name, std::fs::File::open(path).unwrap()).unwrap()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Every chain of the fixtures, each with its key where it has one.
fn pairs() -> Vec<Vec<Arc<Reading>>> {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let folders =
        files(&fixtures.join("rules")).into_iter().chain([fixtures.join("chain"), fixtures.join("damaged")]);
    let chains = folders.filter(|path| path.is_dir()).flat_map(|folder| files(&folder));
    let chains = chains.filter(|path| path.extension().is_some_and(|extension| extension == "pem"));
    chains
        .map(|chain| {
            let key = chain.with_extension("key");
            let key = key.exists().then(|| read(&key));
            std::iter::once(read(&chain)).chain(key).collect()
        })
        .collect()
}

fn fixes(readings: &[Arc<Reading>], scope: Scope) -> Vec<Fix> {
    fixes_of(readings, &policy(), Means::none_but(scope), uploads_of, |_| None).unwrap()
}

fn repaired(readings: &[Arc<Reading>], fixes: &[Fix]) -> Vec<Arc<Reading>> {
    let after = |reading: &Arc<Reading>| {
        let fix = fixes.iter().find(|fix| Arc::ptr_eq(&fix.before, reading));
        fix.map_or_else(|| Arc::clone(reading), |fix| Arc::clone(&fix.after))
    };
    readings.iter().map(after).collect()
}

fn rules_found(readings: &[Arc<Reading>]) -> Vec<&'static str> {
    let verdicts = uploads_of(readings.to_vec()).into_iter().map(|upload| judge(upload, &policy()));
    verdicts
        .flat_map(|verdict| verdict.findings().iter().map(|f| f.rule().name()).collect::<Vec<_>>())
        .collect()
}

fn ders(reading: &Reading) -> BTreeSet<Vec<u8>> {
    reading.entries().iter().filter_map(|entry| Some(entry.block().der()?.to_vec())).collect()
}

#[test]
fn safe_repairs_change_no_byte_of_what_is_in_the_blocks() {
    let mut count = 0;
    for readings in pairs() {
        for fix in fixes(&readings, Scope::Safe) {
            assert!(fix.repairs().all(|repair| repair.scope() == Scope::Safe));
            assert_eq!(ders(&fix.before), ders(&fix.after), "{}", fix.before.source().name());
            count += 1;
        }
    }
    assert!(count >= 15, "{count}");
}

#[test]
fn nothing_is_found_any_more_that_was_repaired_and_nothing_else_is_found_instead() {
    for scope in [Scope::Safe, Scope::Unsafe] {
        for readings in pairs() {
            let fixes = fixes(&readings, scope);
            let after = rules_found(&repaired(&readings, &fixes));
            let before = rules_found(&readings);
            for fix in &fixes {
                let name = fix.before.source().name();
                for repair in fix.repairs() {
                    // A block that does not read stays as it is, and is told of still.
                    let is_readable = |content: &Content| match content {
                        Content::UndecodedCertificate
                        | Content::UndecodedPrivateKey
                        | Content::NotACertificate(_) => false,
                        Content::PrivateKey(key) => {
                            !matches!(key.state(), PrivateKeyState::Unreadable { .. })
                        }
                        _ => true,
                    };
                    let is_whole = fix.before.entries().iter().all(|entry| is_readable(entry.content()));
                    assert!(
                        !is_whole || !after.contains(&repair.rule().name()),
                        "{name}: {repair} {after:?}"
                    );
                }
                assert!(after.len() <= before.len(), "{name}: {before:?} {after:?}");
            }
        }
    }
}

#[test]
fn what_was_repaired_is_not_repaired_again() {
    for readings in pairs() {
        let again = repaired(&readings, &fixes(&readings, Scope::Unsafe));
        assert!(fixes(&again, Scope::Unsafe).is_empty());
    }
}

#[test]
fn each_fixture_is_repaired_in_these_ways() {
    let mut text = String::new();
    for readings in pairs() {
        let safe: Vec<Repair> = fixes(&readings, Scope::Safe).iter().flat_map(Fix::repairs).collect();
        for fix in fixes(&readings, Scope::Unsafe) {
            let ways = fix.repairs().map(|repair| match safe.contains(&repair) {
                true => repair.to_string(),
                false => format!("({repair})"),
            });
            let ways: Vec<String> = ways.collect();
            text.push_str(&format!("{}: {}\n", fix.before.source().name(), ways.join(" ")));
        }
    }
    insta::assert_snapshot!(text, @"
    bad-root-thrice.pem: drop-duplicates
    bad-root-twice.pem: drop-duplicates
    bad-leaf-twice.pem: drop-duplicates
    bad-reversed.pem: reorder-chain
    bad-root-second.pem: reorder-chain
    bad-stranger-last.pem: (drop-unrelated)
    bad-stranger-second.pem: (drop-unrelated)
    bad-swapped.pem: reorder-chain
    bad-reversed.pem: reorder-chain
    bad-above.key: (drop-key-parameters)
    bad-below.key: (drop-key-parameters)
    bad-em-dashes.pem: rewrite-blocks
    bad-end-missing.pem: rewrite-blocks
    bad-four-dashes.pem: rewrite-blocks
    bad-glued.pem: rewrite-blocks
    bad-indented.pem: rewrite-blocks
    bad-label.pem: rewrite-blocks
    bad-no-break-space.pem: rewrite-blocks
    bad-friendly-name.pem: drop-headers
    bad-last-block.pem: drop-headers
    bad-two-headers.pem: drop-headers
    good-friendly-name.pem: strip-text
    bad-old-label.pem: correct-labels
    bad-parameters-below.pem: (drop-parameters)
    bad-bag-attributes.pem: strip-text
    bad-byte-order-mark.pem: encode-as-utf-8
    bad-carriage-returns.pem: encode-as-utf-8
    bad-escaped.pem: encode-as-utf-8
    bad-key-escaped.key: encode-as-utf-8
    bad-key-utf16-le.key: encode-as-utf-8
    bad-utf16-be.pem: encode-as-utf-8
    bad-utf16-le.pem: encode-as-utf-8
    14-begin-starts-with-four.pem: rewrite-blocks
    15-begin-ends-with-four.pem: rewrite-blocks
    16-begin-em-dashes.pem: rewrite-blocks
    17-indented.pem: rewrite-blocks
    18-indented-by-tab.pem: rewrite-blocks
    19-glued.pem: rewrite-blocks
    20-end-missing.pem: rewrite-blocks
    21-end-missing-between.pem: rewrite-blocks
    22-end-label.pem: rewrite-blocks
    23-end-starts-with-four.pem: rewrite-blocks
    24-end-em-dashes.pem: rewrite-blocks
    26-header.pem: drop-headers
    36-mark.pem: encode-as-utf-8
    37-mark-first-line.pem: encode-as-utf-8 rewrite-blocks
    38-utf16-le.pem: encode-as-utf-8
    39-utf16-be.pem: encode-as-utf-8
    ");
}

#[test]
fn repairs_have_names_of_their_own() {
    let names: BTreeSet<&str> = Repair::ALL.iter().map(|repair| repair.name()).collect();
    assert_eq!(names.len(), Repair::ALL.len());
}

#[test]
fn the_page_of_a_rule_names_what_repairs_it() {
    for repair in Repair::ALL {
        let page = repair.rule().explanation();
        assert!(page.contains("`certgate fix") && page.contains(&format!("(`{repair}`)")), "{repair}");
    }
}
