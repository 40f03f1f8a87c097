//! Answers that come later.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use crate::error::Error;

/// An answer that may come later: a future that belongs to no runtime. Dropped, it is no longer waited for; what was asked
/// for may be done all the same.
pub type Pending<'s, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 's>>;

/// Wakes a thread that sleeps.
struct Sleeper(Thread);

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for an answer, for those who have nothing else to do.
pub fn wait<T>(pending: impl Future<Output = T>) -> T {
    let mut pending = pin!(pending);
    let waker = Waker::from(Arc::new(Sleeper(thread::current())));
    loop {
        match pending.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(answer) => return answer,
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_answer_is_waited_for() {
        let (sender, answer) = tokio::sync::oneshot::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(20));
                sender.send(7)
            });
            assert_eq!(wait(answer), Ok(7));
        });
    }
}
