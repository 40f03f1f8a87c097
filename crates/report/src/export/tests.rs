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
    insta::assert_snapshot!(written(write_terraform), @"");
}

#[test]
fn curl_gets_no_secret_as_an_argument() {
    insta::assert_snapshot!(written(write_curl), @"");
}
