//! A connection whose other end has to take what it asked for.

use std::future::Future;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// A stream on which nothing waits to be sent for longer than some time. Whoever reads too slowly would keep its place, and
/// the memory of its answer, for ever.
pub(crate) struct Paced<S> {
    stream: S,
    limit: Duration,
    /// When what waits has to be sent; nothing while nothing waits.
    due: Option<Pin<Box<Sleep>>>,
}

impl<S> Paced<S> {
    pub(crate) const fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, due: None }
    }

    /// What came of writing, unless it is too late.
    fn paced<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_pending() && self.due.is_none() {
            self.due = Some(Box::pin(sleep(self.limit)));
        }
        match self.due.as_mut().map(|due| due.as_mut().poll(context)) {
            Some(Poll::Ready(())) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            _ => written,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.paced(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.paced(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Asked once all was written.
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.due = None;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    fn run(work: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(work);
    }

    #[test]
    fn who_does_not_read_is_not_waited_for() {
        run(async {
            let (ours, _theirs) = duplex(16);
            let mut paced = Paced::new(ours, Duration::from_millis(50));
            paced.write_all(&[0; 16]).await.unwrap();
            let error = paced.write_all(&[0; 1]).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn who_reads_a_byte_now_and_then_is_not_waited_for_either() {
        run(async {
            let (ours, mut theirs) = duplex(16);
            let mut paced = Paced::new(ours, Duration::from_millis(100));
            let reading = async {
                while theirs.read_u8().await.is_ok() {
                    sleep(Duration::from_millis(5)).await;
                }
            };
            let sent = async {
                let outcome = paced.write_all(&[0; 1000]).await;
                drop(paced);
                outcome
            };
            let (outcome, ()) = tokio::join!(sent, reading);
            assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::TimedOut);
        });
    }

    #[test]
    fn the_time_begins_anew_once_all_is_sent() {
        run(async {
            let (ours, mut theirs) = duplex(16);
            let mut paced = Paced::new(ours, Duration::from_millis(200));
            for _ in 0..4 {
                let late = async {
                    sleep(Duration::from_millis(80)).await;
                    theirs.read_exact(&mut [0; 17]).await.unwrap();
                };
                let sent = async {
                    paced.write_all(&[0; 17]).await.unwrap();
                    paced.flush().await.unwrap();
                };
                tokio::join!(sent, late);
            }
        });
    }
}
