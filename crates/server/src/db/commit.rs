//! The end of a change. There is no way to make one last without saying what the audit log tells
//! of it, or that it is none of an organization's.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use sea_orm::{DbErr, RuntimeErr, sqlx};
use serde::Serialize;

use super::Change;
use crate::audit::Entry;
use crate::billing::outbox;
use crate::error::{ApiError, Result, is_duplicate};
use crate::request::{self, idempotency};

impl Change {
    /// Makes the change last and gives back the answer to its request (status 200). The entry of
    /// the audit log, and the answer for a repeated request with the same `Idempotency-Key`, are
    /// saved with it: all of it or nothing.
    ///
    /// # Errors
    /// Whatever the database says, and 409 where another server answered the same request first;
    /// nothing was changed then, but where [`is_uncertain`] says so.
    pub async fn answer<T: Serialize>(self, entry: Entry, answer: T) -> Result<Json<T>> {
        let body = serde_json::to_string(&answer).map_err(ApiError::internal)?;
        self.finish(entry, Some(&body)).await?;
        Ok(Json(answer))
    }

    /// As [`Change::answer`], for an answer with a secret that is shown once: it is not kept, and
    /// a repeated request is told so.
    ///
    /// # Errors
    /// As [`Change::answer`].
    pub async fn answer_once<T: Serialize>(self, entry: Entry, answer: T) -> Result<Json<T>> {
        self.finish(entry, None).await?;
        Ok(Json(answer))
    }

    /// Makes the change last where no request is answered with it: in a command, or as a step on
    /// the way to an answer.
    ///
    /// # Errors
    /// Whatever the database says; nothing was changed then, but where [`is_uncertain`] says so.
    pub async fn commit(self, entry: Entry) -> std::result::Result<(), DbErr> {
        self.note(entry).await?;
        self.end().await
    }

    /// Makes a change last that is none of an organization's: of accounts and sessions, of the
    /// server's own keeping.
    ///
    /// # Errors
    /// Whatever the database says; nothing was changed then, but where [`is_uncertain`] says so.
    pub async fn commit_unrecorded(self) -> std::result::Result<(), DbErr> {
        self.end().await
    }

    /// Saves what follows from any change of an organization: the entry of the audit log, and what
    /// the provider of payments has to be told of its seats.
    async fn note(&self, entry: Entry) -> std::result::Result<(), DbErr> {
        outbox::seats_changed(&self.transaction, entry.organization()).await?;
        entry.save(&self.transaction).await
    }

    async fn finish(self, entry: Entry, body: Option<&str>) -> Result<()> {
        self.note(entry).await?;
        let context = request::current();
        if let Some(context) = &context
            && let Some(repeatable) = context.repeatable()
        {
            match idempotency::keep(&self.transaction, repeatable, StatusCode::OK, body).await {
                Err(error) if is_duplicate(&error) => {
                    context.was_overtaken();
                    return Err(ApiError::conflict("This was done by another request with the same key.")
                        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1")));
                }
                kept => kept?,
            }
        }
        self.end().await?;
        if let Some(context) = context {
            context.answer_is_kept();
        }
        Ok(())
    }

    async fn end(self) -> std::result::Result<(), DbErr> {
        self.transaction.commit().await.map_err(|error| {
            if was_cut_off(&error) {
                DbErr::Conn(RuntimeErr::Internal(format!("{UNCERTAIN}: {error}")))
            } else {
                error
            }
        })
    }
}

const UNCERTAIN: &str = "the database was lost while it committed a change";

/// Whether a change may have been made although committing it failed: the database was lost
/// between being told to and saying that it was done.
pub fn is_uncertain(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(RuntimeErr::Internal(text)) if text.starts_with(UNCERTAIN))
}

fn was_cut_off(error: &DbErr) -> bool {
    let DbErr::Query(RuntimeErr::SqlxError(error)) = error else { return false };
    match &**error {
        // Ended by its administrator (57) or its connection (08), after it was told to commit.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| code.starts_with("57P") || code.starts_with("08"))
        }
        _ => true,
    }
}
