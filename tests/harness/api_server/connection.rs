//! One connection: requests in, responses out, and what goes wrong with them.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::account::API_KEY;
use super::fault::Fault;
use super::recorded::Recorded;
use super::reply::Reply;
use super::{Shared, openapi};

/// Longest request that is read.
const REQUEST_BYTES_MAX: usize = 4 << 20;

/// Answers requests until the connection ends, or a script ends it.
pub(super) fn serve(mut stream: TcpStream, shared: &Shared) {
    // What a client has done to its end of the connection is its business.
    let _ = stream.set_nodelay(true);
    while let Ok(Some(line)) = first_line(&stream, shared) {
        let line = line.rsplit_once(' ').map_or(line.as_str(), |(line, _)| line).to_owned();
        let fault = {
            let scripts = &mut shared.account().scripts;
            scripts.iter_mut().find_map(|script| script.turn(&line))
        };
        let length_max = match fault {
            Some(Fault::CutsRequestAfter(length)) => length,
            _ => REQUEST_BYTES_MAX,
        };
        let Ok(Some(request)) = request(&mut stream, length_max) else {
            // It is on record, as far as it is known.
            let (method, target) = line.split_once(' ').unwrap_or((&line, ""));
            let (method, target) = (method.to_owned(), target.to_owned());
            let cut = Recorded { method, target, headers: Vec::new(), body: Vec::new(), status: None };
            shared.account().recorded.push(cut);
            return;
        };
        let closes = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let Some(reply) = answer(shared, request, fault.as_ref()) else { return };
        let sent = send(&mut stream, &reply, fault.as_ref());
        if closes || !matches!(sent, Ok(true)) {
            return;
        }
    }
}

/// The first line of the next request, which stays there to be read; nothing at the end of the connection.
fn first_line(stream: &TcpStream, shared: &Shared) -> io::Result<Option<String>> {
    let mut start = [0; 4096];
    let mut known = 0;
    loop {
        let count = stream.peek(&mut start)?;
        let seen = &start[..count];
        if let Some(end) = seen.windows(2).position(|two| two == b"\r\n") {
            return Ok(Some(String::from_utf8_lossy(&seen[..end]).into_owned()));
        }
        // Whoever begins with something else speaks TLS.
        let is_http = seen.first().is_some_and(u8::is_ascii_uppercase);
        if !is_http || count == start.len() || shared.is_over.load(Ordering::SeqCst) {
            return Ok(None);
        }
        if count == known {
            thread::sleep(Duration::from_millis(1));
        }
        known = count;
    }
}

/// The next request; nothing if it ends early, or is longer than it may be.
fn request(stream: &mut TcpStream, length_max: usize) -> io::Result<Option<Recorded>> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        if let Some(request) = whole(&bytes) {
            return Ok((bytes.len() <= length_max).then_some(request));
        }
        let room = chunk.len().min(length_max.saturating_sub(bytes.len()));
        match stream.read(&mut chunk[..room])? {
            0 => return Ok(None),
            count => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}

/// A request, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Recorded> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ').map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().expect("a length is a number"));
    let body = bytes.get(end + 4..end + 4 + length)?.to_vec();
    Some(Recorded { method: words.next()?, target: words.next()?, headers, body, status: None })
}

/// Records the request, does it, and gives what is answered; nothing where nobody answers.
fn answer(shared: &Shared, request: Recorded, fault: Option<&Fault>) -> Option<Reply> {
    let mut account = shared.account();
    if !account.expects_odd_requests {
        let faults = openapi::faults(&request);
        account.openapi_faults.extend(faults);
    }
    let reply = match fault {
        Some(Fault::DropsRequest) => None,
        Some(Fault::Answers { status, headers, body }) => {
            let reply = Reply { status: *status, headers: Vec::new(), body: body.clone() };
            Some(headers.iter().fold(reply, |reply, (name, value)| reply.with(name, value.as_str())))
        }
        Some(Fault::Redirects(url)) => Some(Reply::json(307, "{}").with("Location", url.as_str())),
        Some(Fault::EchoesKey) => Some(echo()),
        fault => Some(faulty(account.answer(&request, fault), fault)),
    };
    let status = reply.as_ref().map(|reply| reply.status);
    account.recorded.push(Recorded { status, ..request });
    reply
}

/// What was done, answered otherwise.
fn faulty(reply: Reply, fault: Option<&Fault>) -> Reply {
    match fault {
        Some(Fault::ActsAndFails) => {
            Reply { status: 502, headers: Vec::new(), body: "<html>bad gateway</html>".to_owned() }
                .with("Content-Type", "text/html")
        }
        Some(Fault::TruncatesJson) => {
            let body = reply.body.chars().take(reply.body.chars().count() / 2).collect();
            Reply { body, ..reply }
        }
        Some(Fault::CallsItself(kind)) => reply.with("Content-Type", *kind),
        _ => reply,
    }
}

/// A refusal that holds the key: plain, percent-encoded, escaped, and in every field.
fn echo() -> Reply {
    let percent: String = API_KEY.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let escaped: String = API_KEY.chars().map(|letter| format!("\\u{:04x}", u32::from(letter))).collect();
    let header = format!("Bearer {API_KEY}");
    let body = format!(
        "{{\"error_code\":\"ERR_NGROK_202 {API_KEY}\",\"status_code\":403,\"msg\":\"'{API_KEY}' or {percent} or {escaped} is no key\",\
         \"details\":{{\"operation_id\":\"op_{API_KEY}\",\"authorization\":\"{header}\"}}}}"
    );
    Reply::json(403, body).with("Ngrok-Operation-Id", API_KEY).with("X-Authorization", header)
}

/// Sends the response; false where the connection is to be closed after it.
fn send(stream: &mut TcpStream, reply: &Reply, fault: Option<&Fault>) -> io::Result<bool> {
    let (head, body) = (reply.head(), reply.body.as_bytes());
    match fault {
        Some(Fault::CutsReplyAfter(length)) => {
            let whole = [&head, body].concat();
            stream.write_all(&whole[..whole.len().min(*length)])?;
            return Ok(false);
        }
        Some(Fault::Waits(time)) => thread::sleep(*time),
        Some(Fault::Drips(pause)) => {
            stream.write_all(&head)?;
            for byte in body {
                thread::sleep(*pause);
                stream.write_all(&[*byte])?;
            }
            return Ok(true);
        }
        _ => {}
    }
    stream.write_all(&[&head, body].concat())?;
    Ok(true)
}
