//! Where the API is, and the key that opens it.

use super::{api, server};
use crate::harness::{API_KEY, Certgate, Folder};

const LIST: [&str; 3] = ["api", "tls-certificates", "list"];

#[test]
fn without_a_key_or_with_an_address_that_is_none_nothing_is_sent() {
    let folder = Folder::new();
    folder.write("open", API_KEY);
    folder.write_secret("empty", "\n");
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        let run = Certgate::new(LIST).arguments(arguments).folder(folder.root());
        let run = variables.iter().fold(run, |run, (name, value)| run.variable(name, value)).exits(2);
        assert!(!run.stderr.contains(API_KEY) && run.stdout.is_empty(), "{run:?}");
        run.stderr
    };
    let key = [("CERTGATE_API_KEY", API_KEY)];
    let told = [
        run(&[], &[]),
        run(&[], &[("NGROK_API_KEY", "two words here")]),
        run(&["--api-key-file", "open"], &[]),
        run(&["--api-key-file", "empty"], &key),
        run(&["--api-key-file", "none"], &key),
        run(&["--api-url", "api.example.com"], &key),
        run(&["--api-url", "http://192.0.2.1"], &key),
        run(&["--api-url", "https://user:word@example.com"], &key),
        run(&["--api-url", "http://127.0.0.1:1", "--api-ca", "none"], &key),
        run(&["--rate", "0/1m"], &key),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    error: there is no API key
    hint: put it into CERTGATE_API_KEY, or into a file of mode 0600 for --api-key-file

    error: NGROK_API_KEY: an API key is one word of letters, digits and signs: no space, no line break
    hint: put it into CERTGATE_API_KEY, or into a file of mode 0600 for --api-key-file

    error: cannot read the API key file `open`: others than its owner may use it: it has mode 0644; make it 0600 with chmod 600

    error: the API key in the file: the API key is empty

    error: cannot read the API key file `none`: No such file or directory (os error 2)

    error: the address of the API, `api.example.com`: an address of an API begins with https://, or with http:// on this machine
    hint: give it with --api-url or in CERTGATE_API_URL: https://HOST

    error: the address of the API, `http://192.0.2.1`: http:// to another machine shows the API key to everyone on the way: use https://
    hint: use https, or say --send-secrets-unencrypted

    error: the address of the API, `https://user:word@example.com`: an address of an API has no user name, query or fragment
    hint: give it with --api-url or in CERTGATE_API_URL: https://HOST

    error: cannot read `none`: No such file or directory (os error 2)

    error: invalid value '0/1m' for '--rate <COUNT/LENGTH>': not a limit: expected a number of requests and a length of time, such as 120/1m

    For more information, try '--help'.
    ");
}

#[test]
fn arguments_come_before_variables_and_our_variables_before_those_of_others() {
    let server = server();
    let folder = Folder::new();
    folder.write_secret("key", format!("{API_KEY}\n"));
    let wrong = API_KEY.replace("Never", "Other");
    let list = || Certgate::new(LIST).folder(folder.root());
    list().variable("NGROK_API_BASE_URL", &server.url()).variable("NGROK_API_KEY", API_KEY).exits(0);
    server
        .with(list())
        .variable("NGROK_API_BASE_URL", "http://127.0.0.1:1")
        .variable("NGROK_API_KEY", &wrong)
        .exits(0);
    let arguments = ["--api-url", &server.url(), "--api-key-file", "key"];
    list()
        .arguments(arguments)
        .variable("CERTGATE_API_URL", "http://127.0.0.1:1")
        .variable("CERTGATE_API_KEY", &wrong)
        .exits(0);
    let run = api(&server, "tls-certificates list").variable("CERTGATE_API_KEY", &wrong).exits(1);
    assert!(run.stderr.contains("ERR_NGROK_203") && !run.stderr.contains(&wrong), "{}", run.stderr);
}

#[test]
fn a_proxy_is_used_for_other_machines_and_never_for_this_one() {
    let server = server();
    api(&server, "tls-certificates list").variable("HTTPS_PROXY", "http://127.0.0.1:1").exits(0);
    let run = Certgate::new(LIST)
        .arguments([
            "--api-url",
            "http://api.example.invalid",
            "--send-secrets-unencrypted",
            "--format",
            "json",
        ])
        .variable("HTTPS_PROXY", &server.url())
        .variable("CERTGATE_API_KEY", API_KEY);
    server.expect_odd_requests();
    // The server takes it as a path that it does not have; what counts is who was asked.
    run.exits(1);
    assert_eq!(server.requests()[1].line(), "GET http://api.example.invalid/tls_certificates");
}
