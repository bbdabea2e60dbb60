//! Files with addresses in them: chosen, or dropped into the window.

use std::cell::Cell;

use atrium_ui::{Button, ButtonKind, Icon, all, el};
use atrium_words::t;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, Event, File, FileList, HtmlElement, HtmlInputElement};

/// Largest file that is read, in bytes: 500 addresses and much beside them.
const LARGEST_FILE: f64 = 1_000_000.0;

thread_local! {
    /// The number of the dialog that takes files.
    static NEWEST: Cell<u32> = const { Cell::new(0) };
}

fn files_of(list: Option<FileList>) -> Vec<File> {
    let Some(list) = list else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)).collect()
}

fn transfer(event: &Event) -> Option<web_sys::DataTransfer> {
    event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer)
}

fn has_files(event: &Event) -> bool {
    transfer(event).is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0))
}

/// Takes files that are let go anywhere in the window while the dialog is open: let go beside it, one would
/// else take the page's place, with all that was typed.
pub fn take_drops(dropping: RwSignal<bool>, read: Callback<Vec<File>>) {
    // Of the dialogs that take files the one that was opened last gets them.
    let number = NEWEST.with(|newest| {
        newest.set(newest.get() + 1);
        newest.get()
    });
    let is_newest = move || NEWEST.with(Cell::get) == number;
    let over = window_event_listener_untyped("dragover", move |event| {
        if has_files(&event) && is_newest() {
            event.prevent_default();
            let _ = dropping.try_set(true);
        }
    });
    let leave = window_event_listener_untyped("dragleave", move |_| _ = dropping.try_set(false));
    let drop = window_event_listener_untyped("drop", move |event| {
        let _ = dropping.try_set(false);
        if has_files(&event) && is_newest() {
            event.prevent_default();
            read.run(files_of(transfer(&event).and_then(|transfer| transfer.files())));
        }
    });
    on_cleanup(move || {
        [over, leave, drop].into_iter().for_each(|listener| listener.remove());
        NEWEST.with(|newest| newest.set(number - 1));
    });
}

/// The button that does what dropping does, for the keyboard.
pub fn file_choice(label: &'static str, read: Callback<Vec<File>>) -> AnyView {
    let input = el("input")
        .attr("type", "file")
        .attr("hidden", "")
        .attr("accept", ".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values")
        .attr("multiple", "")
        .on("change", move |event| {
            let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            else {
                return;
            };
            read.run(files_of(input.files()));
            input.set_value(""); // the same file again is a change again
        });
    let node = StoredValue::new_local(input.node().clone());
    let choose = Callback::new(move |()| {
        node.with_value(|node| node.dyn_ref::<HtmlElement>().into_iter().for_each(HtmlElement::click));
    });
    let button = view! { <Button label icon=Icon::Plus kind=ButtonKind::Quiet on_press=choose /> };
    all([button.into_any(), input.view()])
}

/// The text of a file, or why there is none.
pub async fn text_of(file: &File) -> Result<String, String> {
    let name = file.name();
    if file.size() > LARGEST_FILE {
        return Err(t!("{name} is too large: at most 1 MB of text is read.", name));
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| t!("{name} could not be read.", name))?;
    // A table of Excel's own format, a picture: not one of them is free of NUL.
    if text.contains('\0') {
        return Err(t!("{name} is no text. Save the list as CSV, then drop that file.", name));
    }
    Ok(text)
}
