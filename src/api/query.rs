//! Something asked from the API, kept as long as it is shown and asked again when it changes.

use atrium_domain::json::Json;
use atrium_ui::{derive, effect, spawn};
use leptos::prelude::*;

use super::error::ApiError;
use super::transport::{Answer, Pending, unreadable};

/// What a page asked for: the data, the failure, or neither yet. While it is asked again, the old
/// data stay; when it is about something else, they go at once.
pub struct Query<T: Send + Sync + 'static> {
    /// The newest data.
    pub data: RwSignal<Option<T>>,
    /// Why the newest attempt failed.
    pub error: RwSignal<Option<ApiError>>,
    /// Whether an answer is on its way.
    pub loading: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl<T: Send + Sync + 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Query<T> {}

impl<T: Clone + Send + Sync + 'static> Query<T> {
    /// Asks again.
    pub fn reload(&self) {
        self.again.update(|count| *count += 1);
    }

    /// The data, or what they are before the first answer.
    pub fn or_default(self) -> Signal<T>
    where
        T: Default,
    {
        derive(move || self.data.get().unwrap_or_default())
    }
}

/// Asks when it is made, and again whenever a signal that `about` or `fetch` reads changes.
///
/// `about` names the thing asked for: where that changes, data of the old thing are never shown
/// for the new one. `fetch` gives `None` where there is nothing to ask (yet). An answer that was
/// overtaken by a newer question is dropped.
pub fn query<T: Clone + Send + Sync + 'static>(
    about: impl Fn() -> String + 'static,
    fetch: impl Fn() -> Option<Answer<T>> + 'static,
) -> Query<T> {
    let made = Query {
        data: RwSignal::new(None),
        error: RwSignal::new(None),
        loading: RwSignal::new(false),
        again: RwSignal::new(0),
    };
    let data = made.data;
    let fetch = move || {
        let answer = fetch()?;
        let store: Box<dyn FnOnce(&Json) -> bool> = Box::new(move |json| {
            let read = (answer.read)(json);
            read.is_some_and(|read| data.try_set(Some(read)).is_none())
        });
        Some(Question { json: answer.json, store })
    };
    let core = Core {
        forget: Box::new(move || data.set(None)),
        about: Box::new(about),
        fetch: Box::new(fetch),
        error: made.error,
        loading: made.loading,
        again: made.again,
    };
    core.ask();
    made
}

/// A call that was sent, and what puts its answer where it belongs: whether it could be read.
struct Question {
    json: Pending,
    store: Box<dyn FnOnce(&Json) -> bool>,
}

/// What of a query does not depend on the kind of data; compiled once instead of once a query.
struct Core {
    about: Box<dyn Fn() -> String>,
    fetch: Box<dyn Fn() -> Option<Question>>,
    forget: Box<dyn Fn()>,
    error: RwSignal<Option<ApiError>>,
    loading: RwSignal<bool>,
    again: RwSignal<u32>,
}

impl Core {
    fn ask(self) {
        let newest = StoredValue::new((0_u32, None::<String>));
        effect(move || {
            self.again.track();
            let about = (self.about)();
            let (number, before) = newest.get_value();
            if before.is_some_and(|before| before != about) {
                (self.forget)();
                self.error.set(None);
            }
            let number = number + 1;
            newest.set_value((number, Some(about)));
            let question = (self.fetch)();
            self.loading.set(question.is_some());
            let Some(Question { json, store }) = question else { return };
            let (error, loading) = (self.error, self.loading);
            spawn(async move {
                let result = json.await;
                // The page may be gone, or may have asked anew.
                if newest.try_with_value(|newest| newest.0) != Some(number) {
                    return;
                }
                loading.try_set(false);
                let failed = match result {
                    Ok(json) if store(&json) => None,
                    Ok(_) => Some(unreadable()),
                    Err(error) => Some(error),
                };
                error.try_set(failed);
            });
        });
    }
}
