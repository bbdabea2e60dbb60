//! Sentences that the tests are written in.

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    KeyboardEventInit,
};

type Mounted = UnmountHandle<leptos::tachys::view::any_view::AnyViewState>;

/// A view in the page, gone with the value.
pub struct Page {
    root: HtmlElement,
    mounted: Option<Mounted>,
}

impl Page {
    pub async fn with(view: impl FnOnce() -> AnyView + 'static) -> Self {
        let root: HtmlElement = document().create_element("main").unwrap().unchecked_into();
        document().body().unwrap().append_child(&root).unwrap();
        let mounted = Some(mount_to(root.clone(), view));
        settled().await;
        Self { root, mounted }
    }

    pub fn find(&self, selector: &str) -> HtmlElement {
        self.try_find(selector).unwrap_or_else(|| panic!("no {selector} in {}", self.root.inner_html()))
    }

    pub fn try_find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    pub fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).unwrap().length()
    }

    /// The button with this label or accessible name.
    pub fn button(&self, name: &str) -> HtmlElement {
        let all = self.root.query_selector_all("button").unwrap();
        (0..all.length())
            .filter_map(|i| all.item(i))
            .map(|node| node.unchecked_into::<HtmlElement>())
            .find(|button| name_of(button) == name)
            .unwrap_or_else(|| panic!("no button {name:?} in {}", self.root.inner_html()))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.mounted.take());
        self.root.remove();
    }
}

/// The accessible name, as far as these parts go: `aria-label`, else what is visible.
pub fn name_of(element: &HtmlElement) -> String {
    element.get_attribute("aria-label").unwrap_or_else(|| element.inner_text().trim().to_owned())
}

/// Until effects have run and what they caused is in the page.
pub async fn settled() {
    for _ in 0..3 {
        leptos::task::tick().await;
    }
    pause(20).await;
}

/// Waits until the browser has drawn what there is.
pub async fn drawn() {
    for _ in 0..2 {
        let promise = js_sys::Promise::new(&mut |done, _| {
            window().request_animation_frame(&done).unwrap();
        });
        let _ = promise.await;
    }
}

pub async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |done, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds).unwrap();
    });
    let _ = promise.await;
}

pub async fn press(element: &HtmlElement) {
    element.focus().unwrap();
    element.click();
    settled().await;
}

/// Sends a key to what has the focus; true if somebody took it.
pub async fn key(name: &str) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(name);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let taken = !focused().dispatch_event(&event).unwrap();
    settled().await;
    taken
}

pub async fn type_into(element: &HtmlElement, text: &str) {
    match element.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => area.set_value(text),
        None => element.unchecked_ref::<HtmlInputElement>().set_value(text),
    }
    let init = EventInit::new();
    init.set_bubbles(true);
    element.dispatch_event(&Event::new_with_event_init_dict("input", &init).unwrap()).unwrap();
    settled().await;
}

pub fn focused() -> Element {
    document().active_element().unwrap()
}

pub fn has_focus(element: &HtmlElement) -> bool {
    focused() == *element.unchecked_ref::<Element>()
}
