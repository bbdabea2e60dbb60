//! The roles that the person gave members: a list that was read before does not show them, and nobody
//! is told that somebody else made a change that was their own.

use std::cell::RefCell;
use std::future::poll_fn;
use std::task::{Poll, Waker};

#[derive(Default)]
struct Log {
    /// How many roles were given.
    count: u32,
    /// Each: to which member, which role, and which of all it was. There are as many as one person
    /// changes, so they are looked through.
    given: Vec<(String, String, u32)>,
    /// The members who were removed.
    removed: Vec<String>,
    /// The members whose [`Turn`] it is.
    turns: Vec<String>,
    waiting: Vec<Waker>,
}

thread_local! {
    static LOG: RefCell<Log> = RefCell::default();
}

/// When something was read, among the person's own changes. Two pictures of the same are equal
/// whenever they were read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadAt(u32);

impl PartialEq for ReadAt {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl ReadAt {
    /// For what is read now.
    pub fn now() -> Self {
        Self(LOG.with_borrow(|log| log.count))
    }

    /// The id of the role that the person gave a member after this.
    pub fn role_given_since(self, identity: &str) -> Option<String> {
        LOG.with_borrow(|log| {
            let (_, role, number) = log.given.iter().rfind(|one| one.0 == identity)?;
            (*number > self.0).then(|| role.clone())
        })
    }
}

/// Notes that the person gave a member a role.
pub(super) fn note_role(identity: String, role: String) {
    LOG.with_borrow_mut(|log| {
        log.count += 1;
        log.given.retain(|one| one.0 != identity);
        log.given.push((identity, role, log.count));
    });
}

/// Whether the person gave a member the role that they have now.
pub fn gave_last(identity: &str, role: &str) -> bool {
    ReadAt::default().role_given_since(identity).is_some_and(|given| given == role)
}

/// Notes whether the person removed a member, or brought them back.
pub(super) fn note_removal(identity: &str, removed: bool) {
    LOG.with_borrow_mut(|log| {
        log.removed.retain(|one| one != identity);
        log.removed.extend(removed.then(|| identity.to_owned()));
    });
}

/// Whether the person removed somebody who is no member.
pub fn has_removed(identity: &str) -> bool {
    LOG.with_borrow(|log| log.removed.iter().any(|one| one == identity))
}

/// For as long as it is there, no other change of this person is made to a member.
pub struct Turn(String);

impl Turn {
    /// Waits until what was begun with a member is done: a change that follows before the one before
    /// was answered is made after it.
    pub async fn of(identity: &str) -> Self {
        poll_fn(|context| {
            LOG.with_borrow_mut(|log| {
                if log.turns.iter().any(|one| one == identity) {
                    log.waiting.push(context.waker().clone());
                    return Poll::Pending;
                }
                log.turns.push(identity.to_owned());
                Poll::Ready(())
            })
        })
        .await;
        Self(identity.to_owned())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let waiting = LOG.with_borrow_mut(|log| {
            log.turns.retain(|one| *one != self.0);
            std::mem::take(&mut log.waiting)
        });
        waiting.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::pin;
    use std::task::Context;

    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_role_counts_for_what_was_read_before_it_was_given() {
        let before = ReadAt::now();
        note_role("ann".to_owned(), "user".to_owned());
        let between = ReadAt::now();
        note_role("ann".to_owned(), "viewer".to_owned());
        assert_eq!(before.role_given_since("ann").as_deref(), Some("viewer"));
        assert_eq!(between.role_given_since("ann").as_deref(), Some("viewer"));
        assert_eq!(ReadAt::now().role_given_since("ann"), None);
        assert_eq!(before.role_given_since("bob"), None);
        assert!(gave_last("ann", "viewer") && !gave_last("ann", "user") && !gave_last("bob", "user"));
    }

    #[wasm_bindgen_test]
    fn who_was_brought_back_is_not_removed() {
        note_removal("erin", true);
        assert!(has_removed("erin") && !has_removed("frank"));
        note_removal("erin", false);
        assert!(!has_removed("erin"));
    }

    #[wasm_bindgen_test]
    async fn one_change_of_a_member_waits_for_the_other() {
        let first = Turn::of("carol").await;
        let mut context = Context::from_waker(Waker::noop());
        let mut second = pin!(Turn::of("carol"));
        assert!(second.as_mut().poll(&mut context).is_pending());
        drop(Turn::of("dave").await);
        assert!(second.as_mut().poll(&mut context).is_pending(), "somebody else's is another");
        drop(first);
        assert!(second.as_mut().poll(&mut context).is_ready());
    }
}
