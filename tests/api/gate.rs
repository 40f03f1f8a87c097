//! The gate before the network.

use super::{create, create_host, server, told};

/// A key that is not that of the leaf.
const MISMATCH: [&str; 4] =
    ["--certificate-pem", "chain/ed25519-depth-1.pem", "--private-key-pem", "chain/p256-depth-2.key"];

#[test]
fn what_the_api_would_refuse_is_not_sent() {
    let server = server();
    insta::assert_snapshot!(told(&server, create(&server, "tls-certificates").arguments(MISMATCH)), @"
    exit 1
    stderr:
    error[CG301 key-does-not-match-leaf]: the private key does not match the leaf
     --> chain/p256-depth-2.key:2:1
      |
    2 | -----BEGIN PRIVATE KEY-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ this key is ecdsa p256
      |
     ::: chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | --------------------------- the leaf, `gate.example.com`, holds another key: ed25519
      |
      = API: would be refused with ERR_NGROK_1923
      = help: the key fits no certificate of the chain: it is ecdsa p256, the leaf wants ed25519

    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    not cleared: the API would answer ERR_NGROK_1923; nothing was sent
    hint: mend it, or say --no-gate REASON to send it all the same
    ");
    let kind = ["--private-key-type", "dsa"];
    insta::assert_snapshot!(told(&server, create(&server, "ssh-certificate-authorities").arguments(kind)), @"
    exit 1
    stderr:
    error[CG461 authority-key-type-unknown]: `dsa` is no type of key: the API makes rsa, ecdsa and ed25519
     --> --private-key-type:1:1
      |
    1 | dsa
      | ^^^
      |
      = API: would be refused with ERR_NGROK_1936
      = help: write ed25519, unless something old has to verify what it signs

    not cleared: the API would answer ERR_NGROK_1936; nothing was sent
    hint: mend it, or say --no-gate REASON to send it all the same
    ");
    assert!(server.requests().is_empty());
}

#[test]
fn what_the_policy_forbids_is_not_sent_and_the_policy_can_be_told_otherwise() {
    let server = server();
    let authority = server.ssh_authority();
    let long = ["--principals", "a.example.com", "--valid-until", "2027-01-30T00:00:00Z"];
    let refused = told(&server, create_host(&server, &authority).arguments(long));
    insta::assert_snapshot!(refused, @"
    exit 1
    stderr:
    error[CG433 lifetime-over-policy]: valid for 90 days 1 minute, and the policy allows 30 days
     --> --valid-until:1:1
      |
    1 | 2027-01-30T00:00:00Z
      | ^^^^^^^^^^^^^^^^^^^^ the end
      |
      = help: let it end on 2026-11-30T23:59:00Z, or allow more: `--max-lifetime 91d`

    not cleared: a rule of the policy found an error; nothing was sent
    hint: mend it, or say --no-gate REASON to send it all the same
    ");
    create_host(&server, &authority).arguments(long).arguments(["--max-lifetime", "92d"]).exits(0);
    let with_root =
        ["--certificate-pem", "chain/p256-depth-2.pem", "--private-key-pem", "chain/p256-depth-2.key"];
    let run =
        create(&server, "tls-certificates").arguments(with_root).arguments(["--deny", "chain-includes-root"]);
    assert!(run.exits(1).stderr.contains("error[CG202 chain-includes-root]"));
    create(&server, "tls-certificates").arguments(with_root).exits(0);
    let run = create_host(&server, &authority);
    assert!(run.exits(1).stderr.contains("principals-empty"));
    assert_eq!(server.requests_of("POST").len(), 2);
}

#[test]
fn a_reason_opens_the_gate_and_is_printed() {
    let server = server();
    let reason = ["--no-gate", "to see what the API says"];
    let sent = told(&server, create(&server, "tls-certificates").arguments(MISMATCH).arguments(reason));
    let sent = sent.lines().skip_while(|line| !line.starts_with("exit")).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(sent, @"
    exit 1
    stderr:
    error[CG301 key-does-not-match-leaf]: the private key does not match the leaf
     --> chain/p256-depth-2.key:2:1
      |
    2 | -----BEGIN PRIVATE KEY-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^ this key is ecdsa p256
      |
     ::: chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | --------------------------- the leaf, `gate.example.com`, holds another key: ed25519
      |
      = API: would be refused with ERR_NGROK_1923
      = help: the key fits no certificate of the chain: it is ecdsa p256, the leaf wants ed25519

    warning[CG310 key-type-refused-by-browsers]: the key of the leaf is ed25519, which Chrome, Edge, Firefox and Safari refuse
     --> chain/ed25519-depth-1.pem:3:1
      |
    3 | -----BEGIN CERTIFICATE-----
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: have a key on P-256 certified: `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`

    not cleared: the API would answer ERR_NGROK_1923; let through all the same: to see what the API says
    error: POST /tls_certificates: the API answered 400 ERR_NGROK_1923: refused as ERR_NGROK_1923 (operation op_3LTw7k6IyuNbmSJtCxuKyMrU2MP)
    hint: `certgate explain key-does-not-match-leaf` says more
    ");
    assert_eq!(server.requests_of("POST /tls_certificates").len(), 1);
}
