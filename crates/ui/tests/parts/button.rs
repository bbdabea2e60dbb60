use atrium_ui::Button;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, press, settled};

#[wasm_bindgen_test]
async fn a_busy_button_says_so_and_ignores_presses() {
    let pressed = RwSignal::new(0);
    let busy = RwSignal::new(None::<String>);
    let page = Page::with(move || {
        view! { <Button label="Send" busy on_press=move |()| pressed.update(|n| *n += 1) /> }.into_any()
    })
    .await;
    let button = page.find("button");
    press(&button).await;
    assert_eq!(pressed.get_untracked(), 1);
    let width = button.offset_width();

    busy.set(Some("…".to_owned()));
    settled().await;
    press(&button).await;
    assert_eq!(pressed.get_untracked(), 1);
    assert_eq!(button.get_attribute("aria-disabled").as_deref(), Some("true"));
    assert!(button.offset_width() >= width, "it shrank while busy");

    busy.set(None);
    settled().await;
    press(&button).await;
    assert_eq!(pressed.get_untracked(), 2);
    assert_eq!(button.get_attribute("aria-disabled"), None);
}

#[wasm_bindgen_test]
async fn a_disabled_button_keeps_focus_and_reason_and_does_not_submit() {
    let (pressed, sent) = (RwSignal::new(0), RwSignal::new(0));
    let page = Page::with(move || {
        view! {
            <form on:submit=move |event| {
                event.prevent_default();
                sent.update(|n| *n += 1);
            }>
                <Button
                    label="Add"
                    submit=true
                    disabled_reason="Only admins can add workspaces."
                    on_press=move |()| pressed.update(|n| *n += 1)
                />
            </form>
        }
        .into_any()
    })
    .await;
    let button = page.find("button");
    press(&button).await;
    assert_eq!((pressed.get_untracked(), sent.get_untracked()), (0, 0));
    assert!(crate::page::has_focus(&button));
    let id = button.get_attribute("aria-describedby").unwrap();
    assert_eq!(
        page.find(&format!("#{id}")).text_content().as_deref(),
        Some("Only admins can add workspaces.")
    );
}
