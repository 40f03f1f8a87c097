//! What is looked at before a request is done, in the order in which the API looks.

use super::account::{API_KEY, Account};
use super::problem::Problem;
use super::recorded::Recorded;
use super::route::{Collection, Verb};

/// A parameter of the query, decoded.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: String,
}

/// Lets a request in, or says why not; gives the parameters of its query.
pub(super) fn pass(
    account: &mut Account,
    request: &Recorded,
    collection: Collection,
    verb: &Verb,
) -> Result<Vec<Parameter>, Problem> {
    authorized(request)?;
    account.counted()?;
    match request.header("ngrok-version") {
        None => return Err(Problem::new(400, 218, "no API version is given. Supported versions: 2")),
        Some("2") => {}
        Some(other) => {
            return Err(Problem::new(400, 217, format!("version '{other}' is not one of: 2")));
        }
    }
    let supported = if *verb == Verb::List { collection.list_parameters() } else { &[] };
    let parameters = parameters(request.query().unwrap_or_default(), supported)?;
    let takes_body = matches!(verb, Verb::Create | Verb::Update(_));
    if !takes_body && !request.body.is_empty() {
        return Err(Problem::new(400, 211, format!("{} takes no body", request.method)));
    }
    if takes_body {
        match request.header("content-type").map(|value| value.split(';').next().unwrap_or_default().trim()) {
            None => return Err(Problem::new(415, 216, "the content type is missing")),
            Some("application/json") => {}
            Some(other) => {
                return Err(Problem::new(415, 210, format!("'{other}' is no content type for this")));
            }
        }
    }
    Ok(parameters)
}

fn authorized(request: &Recorded) -> Result<(), Problem> {
    let refused = |code, message: &str| Err(Problem::new(403, code, message));
    let Some(header) = request.header("authorization") else {
        return refused(200, "no Authorization header");
    };
    let Some(token) = header.strip_prefix("Bearer ") else {
        return refused(201, "the Authorization header is neither Basic nor Bearer");
    };
    let is_shaped = token.split_once('_').is_some_and(|(id, secret)| {
        let is_base62 = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        id.len() == 27 && (20..=21).contains(&secret.len()) && is_base62(id) && is_base62(secret)
    });
    match token {
        API_KEY => Ok(()),
        id if id.starts_with("ak_") => refused(208, &format!("'{id}' is the id of a key")),
        // The real one says the whole token, too.
        token if !is_shaped => refused(202, &format!("'{token}' is no API key")),
        token => refused(203, &format!("'{token}' is not known")),
    }
}

fn parameters(query: &str, supported: &[&str]) -> Result<Vec<Parameter>, Problem> {
    let mut found: Vec<Parameter> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let decode = |text: &str| {
            decoded(text).ok_or_else(|| Problem::new(400, 230, format!("the query '{query}' does not parse")))
        };
        let (name, value) = (decode(name)?, decode(value)?);
        if !supported.contains(&name.as_str()) {
            let supported = supported.join(", ");
            return Err(Problem::new(
                400,
                231,
                format!("unknown parameter '{name}', not one of: {supported}"),
            ));
        }
        if found.iter().any(|parameter| parameter.name == name) {
            return Err(Problem::new(400, 232, format!("parameter '{name}' is repeated")));
        }
        found.push(Parameter { name, value });
    }
    Ok(found)
}

/// Without percent signs and pluses.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).ok()
}
