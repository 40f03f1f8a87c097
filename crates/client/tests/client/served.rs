//! What servers show of themselves.

use std::io::{Read, Write};
use std::time::Duration;

use certgate_client::{ServedError, served_chain};
use rustls::{ServerConnection, StreamOwned};

use crate::network::{certified, serve, told};

const LENGTH: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_chain_is_given_as_it_is_served_and_whatever_it_is_worth() {
    for (host, name) in [("localhost", "localhost"), ("127.0.0.1", "another.example")] {
        let (_, config, leaf) = certified(name);
        let (port, server) = serve(move |stream| {
            let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
            let _ = stream.read(&mut [0]);
            stream.conn.server_name().unwrap_or_default().into()
        });
        let chain = served_chain(host, port, LENGTH).await.unwrap();
        assert_eq!((chain.len(), &chain[0]), (2, &leaf));
        let asked = String::from_utf8(told(server).await).unwrap();
        assert_eq!(
            asked,
            if host == "localhost" { "localhost" } else { "" },
            "addresses are not asked for by name"
        );
    }
}

#[tokio::test]
async fn what_is_no_tls_server_says_so() {
    let (port, server) = serve(|mut stream| {
        let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
        Vec::new()
    });
    let error = served_chain("127.0.0.1", port, LENGTH).await.unwrap_err();
    assert!(matches!(error, ServedError::NoTls(_)), "{error}");
    told(server).await;
    let error = served_chain("127.0.0.1", port, LENGTH).await.unwrap_err();
    assert!(matches!(error, ServedError::NotConnected(_)), "{error}");
    assert_eq!(served_chain("no host", 443, LENGTH).await.unwrap_err(), ServedError::Host);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left() {
    let (port, server) = serve(|mut stream| {
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        all
    });
    let error = served_chain("127.0.0.1", port, Duration::from_millis(200)).await.unwrap_err();
    assert_eq!(error, ServedError::TimedOut);
    assert!(!told(server).await.is_empty());
}
