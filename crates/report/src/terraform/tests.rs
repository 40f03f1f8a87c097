//! A configuration as it is written.

use super::*;

fn written() -> String {
    let tls = |name, description| TlsCertificate {
        name,
        certificate_file: "tls/it's.pem",
        private_key_file: "/etc/www.key",
        description,
        metadata: r#"{"certgate":"shop/www"}"#,
    };
    let host = SshHostCertificate { name: "web-1", authority_id: "sshca_2rwwl5w69mehWeDVlbshgAxOzQS" };
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
fn secrets_are_read_from_files_and_nothing_is_taken_for_a_template() {
    insta::assert_snapshot!(written(), @r#"
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
