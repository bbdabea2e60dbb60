//! An answer that is written while it is read from the database, some at a time.

use std::io;
use std::marker::PhantomData;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use sea_orm::DbErr;
use serde::Serialize;
use tokio::sync::mpsc;

/// Parts that may wait for a slow reader.
const WAITING: usize = 2;

/// A part of the object; `None` after the last. Where the parts cease without it, the answer is cut
/// off, whatever the reason is.
type Part = Option<Bytes>;

/// A JSON object of the shape of `T`, still being written.
pub struct Streamed<T> {
    parts: mpsc::Receiver<Part>,
    _shape: PhantomData<T>,
}

/// Writes the object: what was begun is ended by [`Writer::end`], or seen to be cut off.
pub struct Writer {
    sender: mpsc::Sender<Part>,
    part: Vec<u8>,
    is_first: bool,
}

/// Why nothing more is written.
#[derive(Debug)]
pub enum Stopped {
    /// The reader went away.
    Gone,
    /// The database failed.
    Failed(DbErr),
}

impl From<DbErr> for Stopped {
    fn from(error: DbErr) -> Self {
        Self::Failed(error)
    }
}

impl<T> Streamed<T> {
    /// The answer, and what writes it: an object with a field of one text, and then lists.
    pub fn new(field: &str, text: &str) -> (Self, Writer) {
        let (sender, parts) = mpsc::channel(WAITING);
        let mut part = b"{".to_vec();
        write(&mut part, field);
        part.push(b':');
        write(&mut part, text);
        (Self { parts, _shape: PhantomData }, Writer { sender, part, is_first: true })
    }
}

impl<T> IntoResponse for Streamed<T> {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        // The parts and their end come through one channel. `http_body_util`'s has a second one for
        // errors, takes the end of that for the end of the body, and so may lose the last part: a
        // list cut off in an answer that says that it is whole.
        let body = stream::try_unfold(self.parts, async |mut parts| match parts.recv().await {
            Some(Some(part)) => Ok(Some((part, parts))),
            Some(None) => Ok(None),
            None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the answer was cut off")),
        });
        ([(header::CONTENT_TYPE, json)], Body::from_stream(body)).into_response()
    }
}

impl Writer {
    /// Begins a list, as a field of the object.
    pub fn begin(&mut self, field: &str) {
        self.part.push(b',');
        write(&mut self.part, field);
        self.part.extend_from_slice(b":[");
        self.is_first = true;
    }

    /// Items of the list. Waits while the reader is slow.
    ///
    /// # Errors
    /// Where the reader went away.
    pub async fn items<I: Serialize>(&mut self, items: &[I]) -> Result<(), Stopped> {
        for item in items {
            if !std::mem::take(&mut self.is_first) {
                self.part.push(b',');
            }
            write(&mut self.part, item);
        }
        self.send().await
    }

    /// Ends the list.
    pub fn finish(&mut self) {
        self.part.push(b']');
    }

    /// Ends the object.
    ///
    /// # Errors
    /// Where the reader went away.
    pub async fn end(mut self) -> Result<(), Stopped> {
        self.part.push(b'}');
        self.send().await?;
        self.sender.send(None).await.map_err(|_| Stopped::Gone)
    }

    /// Ends the connection, since the answer that was begun cannot be finished: the reader sees
    /// that it is cut off.
    pub fn fail(self, stopped: Stopped) {
        if let Stopped::Failed(error) = stopped {
            tracing::error!(%error, "an answer was cut off");
        }
    }

    async fn send(&mut self) -> Result<(), Stopped> {
        let part = std::mem::take(&mut self.part);
        self.sender.send(Some(part.into())).await.map_err(|_| Stopped::Gone)
    }
}

fn write<T: Serialize + ?Sized>(part: &mut Vec<u8>, value: &T) {
    // What is written here are texts, lists and structures, and memory takes them all.
    if let Err(error) = serde_json::to_writer(part, value) {
        tracing::error!(%error, "an answer cannot be written");
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use axum::body::HttpBody;
    use tokio::runtime;

    use super::*;

    /// How often something is tried that goes wrong seldom.
    const TIMES: usize = 20_000;

    fn answer() -> (Body, Writer) {
        let (answer, writer) = Streamed::<()>::new("name", "Acme");
        (answer.into_response().into_body(), writer)
    }

    /// Reads as a server would that asks again and again, not only when it is woken.
    fn read(body: Body) -> Result<Vec<u8>, String> {
        let mut body = pin!(body);
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        loop {
            match body.as_mut().poll_frame(&mut context) {
                Poll::Pending => std::thread::yield_now(),
                Poll::Ready(None) => return Ok(all),
                Poll::Ready(Some(Ok(frame))) => all.extend_from_slice(&frame.into_data().unwrap()),
                Poll::Ready(Some(Err(error))) => return Err(error.to_string()),
            }
        }
    }

    // Read outside of the runtime, which would have a reader pause that never waits.
    #[test]
    fn the_last_part_is_never_lost() {
        let writers = runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        for time in 0..TIMES {
            let (body, mut writer) = answer();
            writers.spawn(async move {
                writer.begin("list");
                writer.items(&[1, 2]).await.unwrap();
                writer.finish();
                writer.end().await.unwrap();
            });
            assert_eq!(read(body).unwrap(), br#"{"name":"Acme","list":[1,2]}"#, "time {time}");
        }
    }

    #[tokio::test]
    async fn what_is_not_ended_is_seen_to_be_cut_off() {
        let (body, mut writer) = answer();
        writer.begin("list");
        writer.items(&[1]).await.unwrap();
        // As a panic would.
        drop(writer);
        assert_eq!(read(body).unwrap_err(), "the answer was cut off");
        let (body, writer) = answer();
        writer.fail(Stopped::Failed(DbErr::Custom("full".to_owned())));
        assert_eq!(read(body).unwrap_err(), "the answer was cut off");
    }
}
