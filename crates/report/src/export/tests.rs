//! Exports as they are written.

use super::*;

fn written(write: fn(&mut dyn std::io::Write, &Declarations<'_>) -> std::io::Result<()>) -> String {
    let tls = |name, description| TlsCertificate {
        name,
        certificate_file: "tls/it's.pem",
        private_key_file: "/etc/www.key",
        description,
        metadata: r#"{"certgate":"shop/www"}"#,
    };
    let host = SshHostCertificate {
        name: "web-1",
        public_key_file: "ssh/web-1.pub",
        authority_id: "sshca_2rwwl5w69mehWeDVlbshgAxOzQS",
        principals: vec!["web-1.example.com", "192.0.2.7"],
        lifetime_secs: 2_592_000,
        backdating_secs: 60,
        description: "",
        metadata: r#"{"certgate":"shop/web-1"}"#,
    };
    let declared = Declarations {
        project: "shop",
        tls_certificates: &[
            tls("www.example.com", "a \"${b}\" \\ 'c'\n"),
            tls("www_example_com", ""),
            tls("1st", ""),
        ],
        ssh_host_certificates: &[host],
    };
    let mut out = Vec::new();
    write(&mut out, &declared).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn terraform_reads_secrets_from_files_and_takes_nothing_for_a_template() {
    insta::assert_snapshot!(written(write_terraform), @r#"
    # What certgate project shop declares. Paths are from the folder of this file.

    terraform {
      required_providers {
        ngrok = {
          source  = "ngrok/ngrok"
          version = ">= 0.8.0"
        }
      }
    }

    resource "ngrok_tls_certificate" "www_example_com" {
      certificate_pem = file("${path.module}/tls/it's.pem")
      private_key_pem = file("/etc/www.key")
      description     = "a \"$${b}\" \\ 'c'\n"
      metadata        = "{\"certgate\":\"shop/www\"}"
    }

    resource "ngrok_tls_certificate" "www_example_com_2" {
      certificate_pem = file("${path.module}/tls/it's.pem")
      private_key_pem = file("/etc/www.key")
      metadata        = "{\"certgate\":\"shop/www\"}"
    }

    resource "ngrok_tls_certificate" "_1st" {
      certificate_pem = file("${path.module}/tls/it's.pem")
      private_key_pem = file("/etc/www.key")
      metadata        = "{\"certgate\":\"shop/www\"}"
    }

    # It exists, and is taken over as it is.
    import {
      to = ngrok_ssh_certificate_authority.sshca_2rwwl5w69mehWeDVlbshgAxOzQS
      id = "sshca_2rwwl5w69mehWeDVlbshgAxOzQS"
    }

    resource "ngrok_ssh_certificate_authority" "sshca_2rwwl5w69mehWeDVlbshgAxOzQS" {
      lifecycle {
        ignore_changes = all
      }
    }

    # The provider has no resource for SSH host certificates since its version 0.8.0. Not written:
    #   ssh_host_certificate.web-1
    "#);
}

#[test]
fn curl_gets_no_secret_as_an_argument() {
    insta::assert_snapshot!(written(write_curl), @r#"
    #!/usr/bin/env bash
    # Creates what certgate project shop declares, each time it runs. It needs curl and jq.
    set -euo pipefail

    api=${CERTGATE_API_URL:-${NGROK_API_BASE_URL:-https://api.ngrok.com}}
    key=${CERTGATE_API_KEY:-${NGROK_API_KEY:?put the API key into CERTGATE_API_KEY}}
    # Neither curl nor jq has any use for it.
    unset CERTGATE_API_KEY NGROK_API_KEY

    # Sends the body on standard input to a collection.
    create() {
      curl --silent --show-error --fail-with-body "$api/$1" --data-binary @- \
        --header @<(printf 'Authorization: Bearer %s\n' "$key") \
        --header 'Content-Type: application/json' --header 'Ngrok-Version: 2'
      echo
    }

    # tls_certificate.www.example.com
    jq --null-input \
      --rawfile certificate_pem 'tls/it'\''s.pem' \
      --rawfile private_key_pem '/etc/www.key' \
      --arg description 'a "${b}" \ '\''c'\''
    ' \
      --arg metadata '{"certgate":"shop/www"}' \
      '$ARGS.named' | create tls_certificates

    # tls_certificate.www_example_com
    jq --null-input \
      --rawfile certificate_pem 'tls/it'\''s.pem' \
      --rawfile private_key_pem '/etc/www.key' \
      --arg metadata '{"certgate":"shop/www"}' \
      '$ARGS.named' | create tls_certificates

    # tls_certificate.1st
    jq --null-input \
      --rawfile certificate_pem 'tls/it'\''s.pem' \
      --rawfile private_key_pem '/etc/www.key' \
      --arg metadata '{"certgate":"shop/www"}' \
      '$ARGS.named' | create tls_certificates

    # ssh_host_certificate.web-1
    jq --null-input \
      --arg ssh_certificate_authority_id 'sshca_2rwwl5w69mehWeDVlbshgAxOzQS' \
      --rawfile public_key 'ssh/web-1.pub' \
      --argjson principals '["web-1.example.com","192.0.2.7"]' \
      --arg metadata '{"certgate":"shop/web-1"}' \
      '$ARGS.named + {
        public_key: [$public_key | splits("\r?\n") | select(test("^\\s*(#|$)") | not)][0],
        valid_after: (now - 60 | floor | todate),
        valid_until: (now - 60 + 2592000 | floor | todate)
      }' | create ssh_host_certificates
    "#);
}
