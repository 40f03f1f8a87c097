//! Many declarations, and a server that counts.

use std::io::Read;
use std::time::Duration;

use super::{Shop, tls_from};
use crate::harness::{Folder, Run};

/// A key, and so many certificates of it, each for a host of its own: `0.pem` and so on.
fn make_certificates(folder: &Folder, count: usize) {
    let script = format!(
        "openssl ecparam -name prime256v1 -genkey -noout -out many.key
         for i in $(seq 0 {}); do
           openssl req -x509 -key many.key -days 30 -subj /CN=h$i.example.com \\
             -addext subjectAltName=DNS:h$i.example.com -addext basicConstraints=CA:FALSE -out $i.pem
           cp many.key $i.key
         done",
        count - 1
    );
    let output = folder.openssh("bash", &["-ec", &script]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn declare(shop: &Shop, count: usize) {
    let entries: Vec<String> =
        (0..count).map(|number| tls_from(&format!("h{number}"), &number.to_string(), "")).collect();
    shop.declare(&entries.iter().map(String::as_str).collect::<Vec<_>>());
}

/// Runs it, and gives the most memory it had, in KiB.
fn with_peak(shop: &Shop, arguments: &[&str]) -> (Run, usize) {
    let mut child = shop.certgate(arguments).start();
    let status = format!("/proc/{}/status", child.id());
    let mut peak_kib = 0;
    let code = loop {
        // It only ever grows; the last one read is near the end.
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak_kib = line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(peak_kib);
        if let Some(status) = child.try_wait().unwrap() {
            break status.code().unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let (mut stdout, mut stderr) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (Run { code, stdout, stderr }, peak_kib)
}

#[test]
fn three_hundred_arrive_within_the_limit_of_the_api_in_order_and_in_little_memory() {
    let few = Shop::new();
    make_certificates(&few.folder, 30);
    declare(&few, 30);
    let (run, few_kib) = with_peak(&few, &["push"]);
    assert_eq!(run.code, 0, "{run:#?}");

    let shop = Shop::new();
    make_certificates(&shop.folder, 300);
    declare(&shop, 300);
    shop.server.allow(120, Duration::from_secs(2));
    let (run, many_kib) = with_peak(&shop, &["push", "--rate", "120/2s", "--concurrency", "8"]);
    assert_eq!(run.code, 0, "{run:#?}");
    assert!(run.stdout.ends_with("shop: 300 created\n"), "{run:#?}");
    assert_eq!(shop.held().len(), 300);
    assert!(shop.server.requests().iter().all(|request| request.status != Some(429)));
    assert!(many_kib < few_kib * 2, "{many_kib} KiB for 300, {few_kib} KiB for 30");

    // What is said stands in the order declared, whatever came first.
    let names: Vec<&str> =
        run.stdout.lines().filter_map(|line| line.split(['.', ':']).nth(1)).take(300).collect();
    let declared: Vec<String> = (0..300).map(|number| format!("h{number}")).collect();
    assert_eq!(names, declared);
    std::thread::sleep(Duration::from_secs(2));
    let run = shop.push(&["--rate", "120/2s"]);
    assert_eq!(run.stdout, "shop: nothing done, 300 unchanged\n");
}

#[test]
fn a_limit_that_others_use_up_is_waited_out() {
    let shop = Shop::with_two();
    shop.server.allow(1, Duration::from_secs(1));
    shop.server.say_when_to_retry("1");
    let run = shop.push(&[]);
    assert!(run.stdout.ends_with("shop: 2 created\n"), "{run:#?}");
    assert!(run.stderr.contains("waiting 1s: the API has had too many requests"), "{run:#?}");
}

#[test]
fn pages_are_read_to_the_last() {
    let shop = Shop::with_two();
    shop.push(&[]);
    for _ in 0..250 {
        shop.server.hold("tls_certificates", serde_json::json!({ "metadata": "{}", "not_before": "2026-10-01T00:00:00Z", "not_after": "2026-12-30T00:00:00Z" }));
    }
    let run = shop.push(&[]);
    assert_eq!(run.stdout, "shop: nothing done, 2 unchanged, 250 foreign, left alone\n");
}
