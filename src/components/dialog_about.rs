//! A dialog that is about one thing.

use atrium_ui::{Dialog, DialogKind, derive, effect, optional};
use leptos::prelude::*;

/// A dialog that is open while there is something that it is about, with the title and the content
/// for that. `on_close` is asked when somebody wants to leave it; without one it is about nothing then.
pub fn dialog_about<T: Clone + Send + Sync + 'static>(
    about: RwSignal<Option<T>>,
    kind: DialogKind,
    on_close: Option<Callback<()>>,
    title: impl Fn(&T) -> String + Send + Sync + 'static,
    content: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let open = RwSignal::new(false);
    effect(move || open.set(about.with(Option::is_some)));
    let close = on_close.unwrap_or_else(|| Callback::new(move |()| about.set(None)));
    let title = derive(move || about.with(|about| about.as_ref().map(&title)).unwrap_or_default());
    let content = Callback::new(content);
    view! {
        <Dialog title kind open on_close=close>
            {optional(move || about.get().map(|about| content.run(about)))}
        </Dialog>
    }
    .into_any()
}
