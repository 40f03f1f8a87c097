//! Connections that are cut anywhere: after a second run there is one of each, and nothing is lost.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::thread;

use super::{Shop, once, tls, tls_from};
use crate::harness::{Fault, Script};

/// Runs at once: they wait more than they work.
const AT_ONCE: usize = 12;

/// Does all that is given, some at once.
fn all<T: Send>(cases: Vec<T>, test: impl Fn(T) + Sync) {
    let cases = Mutex::new(VecDeque::from(cases));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let case = cases.lock().unwrap().pop_front();
                    let Some(case) = case else { return };
                    test(case);
                }
            });
        }
    });
}

/// Places in a message of about so many bytes: its beginning, its end, the end of its head, and some in between.
fn places(length: usize) -> Vec<usize> {
    let between = (0..8).map(|part| length * part / 8 + part * 7);
    [0, 1, 15, 16, 17].into_iter().chain(between).chain([length - 1, length, length + 1]).collect()
}

/// Lets one thing go wrong, pushes twice, and finds one of each.
fn survives(script: Script, prepare: impl Fn(&Shop)) {
    let shop = Shop::with_two();
    prepare(&shop);
    let what = format!("{script:?}");
    shop.server.script(script);
    let first = shop.certgate(&["push", "--prune", "--yes"]).run();
    assert!([0, 2].contains(&first.code), "{what}: {first:#?}");
    assert_eq!(shop.server.scripts_left(), 0, "{what}: it never came to that");
    let second = shop.certgate(&["push", "--prune", "--yes"]).run();
    assert_eq!(second.code, 0, "{what}: {first:#?} {second:#?}");
    assert_eq!(shop.held(), once(&["shop/web-1", "shop/www"]), "{what}: {first:#?} {second:#?}");
    // Most often the first run was enough.
    if first.code == 0 {
        assert!(second.stdout.contains("nothing done"), "{what}: {first:#?} {second:#?}");
    }
}

#[test]
fn a_creation_that_is_cut_anywhere_creates_one() {
    let cases = ["POST /tls_certificates", "POST /ssh_host_certificates"].into_iter().flat_map(|start| {
        let request = places(if start.contains("tls") { 2600 } else { 900 });
        let reply = places(if start.contains("tls") { 2400 } else { 1300 });
        let cuts = request.into_iter().map(Fault::CutsRequestAfter);
        let cuts = cuts.chain(reply.into_iter().map(Fault::CutsReplyAfter));
        cuts.chain([Fault::DropsRequest, Fault::ActsAndFails, Fault::TruncatesJson])
            .map(move |fault| Script::on(start, fault))
    });
    all(cases.collect(), |script| survives(script, |_| {}));
}

#[test]
fn a_list_a_change_or_a_deletion_that_is_cut_is_made_again() {
    let cuts = || {
        places(600)
            .into_iter()
            .step_by(3)
            .flat_map(|at| [Fault::CutsRequestAfter(at), Fault::CutsReplyAfter(at)])
    };
    let starts = ["GET /tls_certificates", "GET /ssh_host_certificates", "PATCH /tls", "DELETE /tls"];
    let cases = starts.into_iter().flat_map(|start| cuts().map(move |fault| Script::on(start, fault)));
    all(cases.collect(), |script| {
        survives(script, |shop| {
            // One to be changed, one to be deleted, one to be created.
            shop.declare(&[&tls("www", "description = \"before\""), &tls_from("old", "api", "")]);
            shop.push(&[]);
            shop.declare(&[&tls("www", ""), &shop.host("web-1", "")]);
        });
    });
}

#[test]
fn a_run_that_is_killed_is_finished_by_the_next() {
    let places = (0..40_u64).map(|step| step * 4);
    all(places.collect(), |pause_millis| {
        let shop = Shop::new();
        shop.declare(&[&tls("www", ""), &tls("api", ""), &tls("rsa", ""), &shop.host("web-1", "")]);
        let mut run = shop.certgate(&["push", "--concurrency", "2"]).start();
        thread::sleep(std::time::Duration::from_millis(pause_millis));
        let _ = run.kill();
        run.wait().unwrap();
        // What was on its way arrives, or does not.
        thread::sleep(std::time::Duration::from_millis(200));
        shop.push(&["--prune", "--yes"]);
        assert_eq!(
            shop.held(),
            once(&["shop/api", "shop/rsa", "shop/web-1", "shop/www"]),
            "{pause_millis} ms"
        );
    });
}

#[test]
fn an_api_that_is_out_of_reach_is_not_asked_for_everything() {
    let shop = Shop::new();
    shop.declare(&[&tls("www", ""), &tls("api", ""), &tls("rsa", "")]);
    shop.server.script(Script::on("POST", Fault::gateway(503)).always());
    let run = shop.certgate(&["push", "--concurrency", "1"]).exits(2);
    assert!(run.stdout.contains("! tls_certificate.www: could not create: "), "{}", run.stdout);
    assert!(run.stdout.ends_with("shop: nothing done, 1 failed, 2 not tried\n"), "{}", run.stdout);
}
