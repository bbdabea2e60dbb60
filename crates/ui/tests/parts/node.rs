use atrium_ui::{Button, dynamic, el};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, has_focus, settled};

#[wasm_bindgen_test]
async fn what_is_built_anew_keeps_its_place_and_the_focus() {
    let times = RwSignal::new(0);
    let page = Page::with(move || {
        let row = move || {
            let name = format!("Remove {}", times.get());
            let row = el("p").with(el("i")).with(view! { <Button label="Remove" name=name /> }.into_any());
            row.view()
        };
        el("div").with(el("b")).with(dynamic(row)).with(el("u")).view()
    })
    .await;
    page.button("Remove 0").focus().unwrap();
    times.set(1);
    settled().await;
    assert_eq!(page.count("button"), 1);
    assert!(has_focus(&page.button("Remove 1")));
    assert_eq!(page.count("b + p + u"), 1, "it moved");
}

#[wasm_bindgen_test]
async fn attributes_and_text_follow_their_signals_and_stop_with_the_element() {
    let said = RwSignal::new(Some("one".to_owned()));
    let there = RwSignal::new(true);
    let page = Page::with(move || {
        let words = Signal::from(said);
        dynamic(
            move || {
                if there.get() { el("p").live("title", words).with(words).view() } else { ().into_any() }
            },
        )
    })
    .await;
    let paragraph = page.find("p");
    assert_eq!((paragraph.title(), paragraph.inner_text()), ("one".to_owned(), "one".to_owned()));
    said.set(None);
    settled().await;
    assert_eq!((paragraph.get_attribute("title"), paragraph.inner_text()), (None, String::new()));
    there.set(false);
    settled().await;
    assert_eq!(page.count("p"), 0);
    said.set(Some("two".to_owned()));
    settled().await;
    assert_eq!(paragraph.inner_text(), "", "an element that is gone still listens");
}
