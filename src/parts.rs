//! Parts of the app that load when somebody wants them, so that nobody downloads what they never open.
//!
//! A part is entered through an `async fn` with `wasm_split` on it (`src/pages/settings.rs` and
//! `src/components/organizations_drawer.rs` have one each), which gives a function that is in the part;
//! `scripts/finish.mjs` takes the wasm apart by these. A page or a dialog that needs a part shows [`part`].

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use atrium_ui::{Button, Icon, InlineError, Skeleton, derive, dynamic, el, spawn, start_dialog};
use atrium_words::t;
use leptos::prelude::*;

use crate::components::{FailurePage, Shown};
use crate::config;

/// Makes what is shown, with code of the part.
pub type Build = Rc<dyn Fn() -> AnyView>;

/// A part on its way; nothing where its file could not be loaded.
pub type Coming = Pin<Box<dyn Future<Output = Option<Build>>>>;

/// Where something of a part is shown.
#[derive(Clone, Copy, PartialEq)]
pub enum Frame {
    /// It is the page.
    Page,
    /// It is in a dialog, which is open.
    Dialog,
}

/// What a part makes, once that is here: a skeleton before it, and a sentence with "Try again" where its
/// file could not be loaded. `load` asks for it, and may be asked again. `what` is what is loaded, as in
/// "Loading the settings".
pub fn part(frame: Frame, what: &'static str, load: impl Fn() -> Coming + 'static) -> AnyView {
    shared(frame, what, Box::new(load))
}

/// Begins to load a part, as when somebody reaches for what opens it. Whether that works shows when it is
/// opened.
pub fn prepare(coming: Coming) {
    spawn(async {
        let _ = coming.await;
    });
}

fn shared(frame: Frame, what: &'static str, load: Box<dyn Fn() -> Coming>) -> AnyView {
    let shown = RwSignal::new(Shown::Waiting);
    let built = StoredValue::new_local(None::<Build>);
    let load = StoredValue::new_local(load);
    let ask = move || {
        let mut coming = load.with_value(|load| load());
        // What is here already is shown at once: a dialog that opens has something to focus.
        if let Poll::Ready(build) = coming.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            shown.set(if build.is_some() { Shown::Ready } else { Shown::Failed });
            return built.set_value(build);
        }
        spawn(async move {
            let build = coming.await;
            // Gone after a new deployment: the page that is loaded anew shows what was wanted. Not for a
            // dialog: what it stands over stays as it is.
            if build.is_none() && frame == Frame::Page && config::renew().await {
                return;
            }
            let now = if build.is_some() { Shown::Ready } else { Shown::Failed };
            let _ = built.try_set_value(build);
            let is_gone = shown.try_set(now).is_some();
            if frame == Frame::Dialog && !is_gone {
                start_dialog();
            }
        });
    };
    ask();
    let retry = Callback::new(move |()| {
        shown.set(Shown::Waiting);
        ask();
    });
    dynamic(move || match (shown.get(), built.get_value()) {
        (Shown::Ready, Some(build)) => build(),
        (Shown::Failed, _) => failed(frame, what, retry),
        _ => view! { <Skeleton rows=6 label=t!("Loading {what}", what) /> }.into_any(),
    })
}

fn failed(frame: Frame, what: &'static str, retry: Callback<()>) -> AnyView {
    let why = t!(
        "This part of Atrium could not be downloaded. Nothing is lost. Check your connection, then try again. If it stays so, reload the page: a new version may have been put in place."
    );
    if frame == Frame::Page {
        let title = begun(&t!("{what} could not be loaded", what));
        let text = derive(move || why.to_owned());
        return view! { <FailurePage title text retry /> }.into_any();
    }
    let text = Some(format!("{} {why}", begun(&t!("{what} could not be loaded.", what))));
    let text = derive(move || text.clone());
    el("div")
        .class("part-failed")
        .with(view! { <InlineError text /> })
        .with(view! { <Button label=t!("Try again") icon=Icon::Refresh on_press=retry /> })
        .view()
}

/// A sentence that begins with a gap, with a capital.
fn begun(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
