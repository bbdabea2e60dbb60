//! An answer that is written while it is read from the database, some at a time.

use std::marker::PhantomData;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use sea_orm::DbErr;
use serde::Serialize;

/// Parts that may wait for a slow reader.
const WAITING: usize = 2;

/// A JSON object of the shape of `T`, still being written.
pub struct Streamed<T> {
    body: Channel<Bytes, DbErr>,
    _shape: PhantomData<T>,
}

/// Writes the object: what was begun is ended by [`Writer::end`], or seen to be cut off.
pub struct Writer {
    sender: Sender<Bytes, DbErr>,
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
        let (sender, body) = Channel::new(WAITING);
        let mut part = b"{".to_vec();
        write(&mut part, field);
        part.push(b':');
        write(&mut part, text);
        (Self { body, _shape: PhantomData }, Writer { sender, part, is_first: true })
    }
}

impl<T> IntoResponse for Streamed<T> {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, json)], Body::new(self.body)).into_response()
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
        self.send().await
    }

    /// Ends the connection, since the answer that was begun cannot be finished: the reader sees
    /// that it is cut off.
    pub fn fail(self, stopped: Stopped) {
        if let Stopped::Failed(error) = stopped {
            tracing::error!(%error, "an answer was cut off");
            self.sender.abort(error);
        }
    }

    async fn send(&mut self) -> Result<(), Stopped> {
        let part = std::mem::take(&mut self.part);
        self.sender.send_data(part.into()).await.map_err(|_| Stopped::Gone)
    }
}

fn write<T: Serialize + ?Sized>(part: &mut Vec<u8>, value: &T) {
    // What is written here are texts, lists and structures, and memory takes them all.
    if let Err(error) = serde_json::to_writer(part, value) {
        tracing::error!(%error, "an answer cannot be written");
    }
}
