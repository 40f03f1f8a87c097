//! Requests over connections that are kept, as cheap as they can be: one thread for all of them, no library of HTTP.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;

/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// What came of many requests.
pub(crate) struct Run {
    elapsed: Duration,
    /// How long each took, the shortest first.
    times: Vec<Duration>,
}

impl Run {
    pub(crate) fn count(&self) -> f64 {
        f64::from(u32::try_from(self.times.len()).expect("they are not so many"))
    }

    pub(crate) fn rate(&self) -> f64 {
        self.count() / self.elapsed.as_secs_f64()
    }

    /// The time within which this part of a hundred came.
    pub(crate) fn percentile_micros(&self, percent: usize) -> f64 {
        self.times[(self.times.len() * percent / 100).min(self.times.len() - 1)].as_secs_f64() * 1e6
    }
}

/// One that sends a request as soon as the answer to the one before is there.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; ANSWER_BYTES_MAX] })
    }

    /// Sends a request; the answer comes back, with its head.
    async fn ask(&mut self, request: &[u8]) -> io::Result<&[u8]> {
        let mut sent = 0;
        while sent < request.len() {
            match self.stream.try_write(&request[sent..]) {
                Ok(bytes) => sent += bytes,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.stream.writable().await?,
                Err(error) => return Err(error),
            }
        }
        let mut read = 0;
        loop {
            self.stream.readable().await?;
            match self.stream.try_read(&mut self.buffer[read..]) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(bytes) => read += bytes,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
            if length(&self.buffer[..read]).is_some_and(|due| read >= due) {
                return Ok(&self.buffer[..read]);
            }
        }
    }
}

/// How many bytes an answer has, once its head is there.
fn length(answer: &[u8]) -> Option<usize> {
    let head = answer.windows(4).position(|end| end == b"\r\n\r\n")?;
    let name = b"content-length: ";
    let line = answer[..head].split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(name))?;
    let body: usize = std::str::from_utf8(line).ok()?.trim_end().parse().ok()?;
    Some(head + 4 + body)
}

/// A request as it is sent.
pub(crate) fn request(method: &str, path: &str, key: &str, body: &str) -> Vec<u8> {
    let content = match body {
        "" => String::new(),
        body => format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()),
    };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:4180\r\nAuthorization: Bearer {key}\r\nNgrok-Version: 2\r\n{content}\r\n{body}"
    )
    .into_bytes()
}

/// Sends one request; the answer comes back, with its head.
pub(crate) fn ask(address: &str, request: &[u8]) -> String {
    let answer = runtime().block_on(async {
        let mut connection = Connection::open(address).await?;
        connection.ask(request).await.map(<[u8]>::to_vec)
    });
    String::from_utf8(answer.expect("the server answers")).expect("answers are UTF-8")
}

/// Sends the same request over and over for some time; every answer has this status.
#[expect(clippy::disallowed_methods, reason = "measuring time is what this is for")]
pub(crate) fn run(address: &str, request: &[u8], status: u16, connections: usize, secs: f64) -> Run {
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(secs);
    let (request, due): (Arc<[u8]>, String) = (request.into(), format!("HTTP/1.1 {status} "));
    let mut times: Vec<Duration> = runtime().block_on(async {
        let tasks: Vec<_> = (0..connections)
            .map(|_| {
                let (request, due, address) = (Arc::clone(&request), due.clone(), address.to_owned());
                tokio::spawn(async move {
                    let mut connection = Connection::open(&address).await.expect("the server listens");
                    let mut times = Vec::new();
                    while Instant::now() < end {
                        let sent = Instant::now();
                        let answer = connection.ask(&request).await.expect("the server answers");
                        assert!(answer.starts_with(due.as_bytes()), "{}", String::from_utf8_lossy(answer));
                        times.push(sent.elapsed());
                    }
                    times
                })
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.expect("it ends"));
        }
        times
    });
    let elapsed = start.elapsed();
    times.sort_unstable();
    Run { elapsed, times }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("there are threads")
}
