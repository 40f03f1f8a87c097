//! A request that is shown instead of being sent: as it is, and as a command.

use std::io::Write;
use std::path::Path;

use certgate_client::Call;
use certgate_report::curl::{ApiKeyPlace, Curl};
use serde_json::Value;

use crate::cli::api::CallArguments;
use crate::cli::{ApiArguments, ColorChoice};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{network, output, ssh_input};

/// A field of a body that is a file's content: its name, and where it is read from.
pub(in crate::command) type FileField<'a> = (&'static str, &'a Path);

/// Writes the request. The call holds no secret: where one would be, stands what may be seen of it.
pub(super) fn show(
    arguments: &CallArguments,
    call: &Call,
    files: &[FileField<'_>],
    color: ColorChoice,
) -> Result<Exit, Failure> {
    let text = if arguments.curl { command(&arguments.api, call, files)? } else { request(arguments, call)? };
    let mut stdout = output::stdout(color);
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Clean)
}

/// Method, URL, headers, and the body with a field on each line.
fn request(arguments: &CallArguments, call: &Call) -> Result<String, Failure> {
    let url = network::url(&arguments.api)?;
    let mut lines = vec![format!("{} {}", call.route().method(), url.join(call.target()))];
    lines.extend(call.headers().iter().map(|(name, value)| format!("{name}: {value}")));
    lines.push("Authorization: Bearer ***".to_owned());
    if let Some(body) = call.body() {
        let body: Value = serde_json::from_slice(body.bytes()).map_err(std::io::Error::from)?;
        lines.push(format!("\n{body:#}"));
    }
    Ok(lines.join("\n") + "\n")
}

/// The same as a command of curl.
pub(in crate::command) fn command(
    api: &ApiArguments,
    call: &Call,
    files: &[FileField<'_>],
) -> Result<String, Failure> {
    let url = network::url(api)?.join(call.target());
    let headers: Vec<(&str, &str)> =
        call.headers().into_iter().filter(|(name, _)| !matches!(*name, "Accept" | "User-Agent")).collect();
    let key_file = api.api_key_file.as_deref().map(ssh_input::name);
    let authorities = network::authorities(api).map(|path| ssh_input::name(&path));
    let files: Vec<(&str, String)> =
        files.iter().map(|(name, path)| (*name, ssh_input::name(path))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, path)| (*name, path.as_str())).collect();
    let body = call.body().map(|body| without(body.bytes(), &files)).transpose()?;
    let curl = Curl {
        method: call.route().method(),
        url: &url,
        headers: &headers,
        key: match &key_file {
            Some(path) => ApiKeyPlace::File(path),
            None => ApiKeyPlace::Variable(network::key_variable().unwrap_or("CERTGATE_API_KEY")),
        },
        authorities: authorities.as_deref(),
        body: body.as_deref(),
        files: &files,
    };
    Ok(curl.command())
}

/// A body without the fields that are read from files.
fn without(body: &[u8], files: &[(&str, &str)]) -> Result<String, Failure> {
    let mut body: serde_json::Map<String, Value> =
        serde_json::from_slice(body).map_err(std::io::Error::from)?;
    body.retain(|name, _| !files.iter().any(|(file, _)| file == name));
    Ok(Value::Object(body).to_string())
}
