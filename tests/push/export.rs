//! What is declared, for other tools.

use std::process::Command;

use serde_json::Value;

use super::{Shop, once, tls};
use crate::harness::API_KEY;

fn shop() -> Shop {
    let shop = Shop::new();
    let host = shop.host("web-1", "description = \"it's a host\"");
    shop.declare(&[
        &tls("www", "description = \"the 'shop' $HOME \\\"x\\\"\"\nmetadata.team = \"web\""),
        &host,
    ]);
    shop
}

/// The lines between the armor of the private key.
fn secret(shop: &Shop) -> Vec<String> {
    let key = String::from_utf8(shop.folder.read("www.key")).unwrap();
    let lines = key.lines().filter(|line| line.len() > 40 && !line.contains(' '));
    lines.map(str::to_owned).collect()
}

#[test]
fn no_form_holds_a_private_key_unless_it_is_asked_for_by_name() {
    let shop = shop();
    let secret = secret(&shop);
    assert!(!secret.is_empty());
    let has_secret = |text: &str| secret.iter().any(|line| text.contains(line));
    for form in ["terraform", "curl", "json"] {
        let run = shop.certgate(&["export", form]).exits(0);
        assert!(!has_secret(&run.stdout) && !has_secret(&run.stderr), "{form}");
        assert!(!run.stdout.contains(API_KEY), "{form}");
    }
    assert!(has_secret(&shop.certgate(&["export", "json", "--with-private-keys"]).exits(0).stdout));
    assert_eq!(shop.server.requests().len(), 0);
}

#[test]
fn the_bodies_are_those_that_push_sends() {
    let shop = shop();
    let run = shop.certgate(&["export", "json", "--with-private-keys"]).exits(0);
    let exported: Vec<Value> = run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    shop.push(&["--concurrency", "1"]);
    for (exported, sent) in exported.iter().zip(shop.server.requests_of("POST")) {
        assert_eq!(format!("{} {}", exported["method"], exported["path"]).replace('"', ""), sent.line());
        let mut bodies = [exported["body"].clone(), sent.json()];
        // Between the two runs time goes on.
        bodies.iter_mut().filter_map(Value::as_object_mut).for_each(|body| {
            body.remove("valid_after");
            body.remove("valid_until");
        });
        assert_eq!(bodies[0], bodies[1]);
    }
    assert_eq!(exported.len(), 2);
}

#[test]
fn the_script_of_curl_creates_what_is_declared() {
    let shop = shop();
    let script = shop.certgate(&["export", "curl"]).exits(0).stdout;
    shop.folder.write("create.sh", &script);
    let output = Command::new("bash")
        .arg("create.sh")
        .current_dir(shop.folder.root())
        .env("CERTGATE_API_KEY", API_KEY)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:#?}\n{script}");
    assert_eq!(shop.held(), once(&["shop/web-1", "shop/www"]));
    assert_eq!(shop.only("tls_certificates", "shop/www")["description"], "the 'shop' $HOME \"x\"");
    assert_eq!(shop.plan(&[]), ["keep tls_certificate.www", "keep ssh_host_certificate.web-1"]);
}

#[test]
fn terraform_gets_what_its_provider_has_and_the_rest_is_said() {
    let shop = shop();
    let run = shop.certgate(&["export", "terraform"]).exits(0);
    assert!(run.stdout.contains("resource \"ngrok_tls_certificate\" \"www\" {"), "{}", run.stdout);
    assert!(run.stdout.contains("private_key_pem = file(\"${path.module}/www.key\")"), "{}", run.stdout);
    assert!(run.stdout.contains(&format!("  id = \"{}\"\n", shop.authority)), "{}", run.stdout);
    assert!(run.stdout.ends_with("#   ssh_host_certificate.web-1\n"), "{}", run.stdout);
    assert!(
        run.stderr.contains("1 not written: the Terraform provider has no resource for SSH host"),
        "{}",
        run.stderr
    );
}
