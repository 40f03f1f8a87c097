use certgate_rules::Slot;

use super::*;
use crate::fixture;

fn upload_text(upload: &TlsUpload) -> String {
    let mut out = Vec::new();
    write_upload(&mut out, upload).unwrap();
    String::from_utf8(out).unwrap()
}

fn reading_text(reading: &Reading) -> String {
    let mut out = Vec::new();
    write_reading(&mut out, reading).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn an_upload_is_its_certificates_their_chain_and_its_key() {
    insta::assert_snapshot!(upload_text(&fixture::upload("chain/p256-depth-2.pem", "chain/p256-depth-2.key")), @"
    p256-depth-2.pem:3: certificate 1, leaf
      subject        CN=gate.example.com
      issuer         CN=Test root p256-c
      names          DNS:gate.example.com, DNS:www.gate.example.com, IP:192.0.2.10, IP:2001:db8::10
      valid          2026-10-01T00:00:00Z to 2026-12-30T00:00:00Z
      serial         92fe0a6c894d3b26ce9d8b8a1b71594c
      key            ecdsa p256
      signature      ecdsa with sha256
      usages         digital_signature
      purposes       server_auth
      authority      no
      key id         1e550850017441e4b9ba991855cdedbc0b935de1
      issuer key id  d7d4731a74129d50b8072733a9e099b02d22d7e5
      sha256         9fb95824cf29e059b520f3ada2023b299f69541fd2ee5fa25ddb7dd7fac8809d
      spki sha256    1e550850017441e4b9ba991855cdedbc0b935de153cbc5e5a6e2e9ecd85b04a5

    p256-depth-2.pem:17: certificate 2, root
      subject        CN=Test root p256-c
      issuer         CN=Test root p256-c
      valid          2024-01-01T00:00:00Z to 2034-01-01T00:00:00Z
      serial         75a1ddda3269d50a695dc34ccf1fbdd9
      key            ecdsa p256
      signature      ecdsa with sha256
      usages         cert_sign, crl_sign
      authority      yes
      key id         d7d4731a74129d50b8072733a9e099b02d22d7e5
      sha256         a06efa902930fc88032eb47687a5ad501d7344fc4ab50401a7eaa81fb259bb3c
      spki sha256    d7d4731a74129d50b8072733a9e099b02d22d7e58f007c936e495d564c4b9c87

    chain
      order          1 `gate.example.com`, 2 `Test root p256-c`
      self-signed    2 `Test root p256-c`
      signatures     each is signed by the next

    p256-depth-2.key:2: private key
      key            ecdsa p256
      format         PKCS#8
      state          usable
      spki sha256    1e550850017441e4b9ba991855cdedbc0b935de153cbc5e5a6e2e9ecd85b04a5
    ");
}

#[test]
fn a_rich_certificate_is_shown_with_all_it_says() {
    let upload = TlsUpload::new(Slot::whole(fixture::reading("chain/rich.pem")), Slot::absent());
    insta::assert_snapshot!(upload_text(&upload), @"
    rich.pem:5: certificate 1, leaf
      subject        CN=gate.example.com, O=Example Gates, OU=Gatekeepers, L=Zürich, ST=ZH, C=CH
      issuer         CN=Test intermediate p256-b
      names          DNS:gate.example.com, DNS:www.gate.example.com, IP:192.0.2.10, IP:2001:db8::10,
                     DNS:*.gate.example.com, DNS:xn--tr-xka.example.com, email:gatekeeper@example.com,
                     URI:https://gate.example.com/keeper
      valid          2026-10-01T00:00:00Z to 2026-12-30T00:00:00Z
      serial         6814c9d125eb195feb1ac3e3d0c6b81e
      key            ecdsa p256
      signature      ecdsa with sha256
      usages         digital_signature, content_commitment, data_encipherment, key_agreement,
                     decipher_only
      purposes       server_auth, client_auth, 1.2.840.113583.1.1.5
      authority      no
      key id         1e550850017441e4b9ba991855cdedbc0b935de1
      issuer key id  9306f824884be48ef6efaf2134778f471a240ce5
      ocsp           http://ocsp.example.com/
      issuer at      http://ca.example.com/issuing.der
      crl            http://ca.example.com/issuing.crl
      policies       2.23.140.1.2.1
      must staple    yes
      not understood 1.3.6.1.4.1.32473.1 (critical)
      sha256         0bcb91b627127a7d7ea854eda4a5e7fdec34b4e6248a69eeeec0e015f3dd011c
      spki sha256    1e550850017441e4b9ba991855cdedbc0b935de153cbc5e5a6e2e9ecd85b04a5

    rich.pem:28: certificate 2, intermediate
      subject        CN=Test intermediate p256-b
      issuer         CN=Test root p256-c
      valid          2024-01-01T00:00:00Z to 2034-01-01T00:00:00Z
      serial         0322350b70361dd8e492de6c3ce0fc6b
      key            ecdsa p256
      signature      ecdsa with sha256
      usages         cert_sign, crl_sign
      authority      yes
      permitted      DNS:example.com, email:example.com, IP:192.0.2.0/255.255.255.0,
                     IP:2001:db8::/ffff:ffff::
      excluded       DNS:forbidden.example.com
      key id         9306f824884be48ef6efaf2134778f471a240ce5
      issuer key id  d7d4731a74129d50b8072733a9e099b02d22d7e5
      sha256         cdbce3816245a6040d6ff0b0eef15bd20b86b15f817ee4c8d867100c17c5e640
      spki sha256    9306f824884be48ef6efaf2134778f471a240ce56a08150af543da0aa451628d

    rich.pem:43: certificate 3, root
      subject        CN=Test root p256-c
      issuer         CN=Test root p256-c
      valid          2024-01-01T00:00:00Z to 2034-01-01T00:00:00Z
      serial         75a1ddda3269d50a695dc34ccf1fbdd9
      key            ecdsa p256
      signature      ecdsa with sha256
      usages         cert_sign, crl_sign
      authority      yes
      key id         d7d4731a74129d50b8072733a9e099b02d22d7e5
      sha256         a06efa902930fc88032eb47687a5ad501d7344fc4ab50401a7eaa81fb259bb3c
      spki sha256    d7d4731a74129d50b8072733a9e099b02d22d7e58f007c936e495d564c4b9c87

    chain
      order          1 `gate.example.com`, 2 `Test intermediate p256-b`, 3 `Test root p256-c`
      self-signed    3 `Test root p256-c`
      signatures     each is signed by the next
    ");
}

#[test]
fn a_chain_that_is_out_of_order_is_told_with_its_right_order() {
    let upload = fixture::upload(
        "rules/chain-out-of-order/bad-leaf-twice.pem",
        "rules/chain-out-of-order/bad-leaf-twice.key",
    );
    let sheet = certificate::chain(&upload).unwrap();
    insta::assert_snapshot!(sheet, @"
    chain
      order          1 `gate.example.com`, 3 `Test intermediate p384-b`, 4 `Test root p256-c`
      self-signed    4 `Test root p256-c`
      repeated       2 `gate.example.com`
      signatures     1 is not signed by 2
    ");
}

#[test]
fn private_keys_are_told_by_format_type_and_state() {
    let keys = [
        "rsa-2048-a.pkcs1.key",
        "p256-a.sec1-parameters.key",
        "p256-a.encrypted-pkcs8.key",
        "ed25519-a.openssh.key",
        "dsa.traditional.key",
    ];
    let shown: String =
        keys.iter().map(|key| reading_text(&fixture::reading(&format!("keys/{key}")))).collect();
    insta::assert_snapshot!(shown, @"
    rsa-2048-a.pkcs1.key:2: private key
      key            rsa 2048
      format         PKCS#1
      state          usable
      spki sha256    b22e68c7027ce9c5f4283d4d5ffdeb619d3845a59ec0d06260448e6ff2cac07a
    p256-a.sec1-parameters.key:2: `EC PARAMETERS`

    p256-a.sec1-parameters.key:5: private key
      key            ecdsa p256
      format         SEC 1
      state          usable
      spki sha256    1e550850017441e4b9ba991855cdedbc0b935de153cbc5e5a6e2e9ecd85b04a5
    p256-a.encrypted-pkcs8.key:2: private key
      format         PKCS#8
      state          encrypted: PBES2, PBKDF2 with HMAC-SHA-256 (2048 iterations), AES-256-CBC
    ed25519-a.openssh.key:1: private key
      key            ed25519
      format         OpenSSH
      state          unsupported: OpenSSH format, ssh-ed25519
      spki sha256    8b8e2f27de7247b254e2d23c785f44e09cf8317a143100d812045b9cfdf03ec7
    dsa.traditional.key:2: private key
      key            dsa 2048
      format         traditional DSA
      state          unsupported: dsa 2048
      spki sha256    3c41231b28827e5b6d7186492991418d6f7241babe69314f96de01e6ac249baf
    ");
}

#[test]
fn damaged_keys_say_what_is_wrong() {
    let keys = ["40-key-symbol.key", "44-key-truncated.key"];
    let shown: String =
        keys.iter().map(|key| reading_text(&fixture::reading(&format!("damaged/{key}")))).collect();
    insta::assert_snapshot!(shown, @"
    40-key-symbol.key:3: private key
      state          unreadable: its base64 does not decode
    44-key-truncated.key:3: private key
      format         unknown
      state          unreadable: the data is cut off inside a value
    ");
}

#[test]
fn ssh_public_keys_are_told_by_type_fingerprint_and_comment() {
    insta::assert_snapshot!(reading_text(&fixture::reading("ssh/ecdsa-p256.pub")), @"
    ecdsa-p256.pub:2: ssh public key
      type           ecdsa-sha2-nistp256
      key            ecdsa p256 SHA256:YKMPwVU42bfeFy6E318GaknhhcuZ9Bn7fbuPnzGnABM
      comment        gate@example.com
    ");
}

#[test]
fn ssh_certificates_are_told_by_every_field() {
    let names = [
        "ed25519-host-cert.pub",
        "ed25519-host-cert-any-host.pub",
        "ed25519-host-cert-forever.pub",
        "ed25519-user-cert-options.pub",
    ];
    let shown: String =
        names.iter().map(|name| reading_text(&fixture::reading(&format!("ssh/{name}")))).collect();
    insta::assert_snapshot!(shown, @"
    ed25519-host-cert.pub:2: ssh host certificate
      type           ssh-ed25519-cert-v01@openssh.com
      key            ed25519 SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
      key id         `ed25519-host`
      serial         0
      principals     gate.example.com, 192.0.2.10
      valid          2026-10-01T00:00:00Z until 2026-12-30T00:00:00Z
      authority      ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      signature      ssh-ed25519, valid
      comment        gate@example.com
    ed25519-host-cert-any-host.pub:2: ssh host certificate
      type           ssh-ed25519-cert-v01@openssh.com
      key            ed25519 SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
      key id         `ed25519-host-any`
      serial         0
      principals     none, which many take for any
      valid          2026-10-01T00:00:00Z until 2026-12-30T00:00:00Z
      authority      ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      signature      ssh-ed25519, valid
      comment        gate@example.com
    ed25519-host-cert-forever.pub:2: ssh host certificate
      type           ssh-ed25519-cert-v01@openssh.com
      key            ed25519 SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
      key id         `ed25519-host-forever`
      serial         0
      principals     gate.example.com
      valid          always and forever
      authority      ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      signature      ssh-ed25519, valid
      comment        gate@example.com
    ed25519-user-cert-options.pub:2: ssh user certificate
      type           ssh-ed25519-cert-v01@openssh.com
      key            ed25519 SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
      key id         `ed25519-user-options`
      serial         0
      principals     alice
      valid          2026-10-01T00:00:00Z until 2026-12-30T00:00:00Z
      authority      ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      signature      ssh-ed25519, valid
      critical       force-command=/usr/bin/true, source-address=192.0.2.0/24
      extensions     permit-pty
      comment        gate@example.com
    ");
}

#[test]
fn a_line_that_begins_like_a_key_says_why_it_is_none() {
    insta::assert_snapshot!(reading_text(&fixture::text("id.pub", "ssh-ed25519 AAAA!\n")), @"
    id.pub:1: ssh line that does not read
      defect         the key is not base64
    ");
}

#[test]
fn a_source_that_holds_nothing_says_so() {
    assert_eq!(reading_text(&fixture::text("notes.txt", "words\n")), "notes.txt: nothing that reads\n");
}

#[test]
fn neither_labels_nor_comments_nor_names_of_files_can_steer_the_terminal() {
    let label = "-----BEGIN A\u{1b}[2J-----\nAAAA\n-----END A\u{1b}[2J-----\n";
    assert!(
        reading_text(&fixture::text("a\u{9b}.pem", label)).chars().all(|it| it == '\n' || !it.is_control())
    );
    let key = fixture::reading("ssh/ed25519.pub");
    let line = String::from_utf8_lossy(key.source().bytes()).replace("gate@", "\u{1b}[2Jgate@");
    let shown = reading_text(&fixture::text("id.pub", &line));
    assert!(shown.contains("\\u{1b}[2Jgate@example.com") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn lines_of_known_hosts_say_whose_key_it_is() {
    let shown = |name: &str| reading_text(&fixture::reading(&format!("rules/{name}.known_hosts")));
    insta::assert_snapshot!(shown("trust-line-key-revoked/bad-authority"), @"
    bad-authority.known_hosts:2: ssh authority for hosts
      hosts          *.example.com,192.0.2.*
      key            ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      comment        ca@example.com

    bad-authority.known_hosts:3: ssh key that is revoked for hosts
      hosts          *
      key            ed25519 SHA256:9iy6xDV6ZJw1470IgfwpLGCAlVZZfGLOdBYUh/H/YuE
      comment        ca@example.com
    ");
    insta::assert_snapshot!(shown("trust-line-unreadable/good-hashed-names"), @"
    good-hashed-names.known_hosts:2: ssh key of a host
      hosts          one, hashed
      key            ed25519 SHA256:Eg3/oUKXZs1CNHZQrvZB8EvC9ZBlGlabfaLZ5TFm6Hg
      comment        gate@example.com
    ");
    insta::assert_snapshot!(shown("trust-line-unreadable/bad-tab"), @"
    bad-tab.known_hosts:2: line that ssh passes over
      defect         a tab follows the marker, where a space is due
    ");
}

#[test]
fn what_is_beyond_the_limit_is_said_to_be() {
    let lines = "ssh-ed25519 AAAA\n".repeat(certgate_facts::SSH_LINES_MAX + 1);
    let shown = reading_text(&fixture::text("many.pub", &lines));
    assert!(
        shown.ends_with("\n\nmany.pub: more than 65536 OpenSSH lines in one input; the rest is not read\n")
    );
}
