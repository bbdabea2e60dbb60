//! Something asked from the API, kept as long as it is shown and asked again when it changes.

use atrium_ui::{spawn};
use leptos::prelude::*;

use super::error::ApiError;
use super::transport::Answer;

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
        Signal::derive(move || self.data.get().unwrap_or_default())
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
    let newest = StoredValue::new(0_u32);
    Effect::new(move |before: Option<String>| {
        made.again.track();
        let about = about();
        if before.as_ref().is_some_and(|before| *before != about) {
            made.data.set(None);
            made.error.set(None);
        }
        let number = newest.get_value() + 1;
        newest.set_value(number);
        let answer = fetch();
        made.loading.set(answer.is_some());
        if let Some(answer) = answer {
            spawn(async move {
                let result = answer.await;
                // The page may be gone, or may have asked anew.
                if newest.try_get_value() != Some(number) {
                    return;
                }
                made.loading.try_set(false);
                match result {
                    Ok(data) => {
                        made.error.try_set(None);
                        made.data.try_set(Some(data));
                    }
                    Err(error) => {
                        made.error.try_set(Some(error));
                    }
                }
            });
        }
        about
    });
    made
}
