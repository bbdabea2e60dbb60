use atrium_ui::{Button, Dialog, MessageRegion, Messages};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, press, settled};

#[wasm_bindgen_test]
async fn the_same_text_shows_once_and_goes_where_it_is_heard() {
    let kept = RwSignal::new(None::<Messages>);
    let page = Page::with(move || {
        let messages = Messages::provide();
        kept.set(Some(messages));
        view! { <MessageRegion messages /> }.into_any()
    })
    .await;
    let messages = kept.get_untracked().unwrap();
    assert_eq!(
        page.count("[role='alert']") + page.count("[role='status']"),
        2,
        "live regions from the start"
    );
    messages.failure("It failed.", None);
    messages.failure("It failed.", None);
    messages.success("It worked.");
    settled().await;
    assert_eq!(page.count("[role='alert'] .message"), 1);
    assert_eq!(page.count("[role='status'] .message"), 1);
    press(&page.find("[role='alert'] button")).await;
    assert_eq!(page.count("[role='alert'] .message"), 0);
    messages.failure("One", None);
    messages.failure("Two", None);
    messages.clear_failures();
    settled().await;
    assert_eq!(page.count(".message"), 1);
}

#[wasm_bindgen_test]
async fn try_again_does_and_takes_the_message_away() {
    let kept = RwSignal::new(None::<Messages>);
    let tried = RwSignal::new(0);
    let page = Page::with(move || {
        let messages = Messages::provide();
        kept.set(Some(messages));
        view! { <MessageRegion messages /> }.into_any()
    })
    .await;
    let retry = Callback::new(move |()| tried.update(|n| *n += 1));
    kept.get_untracked().unwrap().failure("It failed.", Some(retry));
    settled().await;
    press(&page.button("Try again")).await;
    assert_eq!(tried.get_untracked(), 1);
    assert_eq!(page.count(".message"), 0);
}

#[wasm_bindgen_test]
async fn the_region_goes_into_an_open_dialog_and_comes_back() {
    let open = RwSignal::new(false);
    let there = RwSignal::new(true);
    let page = Page::with(move || {
        let messages = Messages::provide();
        view! {
            <Button label="Open" on_press=move |()| open.set(true) />
            {move || there.get().then(|| view! {
                <Dialog title="Form" open><Button label="Save" on_press=move |()| messages.failure("No.", None) /></Dialog>
            }.into_any())}
            <MessageRegion messages />
        }
        .into_any()
    })
    .await;
    press(&page.button("Open")).await;
    press(&page.button("Save")).await;
    let region = page.find(".messages");
    assert_eq!(region.parent_element().map(|home| home.tag_name()).as_deref(), Some("DIALOG"));
    assert!(region.matches(":popover-open").unwrap());
    there.set(false); // the dialog goes without being closed first
    settled().await;
    let home = page.find(".messages").parent_element().unwrap();
    assert_eq!(home.unchecked_ref::<web_sys::Element>().class_name(), "messages-home");
    assert_eq!(page.count("[role='alert'] .message"), 1, "the message was lost with the dialog");
    assert!(page.find(".messages").matches(":popover-open").unwrap());
}

#[wasm_bindgen_test]
async fn a_success_goes_by_itself_but_not_from_under_the_focus() {
    let kept = RwSignal::new(None::<Messages>);
    let page = Page::with(move || {
        let messages = Messages::provide();
        kept.set(Some(messages));
        view! { <MessageRegion messages /> }.into_any()
    })
    .await;
    let messages = kept.get_untracked().unwrap();
    messages.success("Read this.");
    messages.success("Not this.");
    settled().await;
    page.find(".message button").focus().unwrap();
    crate::page::pause(10_200).await;
    assert_eq!(page.count(".message"), 1);
    assert_eq!(page.find(".message p").inner_text(), "Read this.");
}
