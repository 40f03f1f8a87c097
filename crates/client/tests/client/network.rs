//! The transport over the network, against sockets of this machine.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use certgate_client::{
    ApiUrl, Network, NetworkError, NetworkOptions, RESPONSE_BYTES_MAX, RequestBody, Transport, TransportFault,
};
use http::{Request, Response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server says, and what it was asked.
pub(crate) fn serve<S>(speak: S) -> (u16, thread::JoinHandle<Vec<u8>>)
where
    S: FnOnce(TcpStream) -> Vec<u8> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (port, thread::spawn(move || speak(listener.accept().unwrap().0)))
}

/// What a server was asked. The connection's own task goes on meanwhile.
pub(crate) async fn told(server: thread::JoinHandle<Vec<u8>>) -> Vec<u8> {
    tokio::task::spawn_blocking(|| server.join().unwrap()).await.unwrap()
}

/// Reads the head of a request.
fn head(stream: &mut impl Read) -> Vec<u8> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    head
}

async fn sent(url: &str, options: &NetworkOptions) -> Result<Response<Vec<u8>>, TransportFault> {
    let network = Network::new(&ApiUrl::new(url).unwrap(), options).unwrap();
    let request =
        Request::builder().uri(format!("{url}/tls_certificates?limit=1")).header("authorization", "Bearer K");
    let sent = network.send(request.body(RequestBody::default()).unwrap()).await;
    sent.map_err(|error| error.fault())
}

/// What comes of a server that says this and goes.
async fn said(text: &'static [u8]) -> Result<Response<Vec<u8>>, TransportFault> {
    let (port, server) = serve(move |mut stream| {
        let head = head(&mut stream);
        stream.write_all(text).unwrap();
        stream.shutdown(Shutdown::Both).unwrap();
        head
    });
    let outcome = sent(&format!("http://127.0.0.1:{port}"), &NetworkOptions::default()).await;
    let asked = String::from_utf8(told(server).await).unwrap();
    assert!(asked.starts_with("GET /tls_certificates?limit=1 HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("authorization: Bearer K\r\n"), "{asked}");
    outcome
}

#[tokio::test]
async fn an_answer_comes_with_status_headers_and_body() {
    let answer =
        said(b"HTTP/1.1 418 Teapot\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\nshort").await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().as_slice()), (418, b"short".as_slice()));
    assert_eq!(answer.headers()["retry-after"], "7");
}

#[tokio::test]
async fn redirects_are_answers_like_others() {
    let moved = b"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(said(moved).await.unwrap().status().as_u16(), 307);
}

#[tokio::test]
async fn a_connection_that_breaks_leaves_open_what_was_received() {
    let broken: [&'static [u8]; 5] = [
        b"",
        b"HTTP/1.1 20",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsho",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsho",
        b"nonsense\r\n\r\n",
    ];
    for text in broken {
        assert_eq!(said(text).await.unwrap_err(), TransportFault::Interrupted, "{text:?}");
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let refused = sent(&format!("http://127.0.0.1:{port}"), &NetworkOptions::default()).await;
    assert_eq!(refused.unwrap_err(), TransportFault::NotConnected);
    let unknown = sent("https://no-such-host.invalid", &NetworkOptions::default()).await;
    assert_eq!(unknown.unwrap_err(), TransportFault::NotConnected);
}

#[tokio::test]
async fn a_body_without_an_end_is_left() {
    let (port, server) = serve(|mut stream| {
        head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
        let piece = vec![b' '; 1 << 20];
        let mut written = 0_usize;
        while stream.write_all(&piece).is_ok() {
            written += piece.len();
        }
        written.to_be_bytes().to_vec()
    });
    let outcome = sent(&format!("http://127.0.0.1:{port}"), &NetworkOptions::default()).await;
    assert_eq!(outcome.unwrap_err(), TransportFault::TooLarge);
    let written = usize::from_be_bytes(told(server).await.try_into().unwrap());
    assert!(written < 2 * RESPONSE_BYTES_MAX, "{written}");
}

/// An authority for this test alone, and a server's configuration with a certificate of it for `name`.
pub(crate) fn certified(name: &str) -> (String, Arc<ServerConfig>, Vec<u8>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec![name.to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let der = leaf.der().to_vec();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone(), authority.der().clone()], key)
        .unwrap();
    (authority.pem(), Arc::new(config), der)
}

