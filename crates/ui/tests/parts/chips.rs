use atrium_ui::{Chip, ChipsField};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, focused, has_focus, key, press, type_into};

type Parts = (Page, RwSignal<Vec<Chip>>, RwSignal<Vec<String>>);

async fn field() -> Parts {
    let text = RwSignal::new(String::new());
    let chips = RwSignal::new(Vec::<Chip>::new());
    let raws = RwSignal::new(Vec::<String>::new());
    let commit = move |raw: String| {
        raws.update(|raws| raws.push(raw.clone()));
        let parts = raw.split([',', ';', ' ', '\n']).filter(|part| !part.is_empty());
        chips.update(|chips| {
            chips.extend(parts.map(|value| Chip { value: value.to_owned(), ..Chip::default() }))
        });
    };
    let page = Page::with(move || {
        let remove = move |value: String| chips.update(|chips| chips.retain(|chip| chip.value != value));
        view! { <ChipsField label="Emails" text chips on_commit=commit on_remove=remove /> }.into_any()
    })
    .await;
    (page, chips, raws)
}

fn values(chips: RwSignal<Vec<Chip>>) -> String {
    chips.with_untracked(|chips| chips.iter().map(|chip| chip.value.as_str()).collect::<Vec<_>>().join(" "))
}

#[wasm_bindgen_test]
async fn typed_and_pasted_text_becomes_chips() {
    let (page, chips, raws) = field().await;
    let text = page.find("textarea");
    text.focus().unwrap();
    type_into(&text, "a@x").await;
    assert_eq!(values(chips), "");
    key("Enter").await;
    type_into(&text, "b@x,").await;
    type_into(&text, "c@x\nd@x; e@x").await;
    assert_eq!(values(chips), "a@x b@x c@x d@x e@x");
    assert_eq!(raws.with_untracked(Vec::len), 3);
    assert_eq!(page.count("li"), 5);

    type_into(&text, " ").await;
    key("Enter").await;
    assert_eq!(raws.with_untracked(Vec::len), 3, "nothing but separators is nothing");
    type_into(&text, "f@x").await;
    text.blur().unwrap();
    crate::page::settled().await;
    assert!(values(chips).ends_with("f@x"), "leaving the field takes the text in");
}

#[wasm_bindgen_test]
async fn removing_moves_the_focus_on() {
    let (page, chips, _) = field().await;
    let text = page.find("textarea");
    text.focus().unwrap();
    type_into(&text, "a@x b@x c@x ").await;
    press(&page.button("Remove a@x")).await;
    assert_eq!(values(chips), "b@x c@x");
    assert_eq!(focused().get_attribute("aria-label").as_deref(), Some("Remove b@x"));
    press(&page.button("Remove c@x")).await;
    assert!(has_focus(&text));
    key("Backspace").await;
    assert_eq!(values(chips), "");
}
