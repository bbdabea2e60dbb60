use atrium_ui::{Checkbox, Select, SelectOption};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};

use crate::page::{Page, press, settled};

#[wasm_bindgen_test]
async fn a_select_shows_its_value_whatever_the_user_picked() {
    let value = RwSignal::new("user".to_owned());
    let options = RwSignal::new(vec![SelectOption::new("admin", "Admin"), SelectOption::new("user", "User")]);
    let wanted = RwSignal::new(Vec::<String>::new());
    let page = Page::with(move || {
        let ask = move |role| wanted.update(|wanted| wanted.push(role));
        view! { <Select label="Role of ada@acme.com" hide_label=true value options on_change=ask /> }
            .into_any()
    })
    .await;
    let select: HtmlSelectElement = page.find("select").unchecked_into();
    assert_eq!(select.value(), "user");
    select.set_value("admin");
    select.dispatch_event(&Event::new("change").unwrap()).unwrap();
    assert_eq!(wanted.get_untracked(), ["admin"]);
    assert_eq!(select.value(), "user", "it shows a choice that nobody took over");

    value.set("admin".to_owned());
    settled().await;
    assert_eq!(select.value(), "admin");
    options.update(|options| options.insert(0, SelectOption::new("viewer", "Viewer")));
    settled().await;
    assert_eq!(select.value(), "admin", "new options took the choice away");
}

#[wasm_bindgen_test]
async fn a_checkbox_springs_back_and_a_disabled_one_stays() {
    let wanted = RwSignal::new(0);
    let page = Page::with(move || {
        let ask = move |_| wanted.update(|n| *n += 1);
        view! {
            <Checkbox label="Research" checked=false on_change=ask />
            <Checkbox label="Production" checked=true on_change=ask disabled_reason="Admins are in all." />
        }
        .into_any()
    })
    .await;
    let free: HtmlInputElement = page.find("input").unchecked_into();
    press(&free).await;
    assert_eq!((wanted.get_untracked(), free.checked()), (1, false));
    let bound: HtmlInputElement = page.find("input[aria-disabled]").unchecked_into();
    press(&bound).await;
    assert_eq!((wanted.get_untracked(), bound.checked()), (1, true));
}
