//! Many changes: a few at a time, with a result for each.

mod results;

use std::pin::Pin;
use std::rc::Rc;

use atrium_ui::spawn;
use atrium_words::t;
use leptos::prelude::*;

pub use results::results;

use super::take_back::Back;
use crate::api::{ApiError, Failure, Pace};

/// One of many changes.
pub trait One: Clone + Send + Sync + 'static {
    /// Whom it is about.
    fn email(&self) -> &str;
    /// The name of the workspace that it is about, where it is about one.
    fn workspace(&self) -> Option<&str>;
    /// Told that somebody else changed the person, whoever tries again decides anew.
    fn look_away(&mut self) {}
}

/// What is said of a change that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// In a few words: "Done".
    pub note: String,
    /// What takes it back; none where there was nothing to do, or nothing can.
    pub back: Option<Box<Back>>,
}

impl Made {
    /// It was made, and this takes it back.
    pub fn with(back: Option<Back>) -> Self {
        Self { note: t!("Done").to_owned(), back: back.map(Box::new) }
    }

    /// It need not be made, or there is more to say of it.
    pub fn noted(note: impl Into<String>) -> Self {
        Self { note: note.into(), back: None }
    }
}

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// It was made, or need not be.
    Done(Made),
    /// It was not, and why.
    Failed(String),
}

/// A change that is under way.
pub type Making = Pin<Box<dyn Future<Output = Result<Made, ApiError>>>>;

/// How the changes are made.
#[derive(Clone)]
pub struct Job<T> {
    /// So many calls may be on their way at once.
    pub at_once: usize,
    /// Makes one.
    pub make: Rc<dyn Fn(T) -> Making>,
    /// Called when no more are made.
    pub ended: Rc<dyn Fn()>,
}

/// Many changes and what became of them. Cheap to copy.
pub struct Run<T: 'static> {
    /// What is said to the server only as fast as it wants to hear.
    pub pace: Pace,
    /// The changes, each with what became of it.
    pub items: StoredValue<Vec<(T, Outcome)>>,
    /// Which of them are to be made yet, the next one last.
    queue: StoredValue<Vec<usize>>,
    /// How many were made.
    pub done: RwSignal<usize>,
    /// How many were not.
    pub failed: RwSignal<usize>,
    /// How many there are.
    pub total: RwSignal<usize>,
    /// How many calls are on their way.
    active: StoredValue<usize>,
    /// Whether changes are being made.
    pub running: RwSignal<bool>,
    /// Why it ended before all were tried.
    pub halted: RwSignal<Option<String>>,
}

impl<T: 'static> Clone for Run<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: 'static> Copy for Run<T> {}

impl<T: One> Run<T> {
    /// Nothing to do yet.
    pub fn new() -> Self {
        Self {
            pace: Pace::new(),
            items: StoredValue::new(Vec::new()),
            queue: StoredValue::new(Vec::new()),
            done: RwSignal::new(0),
            failed: RwSignal::new(0),
            total: RwSignal::new(0),
            active: StoredValue::new(0),
            running: RwSignal::new(false),
            halted: RwSignal::new(None),
        }
    }

    /// Makes these changes.
    pub fn begin(self, items: Vec<T>, job: &Job<T>) {
        self.total.set(items.len());
        self.done.set(0);
        self.items.set_value(items.into_iter().map(|item| (item, Outcome::Open)).collect());
        self.go_on(job);
    }

    /// Makes those that are not made yet: the ones that failed, and the ones that were stopped.
    pub fn go_on(self, job: &Job<T>) {
        if self.running.get_untracked() {
            return;
        }
        let open = self.items.with_value(|items| {
            let open = |(_, (_, outcome)): &(usize, &(T, Outcome))| !matches!(outcome, Outcome::Done(_));
            items.iter().enumerate().filter(open).map(|(index, _)| index).rev().collect::<Vec<_>>()
        });
        if open.is_empty() {
            return;
        }
        let workers = job.at_once.min(open.len());
        self.queue.set_value(open);
        self.failed.set(0);
        self.halted.set(None);
        self.pace.begin();
        self.active.set_value(workers);
        self.running.set(true);
        for _ in 0..workers {
            let job = job.clone();
            spawn(async move {
                self.work(&job).await;
                let left = self.active.try_update_value(|active| {
                    *active -= 1;
                    *active
                });
                if left == Some(0) {
                    self.running.set(false);
                    (job.ended)();
                }
            });
        }
    }

    /// Makes one change after the other, until none is left or it was stopped.
    async fn work(self, job: &Job<T>) {
        while !self.pace.is_stopped() {
            let Some(Some(index)) = self.queue.try_update_value(Vec::pop) else { return };
            let Some(item) = self.items.try_with_value(|items| items.get(index).map(|one| one.0.clone()))
            else {
                return;
            };
            let Some(item) = item else { continue };
            let result = (job.make)(item).await;
            let mut seen_anew = false;
            let outcome = match result {
                Ok(made) => {
                    let _ = self.done.try_update(|done| *done += 1);
                    Outcome::Done(made)
                }
                Err(error) => {
                    let _ = self.failed.try_update(|failed| *failed += 1);
                    if error.ends_all() {
                        // The others would fail just so.
                        self.pace.stop();
                        let _ = self.halted.try_set(Some(error.sentence.clone()));
                    }
                    seen_anew = error.failure == Failure::Changed;
                    Outcome::Failed(error.sentence)
                }
            };
            let _ = self.items.try_update_value(|items| {
                if let Some(one) = items.get_mut(index) {
                    if seen_anew {
                        one.0.look_away();
                    }
                    one.1 = outcome;
                }
            });
        }
    }
}
