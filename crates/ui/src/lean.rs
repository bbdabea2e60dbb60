//! Leptos's reactive parts behind one compiled copy each.
//!
//! `Effect::new`, `Memo::new` and a closure in a view are compiled anew for every closure given to them, about
//! 1 KB each time (measured on this app: 84 closures in views were 110 KB of wasm before wasm-opt). Boxed closures
//! share one copy; what is lost is an indirect call that nobody can notice.

use leptos::prelude::*;

/// A part of a view that is built anew when a signal that it reads changes.
pub fn dynamic(view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    fn shared(view: Box<dyn Fn() -> AnyView + Send>) -> AnyView {
        (move || view()).into_any()
    }
    shared(Box::new(view))
}

/// A part of a view that is there while `shown` is.
pub fn when(
    shown: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + 'static,
) -> AnyView {
    let shown = memo(shown);
    dynamic(move || if shown.get() { view() } else { ().into_any() })
}

/// Runs once after the view is there, and again when a signal that it reads changes.
pub fn effect(run: impl Fn() + 'static) {
    fn shared(run: Box<dyn Fn()>) {
        Effect::new(move |_: Option<()>| run());
    }
    shared(Box::new(run));
}

/// A value computed from signals, which tells its readers only when it differs.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    fn shared<T: PartialEq + Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
        Memo::new(move |_| compute())
    }
    shared(Box::new(compute))
}

/// A value computed from signals anew each time it is read.
pub fn derive<T: Send + Sync + 'static>(compute: impl Fn() -> T + Send + Sync + 'static) -> Signal<T> {
    fn shared<T: Send + Sync + 'static>(compute: Box<dyn Fn() -> T + Send + Sync>) -> Signal<T> {
        Signal::derive(compute)
    }
    shared(Box::new(compute))
}

/// Runs a future to its end.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    fn shared(future: std::pin::Pin<Box<dyn Future<Output = ()>>>) {
        leptos::task::spawn_local(future);
    }
    shared(Box::pin(future));
}

/// A part of a view that may be nothing, built anew when a signal that it reads changes.
pub fn optional(view: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    dynamic(move || view().unwrap_or_else(|| ().into_any()))
}
