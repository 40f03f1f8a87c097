//! A request to the API as a command for bash, with curl.
//!
//! No secret is an argument of any program: the API key is written by `printf`, which is part of bash, into a header that
//! curl reads; a private key is read by jq from its file and goes to curl through a pipe. What stands in the command is
//! what may be seen.

use std::fmt::Write;

/// A request.
#[derive(Clone, Copy, Debug)]
pub struct Curl<'a> {
    /// Such as `POST`.
    pub method: &'a str,
    /// Where it goes, with its query.
    pub url: &'a str,
    /// Headers that may be seen.
    pub headers: &'a [(&'a str, &'a str)],
    /// Where the API key is.
    pub key: ApiKeyPlace<'a>,
    /// A file of authorities that are trusted for this server.
    pub authorities: Option<&'a str>,
    /// What of the body may be seen, as a JSON object; `None` for a request without a body.
    pub body: Option<&'a str>,
    /// Fields of the body that are read from files: name, and path.
    pub files: &'a [(&'a str, &'a str)],
}

/// Where the API key is.
#[derive(Clone, Copy, Debug)]
pub enum ApiKeyPlace<'a> {
    /// In a variable of the environment of this name.
    Variable(&'a str),
    /// On the first line of a file.
    File(&'a str),
}

impl Curl<'_> {
    /// The command, with a line feed at the end.
    #[must_use]
    pub fn command(&self) -> String {
        let mut text = String::new();
        let mut curl = "curl -sS --fail-with-body".to_owned();
        if self.method != "GET" {
            let _ = write!(curl, " -X {}", self.method);
        }
        if let Some(path) = self.authorities {
            let _ = write!(curl, " --cacert {}", quoted(&path_argument(path)));
        }
        match (self.body, self.files) {
            (None, _) => {}
            (Some(json), []) => {
                let _ = write!(curl, " --data-raw {}", quoted(json));
            }
            (Some(json), files) => {
                text.push_str("jq -n");
                for (field, path) in files {
                    let _ = write!(text, " --rawfile {field} {}", quoted(&path_argument(path)));
                }
                let fields: Vec<String> = files.iter().map(|(field, _)| format!("${field}")).collect();
                let program = format!("{json} + {{{}}}", fields.join(", "));
                let _ = write!(text, " \\\n  {} |\n", quoted(&program));
                curl.push_str(" --data-binary @-");
            }
        }
        let key = match self.key {
            ApiKeyPlace::Variable(name) => format!("\"${name}\""),
            ApiKeyPlace::File(path) => format!("\"$(head -n 1 {})\"", quoted(&path_argument(path))),
        };
        let _ = write!(text, "{curl} \\\n  -H @<(printf 'Authorization: Bearer %s\\n' {key})");
        for (name, value) in self.headers {
            let _ = write!(text, " \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
        let _ = writeln!(text, " \\\n  {}", quoted(self.url));
        text
    }
}

/// A path that no program takes for an option, or for standard input.
fn path_argument(path: &str) -> String {
    match path {
        "-" => "/dev/stdin".to_owned(),
        path if path.starts_with('-') => format!("./{path}"),
        path => path.to_owned(),
    }
}

/// A word of bash that stands for the text.
fn quoted(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    match !text.is_empty() && text.bytes().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: Curl<'_> = Curl {
        method: "GET",
        url: "https://api.example.com/tls_certificates?limit=1&filter=x",
        headers: &[("Ngrok-Version", "2")],
        key: ApiKeyPlace::Variable("CERTGATE_API_KEY"),
        authorities: None,
        body: None,
        files: &[],
    };

    #[test]
    fn a_request_without_a_body_takes_the_key_from_the_environment() {
        insta::assert_snapshot!(LIST.command(), @r#"
        curl -sS --fail-with-body \
          -H @<(printf 'Authorization: Bearer %s\n' "$CERTGATE_API_KEY") \
          -H 'Ngrok-Version: 2' \
          'https://api.example.com/tls_certificates?limit=1&filter=x'
        "#);
    }

    #[test]
    fn a_body_without_secrets_stands_in_the_command() {
        let update = Curl {
            method: "PATCH",
            url: "https://api.example.com/tls_certificates/cert_1",
            key: ApiKeyPlace::File("-key"),
            authorities: Some("own ca.pem"),
            body: Some(r#"{"description":"it's"}"#),
            ..LIST
        };
        insta::assert_snapshot!(update.command(), @r#"
        curl -sS --fail-with-body -X PATCH --cacert 'own ca.pem' --data-raw '{"description":"it'\''s"}' \
          -H @<(printf 'Authorization: Bearer %s\n' "$(head -n 1 ./-key)") \
          -H 'Ngrok-Version: 2' \
          https://api.example.com/tls_certificates/cert_1
        "#);
    }

    #[test]
    fn files_are_read_by_jq() {
        let create = Curl {
            method: "POST",
            url: "https://api.example.com/tls_certificates",
            body: Some("{}"),
            files: &[("certificate_pem", "-"), ("private_key_pem", "a key.pem")],
            ..LIST
        };
        insta::assert_snapshot!(create.command(), @r#"
        jq -n --rawfile certificate_pem /dev/stdin --rawfile private_key_pem 'a key.pem' \
          '{} + {$certificate_pem, $private_key_pem}' |
        curl -sS --fail-with-body -X POST --data-binary @- \
          -H @<(printf 'Authorization: Bearer %s\n' "$CERTGATE_API_KEY") \
          -H 'Ngrok-Version: 2' \
          https://api.example.com/tls_certificates
        "#);
    }
}
