//! Many calls, one after the other and a few at a time: they wait together where the server asks for
//! it, and stop together.

use std::future::Future;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::error::{ApiError, Failure};

/// Whoever has to wait longer, in seconds, is told instead.
const LONGEST_WAIT: u32 = 120;
/// How long to wait where the server does not say, in seconds.
const USUAL_WAIT: u32 = 5;
/// So often a call is made again that the server had too many of.
const TRIES: u32 = 8;

/// What many calls share. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Pace {
    /// For how long the server asked to wait, in seconds; `None` while it did not.
    pub waiting: RwSignal<Option<u32>>,
    /// Until when, in milliseconds.
    until: StoredValue<f64>,
    stopped: StoredValue<bool>,
}

impl Pace {
    /// Nobody waits.
    pub fn new() -> Self {
        Self { waiting: RwSignal::new(None), until: StoredValue::new(0.0), stopped: StoredValue::new(false) }
    }

    /// Begins anew after it was stopped.
    pub fn begin(self) {
        let _ = self.stopped.try_set_value(false);
    }

    /// No further call is made; those that are under way come to their end.
    pub fn stop(self) {
        let _ = self.stopped.try_set_value(true);
        let _ = self.waiting.try_set(None);
    }

    /// Whether nothing more is to be done: it was stopped, or the page that wanted it is gone.
    pub fn is_stopped(self) -> bool {
        self.stopped.try_get_value().unwrap_or(true)
    }

    /// Makes a call, later and again where the server asks to wait.
    ///
    /// # Errors
    /// Those of the call; [`Failure::TooMany`] also where it was stopped meanwhile, or the server asks
    /// to wait for more than two minutes.
    pub async fn run<T, F: Future<Output = Result<T, ApiError>>>(
        self,
        call: impl Fn() -> F,
    ) -> Result<T, ApiError> {
        let mut tried = 0;
        loop {
            self.wait().await;
            let error = match call().await {
                Err(error) if error.failure == Failure::TooMany => error,
                answer => return answer,
            };
            tried += 1;
            let seconds = error.wait.unwrap_or(USUAL_WAIT);
            if tried >= TRIES || seconds > LONGEST_WAIT || self.is_stopped() {
                return Err(error);
            }
            let until = js_sys::Date::now() + f64::from(seconds.max(1)) * 1000.0;
            let _ = self.until.try_update_value(|old| *old = old.max(until));
            let _ = self.waiting.try_set(Some(seconds.max(1)));
        }
    }

    async fn wait(self) {
        loop {
            let left = self.until.try_get_value().unwrap_or_default() - js_sys::Date::now();
            if left <= 0.0 || self.is_stopped() {
                break;
            }
            // In steps, so that stopping is noticed.
            sleep(left.min(200.0)).await;
        }
        if self.waiting.try_get_untracked().flatten().is_some() {
            let _ = self.waiting.try_set(None);
        }
    }
}

async fn sleep(milliseconds: f64) {
    #[allow(clippy::cast_possible_truncation)] // a fifth of a second at most
    let milliseconds = milliseconds.ceil() as i32;
    let promise = js_sys::Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    fn too_many(wait: u32) -> ApiError {
        ApiError::from_answer(429, Some(wait.to_string()), "")
    }

    #[wasm_bindgen_test]
    async fn a_call_is_made_again_after_the_time_that_the_server_asks_for() {
        let owner = Owner::new();
        owner.set();
        let pace = Pace::new();
        let made = Cell::new(0);
        let began = js_sys::Date::now();
        let answer = pace.run(|| {
            made.set(made.get() + 1);
            let number = made.get();
            async move { if number < 2 { Err(too_many(1)) } else { Ok(number) } }
        });
        assert_eq!(answer.await, Ok(2));
        assert!(js_sys::Date::now() - began >= 990.0, "it waited for a second");
        assert_eq!(pace.waiting.get_untracked(), None);
    }

    #[wasm_bindgen_test]
    async fn who_would_wait_for_long_or_was_stopped_is_told_instead() {
        let owner = Owner::new();
        owner.set();
        let pace = Pace::new();
        let refused = pace.run(|| async { Err::<(), _>(too_many(3_600)) }).await;
        assert_eq!(refused, Err(too_many(3_600)));
        pace.stop();
        let refused = pace.run(|| async { Err::<(), _>(too_many(1)) }).await;
        assert_eq!(refused, Err(too_many(1)));
        let other = ApiError::from_answer(409, None, "");
        assert_eq!(
            pace.run(|| async { Err::<(), _>(ApiError::from_answer(409, None, "")) }).await,
            Err(other)
        );
    }
}
