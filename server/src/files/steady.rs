//! A body that goes on coming. A whole deadline would cut honest people with slow lines; so whoever sends has to send a little
//! all the time, and whoever doesn't is given up.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use app::refusal::Refusal;
use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::time::{Instant, Sleep, sleep};

use super::Trouble;

/// Within this time something must come.
const WITHIN: Duration = Duration::from_secs(30);
/// Namely so many bytes: a slow telephone has sent them in a few seconds.
const LEAST_BYTES: usize = 4 * 1024;

/// Nothing came for too long.
#[derive(Debug, thiserror::Error)]
#[error("nothing came for too long")]
struct TooSlow;

/// A body with this patience.
pub struct Steady {
    body: Body,
    until: Pin<Box<Sleep>>,
    bytes: usize,
}

impl Steady {
    /// Watches over a body.
    pub fn new(body: Body) -> Self {
        Self { body, until: Box::pin(sleep(WITHIN)), bytes: 0 }
    }

    fn came(&mut self, bytes: usize) {
        self.bytes += bytes;
        if self.bytes >= LEAST_BYTES {
            self.bytes = 0;
            self.until.as_mut().reset(Instant::now() + WITHIN);
        }
    }
}

impl HttpBody for Steady {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                let came = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref().map(Bytes::len));
                self.came(came.unwrap_or_default());
                Poll::Ready(frame.map(|frame| frame.map_err(BoxError::from)))
            }
            Poll::Pending => match self.until.as_mut().poll(context) {
                Poll::Ready(()) => Poll::Ready(Some(Err(TooSlow.into()))),
                Poll::Pending => Poll::Pending,
            },
        }
    }
}

/// Why a body ended before its end.
pub(super) fn why(error: &(dyn std::error::Error + 'static)) -> Trouble {
    let is_slow = std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<TooSlow>());
    Trouble::Refused(if is_slow { Refusal::UploadTooSlow } else { Refusal::UploadMismatch })
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tokio::sync::mpsc;

    use super::*;

    /// A body into which somebody puts what they want, when they want.
    struct Sent(mpsc::UnboundedReceiver<Bytes>);

    impl HttpBody for Sent {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            self.0.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
        }
    }

    fn body() -> (mpsc::UnboundedSender<Bytes>, Steady) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (sender, Steady::new(Body::new(Sent(receiver))))
    }

    async fn comes(body: &mut Steady) -> Result<usize, BoxError> {
        body.frame().await.expect("more comes").map(|frame| frame.into_data().map_or(0, |bytes| bytes.len()))
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_line_may_take_as_long_as_it_takes() {
        let (sender, mut body) = body();
        for _ in 0..1_000 {
            tokio::time::advance(WITHIN * 9 / 10).await;
            sender.send(vec![7; LEAST_BYTES].into()).expect("somebody reads");
            assert_eq!(comes(&mut body).await.expect("it is taken"), LEAST_BYTES);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_a_byte_now_and_then_is_given_up() {
        let (sender, mut body) = body();
        for _ in 0..3 {
            tokio::time::advance(WITHIN * 3 / 10).await;
            sender.send(Bytes::from_static(b"a")).expect("somebody reads");
            comes(&mut body).await.expect("it is taken");
        }
        let error = comes(&mut body).await.expect_err("it is given up");
        assert!(matches!(why(&*error), Trouble::Refused(Refusal::UploadTooSlow)));
    }
}