/// A server that answers one request over TLS, if there is a handshake.
fn serve_tls(config: Arc<ServerConfig>) -> (u16, thread::JoinHandle<Vec<u8>>) {
    serve(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
        let head = head(&mut stream);
        if !head.is_empty() {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}").unwrap();
        }
        head
    })
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_if_it_is_named() {
    let (pem, config, _) = certified("localhost");
    let (port, server) = serve_tls(Arc::clone(&config));
    let options = NetworkOptions { authorities_pem: Some(pem.into_bytes()), ..NetworkOptions::default() };
    let answer = sent(&format!("https://localhost:{port}"), &options).await.unwrap();
    assert_eq!(answer.body(), b"{}");
    assert!(!told(server).await.is_empty());

    let (port, server) = serve_tls(config);
    let outcome = sent(&format!("https://localhost:{port}"), &NetworkOptions::default()).await;
    assert_eq!(outcome.unwrap_err(), TransportFault::NotTrusted);
    assert!(told(server).await.is_empty(), "no request was sent");
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_trusted() {
    let (pem, config, _) = certified("another.example");
    let (port, server) = serve_tls(config);
    let options = NetworkOptions { authorities_pem: Some(pem.into_bytes()), ..NetworkOptions::default() };
    let outcome = sent(&format!("https://localhost:{port}"), &options).await;
    assert_eq!(outcome.unwrap_err(), TransportFault::NotTrusted);
    assert!(told(server).await.is_empty());
}

#[tokio::test]
async fn a_proxy_takes_requests_but_those_to_this_machine() {
    let (proxy, server) = serve(|mut stream| {
        let head = head(&mut stream);
        stream.write_all(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n").unwrap();
        head
    });
    let options =
        NetworkOptions { proxy: Some(format!("http://127.0.0.1:{proxy}")), ..NetworkOptions::default() };
    let outcome = sent("https://api.example", &options).await;
    assert_eq!(outcome.unwrap_err(), TransportFault::NotConnected);
    let asked = String::from_utf8(told(server).await).unwrap();
    assert!(asked.starts_with("CONNECT api.example:443 HTTP/1.1\r\n"), "{asked}");
    assert!(!asked.contains("Bearer"), "{asked}");

    let (port, server) = serve(|mut stream| {
        let head = head(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
        head
    });
    // The proxy of before is gone: whoever asked it would fail.
    sent(&format!("http://127.0.0.1:{port}"), &options).await.unwrap();
    assert!(told(server).await.starts_with(b"GET /tls_certificates"));
    let excepted = NetworkOptions { no_proxy: Some("*.invalid,.invalid".into()), ..options };
    let outcome = sent("https://no-such-host.invalid", &excepted).await;
    assert_eq!(outcome.unwrap_err(), TransportFault::NotConnected);
}

#[test]
fn options_that_are_none_are_refused() {
    let url = ApiUrl::new("https://api.ngrok.com").unwrap();
    let made = |options: &NetworkOptions| Network::new(&url, options).map(drop);
    let authorities =
        |pem: &str| NetworkOptions { authorities_pem: Some(pem.into()), ..NetworkOptions::default() };
    for pem in ["", "no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let error = made(&authorities(pem)).unwrap_err();
        assert!(matches!(error, NetworkError::Authorities(_)), "{pem}: {error}");
    }
    let proxy = NetworkOptions { proxy: Some("://".into()), ..NetworkOptions::default() };
    assert_eq!(made(&proxy).unwrap_err(), NetworkError::Proxy);
}

#[tokio::test]
async fn a_server_that_stays_silent_is_waited_for_no_longer_than_said() {
    let (port, server) = serve(|mut stream| {
        let head = head(&mut stream);
        let _ = stream.read(&mut [0]);
        head
    });
    let url = format!("http://127.0.0.1:{port}");
    let silent =
        tokio::time::timeout(Duration::from_millis(200), sent(&url, &NetworkOptions::default())).await;
    assert!(silent.is_err());
    assert!(!told(server).await.is_empty(), "the connection is closed with the call");
}
