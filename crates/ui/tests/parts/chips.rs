use atrium_ui::{Chip, ChipsField};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, drawn, focused, has_focus, key, press, type_into};

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

#[wasm_bindgen_test]
async fn chips_are_one_step_of_tab_and_the_arrows_go_through_them() {
    let text = RwSignal::new(String::new());
    let chips = RwSignal::new(Vec::<Chip>::new());
    let edited = RwSignal::new(String::new());
    let taken_back = RwSignal::new(0);
    let page = Page::with(move || {
        let commit = move |raw: String| {
            let value = raw.trim_end_matches(',').to_owned();
            chips.update(|chips| chips.push(Chip { value, ..Chip::default() }));
        };
        let remove = move |value: String| chips.update(|chips| chips.retain(|chip| chip.value != value));
        view! {
            <ChipsField
                label="Emails"
                text
                chips
                on_commit=commit
                on_remove=remove
                on_edit=Callback::new(move |value: String| edited.set(value))
                on_back=Callback::new(move |()| taken_back.update(|count| *count += 1))
            />
        }
        .into_any()
    })
    .await;
    let field = page.find("textarea");
    field.focus().unwrap();
    for value in ["a@x,", "b@x,", "c@x,"] {
        type_into(&field, value).await;
    }
    drawn().await;
    assert_eq!(page.count("button[tabindex='0']"), 1);
    let name = || focused().get_attribute("aria-label").unwrap_or_default();
    page.button("Edit a@x").focus().unwrap();
    key("ArrowRight").await;
    assert_eq!(name(), "Remove a@x");
    key("End").await;
    assert_eq!(name(), "Remove c@x");
    key("ArrowLeft").await;
    assert_eq!(name(), "Edit c@x");
    assert_eq!(page.find("button[tabindex='0']").get_attribute("aria-label").as_deref(), Some("Edit c@x"));
    press(&page.button("Edit c@x")).await;
    assert_eq!(edited.get_untracked(), "c@x");
    // Whichever goes, one is left that Tab stops at.
    press(&page.button("Remove c@x")).await;
    drawn().await;
    assert_eq!(page.count("button[tabindex='0']"), 1);
    field.focus().unwrap();
    key("Backspace").await;
    assert_eq!((taken_back.get_untracked(), values(chips)), (1, "a@x b@x".to_owned()));
}
