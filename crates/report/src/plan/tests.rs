//! Plans as they are written.

use super::*;
use crate::fixture;

fn item(kind: Kind, name: &'static str, action: Action, reason: &str) -> Item<'static> {
    Item {
        kind,
        name,
        action,
        id: None,
        replaces: None,
        reasons: Some(reason).filter(|reason| !reason.is_empty()).map(str::to_owned).into_iter().collect(),
        findings: &[],
        outcome: Outcome::Planned,
    }
}

fn items() -> Vec<Item<'static>> {
    use Kind::{SshHostCertificate, TlsCertificate};
    let id = |id: &str| Some(id.to_owned());
    vec![
        item(TlsCertificate, "www", Action::Create, "www.example.com, 9fb95824cf29… until 2026-12-30"),
        Item { id: id("cert_1"), ..item(TlsCertificate, "api", Action::Update, "description") },
        Item {
            replaces: id("cert_2"),
            ..item(TlsCertificate, "old", Action::Replace, "another leaf\u{1b}[31m")
        },
        Item { id: id("cert_4"), ..item(TlsCertificate, "same", Action::Keep, "") },
        Item { id: id("cert_2"), ..item(TlsCertificate, "old", Action::Delete, "superseded") },
        Item { id: id("shcrt_3"), ..item(SshHostCertificate, "web-9", Action::Leave, "not declared") },
    ]
}

fn text(items: &[Item<'_>], is_push: bool, foreign: usize) -> String {
    let mut out = Vec::new();
    let plan = Plan { project: "shop", at: fixture::at(), is_push, items, foreign, served: &[] };
    plan.write_text(&mut out, false).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_plan_is_a_line_for_each_change_and_a_line_of_counts() {
    insta::assert_snapshot!(text(&items(), false, 2), @r"
    + tls_certificate.www: create: www.example.com, 9fb95824cf29… until 2026-12-30
    ~ tls_certificate.api: update cert_1: description
    ± tls_certificate.old: replace cert_2: another leaf\u{1b}[31m
    - tls_certificate.old: delete cert_2: superseded
      ssh_host_certificate.web-9: left over shcrt_3: not declared

    shop: 1 to create, 1 to update, 1 to replace, 1 to delete, 1 unchanged, 1 left over (--prune deletes), 2 foreign, left alone
    ");
    assert_eq!(text(&items()[3..4], false, 0), "shop: nothing to do, 1 unchanged\n");
}

#[test]
fn what_was_done_what_failed_and_what_was_not_tried_is_told() {
    let mut items = items();
    items[0].outcome = Outcome::Done;
    items[0].id = Some("cert_7".to_owned());
    items[1].outcome = Outcome::Failed("the API answers 500".to_owned());
    items[2].outcome = Outcome::Done;
    items[2].id = Some("cert_8".to_owned());
    items[4].outcome = Outcome::NotTried;
    insta::assert_snapshot!(text(&items, true, 0), @r"
    + tls_certificate.www: created cert_7: www.example.com, 9fb95824cf29… until 2026-12-30
    ! tls_certificate.api: could not update cert_1: description: the API answers 500
    ± tls_certificate.old: replaced cert_2 by cert_8: another leaf\u{1b}[31m
    - tls_certificate.old: not tried: delete cert_2: superseded
      ssh_host_certificate.web-9: left over shcrt_3: not declared

    shop: 1 created, 1 replaced, 1 failed, 1 not tried, 1 unchanged, 1 left over (--prune deletes)
    ");
}

#[test]
fn the_json_says_of_each_item_what_the_text_says() {
    let mut items = items();
    items[1].outcome = Outcome::Failed("the API answers 500".to_owned());
    let plan = Plan {
        project: "shop",
        at: fixture::at(),
        is_push: true,
        items: &items[1..3],
        foreign: 2,
        served: &[],
    };
    insta::assert_snapshot!(plan.json().unwrap(), @r#"
    {
      "version": 1,
      "project": "shop",
      "at": "2026-11-01T00:00:00Z",
      "items": [
        {
          "kind": "tls_certificate",
          "name": "api",
          "action": "update",
          "id": "cert_1",
          "replaces": null,
          "reasons": [
            "description"
          ],
          "outcome": "failed",
          "error": "the API answers 500",
          "findings": []
        },
        {
          "kind": "tls_certificate",
          "name": "old",
          "action": "replace",
          "id": null,
          "replaces": "cert_2",
          "reasons": [
            "another leaf\u001b[31m"
          ],
          "outcome": "planned",
          "error": null,
          "findings": []
        }
      ],
      "foreign": 2,
      "served": [],
      "is_settled": false
    }
    "#);
    let settled = Plan { items: &items[3..4], ..plan };
    assert!(settled.json().unwrap().contains("\"is_settled\": true"));
}
