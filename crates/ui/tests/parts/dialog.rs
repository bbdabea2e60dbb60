use atrium_ui::{Button, Dialog, DialogKind, TextField};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlDialogElement;

use crate::page::{Page, focused, has_focus, key, press, settled};

#[wasm_bindgen_test]
async fn it_opens_with_a_name_and_returns_the_focus() {
    let open = RwSignal::new(false);
    let page = Page::with(move || {
        view! {
            <Button label="Invite" on_press=move |()| open.set(true) />
            <Dialog title="Invite members" open>
                <TextField label="Name" value=RwSignal::new(String::new()) />
            </Dialog>
        }
        .into_any()
    })
    .await;
    assert_eq!(page.count("input"), 0, "content before it is open");

    press(&page.button("Invite")).await;
    let dialog: HtmlDialogElement = page.find("dialog").unchecked_into();
    assert!(dialog.open());
    let title = dialog.get_attribute("aria-labelledby").unwrap();
    assert_eq!(page.find(&format!("#{title}")).inner_text(), "Invite members");
    assert!(has_focus(&page.find("input")), "the first field has the focus");

    assert!(key("Escape").await);
    assert!(!dialog.open() && !open.get_untracked());
    assert_eq!(page.count("input"), 0, "content after it closed");
    assert!(has_focus(&page.button("Invite")));
}

#[wasm_bindgen_test]
async fn a_caller_that_decides_about_closing_is_asked_and_may_refuse() {
    let (open, asked) = (RwSignal::new(true), RwSignal::new(0));
    let page = Page::with(move || {
        view! {
            <Dialog title="Edit" open on_close=move |()| asked.update(|n| *n += 1)>
                <p>"Unsaved"</p>
            </Dialog>
        }
        .into_any()
    })
    .await;
    let dialog: HtmlDialogElement = page.find("dialog").unchecked_into();
    key("Escape").await;
    press(&page.button("Close")).await;
    assert_eq!(asked.get_untracked(), 2);
    assert!(dialog.open());
    open.set(false);
    settled().await;
    assert!(!dialog.open());
}

#[wasm_bindgen_test]
async fn an_alert_is_an_alertdialog_and_starts_on_the_safe_choice() {
    let open = RwSignal::new(true);
    let page = Page::with(move || {
        view! {
            <Dialog title="Remove bob?" open kind=DialogKind::Alert>
                <Button label="Remove" />
                <Button label="Cancel" autofocus=true />
            </Dialog>
        }
        .into_any()
    })
    .await;
    let dialog = page.find("dialog[role='alertdialog']");
    assert!(has_focus(&page.button("Cancel")));
    let beside = web_sys::MouseEvent::new("mousedown").unwrap();
    dialog.dispatch_event(&beside).unwrap();
    dialog.click();
    settled().await;
    assert!(open.get_untracked(), "a press beside it closed it");
}

#[wasm_bindgen_test]
async fn a_dialog_that_goes_with_its_page_leaves_nothing_modal() {
    let there = RwSignal::new(true);
    let open = RwSignal::new(false);
    let page = Page::with(move || {
        view! {
            <Button label="Open" on_press=move |()| open.set(true) />
            {move || there.get().then(|| view! { <Dialog title="Gone" open><p>"…"</p></Dialog> }.into_any())}
        }
        .into_any()
    })
    .await;
    press(&page.button("Open")).await;
    assert!(document().query_selector("dialog:modal").unwrap().is_some());
    there.set(false);
    settled().await;
    assert!(document().query_selector("dialog:modal").unwrap().is_none());
    assert_eq!(crate::page::name_of(&focused().unchecked_into()), "Open");
}
