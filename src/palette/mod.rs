//! The command palette: goes to any organization, workspace, settings page or member, and does what is
//! done often. A part of its own (`src/parts.rs`), which loads when somebody reaches for the palette, or
//! once the page has nothing else to do. Here are its frame and the ways to it.

mod acts;
mod content;
mod entries;
mod found;
mod recent;

use std::rc::Rc;
use std::time::Duration;

use atrium_ui::{Dialog, Icon, IconView, el, is_dialog_open};
use atrium_words::t;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

use self::content::content;
use self::entries::Asked;
use crate::parts::{Build, Coming, Frame, part, prepare};

/// A browser that cannot tell when it has nothing to do gets the part after so long.
const IDLE: Duration = Duration::from_secs(2);

/// The palette, whether it is open or not. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Palette {
    open: RwSignal<bool>,
    /// Whether the dialog "New organization" is open.
    creating: RwSignal<bool>,
    /// What it asked the server, kept from one time to the next, under an owner that lives as long as the
    /// shell.
    asked: StoredValue<Option<Asked>>,
    keeper: StoredValue<Owner>,
}

impl Palette {
    /// A closed one. `creating` opens the dialog "New organization".
    pub fn new(creating: RwSignal<bool>) -> Self {
        Self {
            open: RwSignal::new(false),
            creating,
            asked: StoredValue::new(None),
            keeper: StoredValue::new(Owner::new()),
        }
    }

    fn prepare(self) {
        prepare(load(self));
    }
}

/// Makes what is in the palette.
type Make = fn(Palette) -> AnyView;

/// The way into the part.
///
/// # Errors
/// Where its file could not be loaded; the next call tries again.
#[cfg(not(test))]
#[allow(unsafe_code)] // what the macro writes: an import that only the loader calls
#[leptos::wasm_split::wasm_split(palette, wasm_split_path = leptos::wasm_split, fallible)]
fn palette_part() -> Result<Make, SplitLoaderError> {
    Ok(content)
}

/// The tests in wasm are one part.
#[cfg(test)]
async fn palette_part() -> Result<Make, SplitLoaderError> {
    Ok(content)
}

fn load(palette: Palette) -> Coming {
    Box::pin(async move {
        let make = palette_part().await.ok()?;
        Some(Rc::new(move || make(palette)) as Build)
    })
}

/// The dialog "Command palette", and the keys that open it: Ctrl+K or Cmd+K, in texts as well, but not over
/// another dialog.
#[component]
pub fn CommandPalette(
    /// The palette.
    palette: Palette,
) -> impl IntoView {
    let open = palette.open;
    let keys = window_event_listener_untyped("keydown", move |event| {
        let is_wanted = event.dyn_ref().is_some_and(opens) && !event.default_prevented();
        let is_open = open.get_untracked();
        if is_wanted && (is_open || !is_dialog_open()) {
            event.prevent_default(); // the browser has a use of its own for these keys
            if !is_open {
                open.set(true);
            }
        }
    });
    on_cleanup(move || keys.remove());
    let idle = move || palette.prepare();
    if request_idle_callback_with_handle(idle).is_err() {
        set_timeout(idle, IDLE);
    }
    let content = move || {
        let content = part(Frame::Dialog, t!("the command palette"), move || load(palette));
        el("div").class("palette").with(content).view()
    };
    view! { <Dialog title=t!("Command palette") open>{content()}</Dialog> }
}

/// Whether these keys open the palette, whatever script the keyboard writes.
fn opens(pressed: &KeyboardEvent) -> bool {
    let key = pressed.key();
    let is_k = key.eq_ignore_ascii_case("k") || (!key.is_ascii() && pressed.code() == "KeyK");
    is_k && (pressed.ctrl_key() || pressed.meta_key()) && !pressed.alt_key() && !pressed.shift_key()
}

/// The button that opens the palette, and shows its keys.
#[component]
pub fn PaletteButton(
    /// The palette.
    palette: Palette,
) -> impl IntoView {
    let platform = window().navigator().platform().unwrap_or_default();
    let is_apple = platform.starts_with("Mac") || platform.starts_with("iP");
    el("button")
        .attr("type", "button")
        .class("palette-button")
        .attr("aria-label", t!("Command palette"))
        .attr("aria-haspopup", "dialog")
        .attr("aria-keyshortcuts", "Control+K Meta+K")
        .attr("title", t!("Go to anything, or do something"))
        .on("pointerenter", move |_| palette.prepare())
        .on("focus", move |_| palette.prepare())
        .on("click", move |_| palette.open.set(true))
        .with(view! { <IconView icon=Icon::Search /> })
        .with(el("kbd").with(if is_apple { "⌘K" } else { t!("Ctrl K") }))
        .view()
}
